"""What every chapter is built from: the organisation and one instant, up to which figures reach."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, Literal, NotRequired, TypedDict, TypeVar, cast

from kpiproject.documents.tree import Block
from kpiproject.lib.periods import Grain, Period, grain_start, local_day
from kpiproject.models import Organisation
from kpiproject.queries import organisation
from metrics import basis
from metrics.dimensions import PERSONAL
from metrics.queries import Freshness, freshness

T = TypeVar("T")
MONTHS: Final = 12


class Figure(TypedDict):
    """A rule in force, a value that was measured, or something that passes by itself, such as the next date.

    `label` says what it is, `words` what it says. Of the text of a section, `digest` tells two editions apart, and
    `blocks` is how many of the section's blocks a person has written; what is generated comes after them, and after
    that the `note_blocks` of the note beneath it. Where several belong together, such as those of one goal, `whole`
    names it and `part` which of them this is. `section` is the section in which it stands. A text `is_inside` if its
    section is for the people of the house.
    """

    label: str
    words: str
    kind: Literal["rule", "value", "passing", "text"]
    digest: NotRequired[str]
    whole: NotRequired[str]
    part: NotRequired[str]
    blocks: NotRequired[int]
    note_blocks: NotRequired[int]
    section: NotRequired[str]
    is_inside: NotRequired[bool]


@dataclass(frozen=True, kw_only=True)
class Built:
    """The generated part of a chapter, and every figure in it by name. `is_empty`: it only says that there is
    nothing."""

    blocks: list[Block]
    figures: dict[str, Figure] = field(default_factory=dict)
    is_empty: bool = False


@dataclass(frozen=True)
class Context:
    """One draft. Nothing in it may ask what time it is: `as_of` decides."""

    as_of: datetime
    house: Organisation
    _read: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def at(cls, as_of: datetime) -> "Context":
        return cls(as_of=as_of, house=organisation())

    @property
    def zone(self) -> str:
        return self.house.time_zone

    @cached_property
    def today(self) -> date:
        return local_day(self.as_of, self.zone)

    @cached_property
    def freshness(self) -> Freshness:
        """How far the figures reach, as it was known at the instant."""
        found = freshness(self.zone, all_change=not basis.is_current())
        last = min(found.last, self.today) if found.last else None
        return replace(found, as_of=self.as_of, today=self.today, last=last)

    def once(self, read: "Callable[[Context], T]") -> T:
        """What several chapters need is read once."""
        if read not in self._read:
            self._read[read] = read(self)
        return cast("T", self._read[read])

    @property
    def year(self) -> Period:
        """As far as figures of the manual reach back."""
        return self.last_months(MONTHS)

    def last_months(self, count: int) -> Period:
        """The last complete months before the instant."""
        end = grain_start(self.today, Grain.MONTH)
        start = end
        for _month in range(count):
            start = grain_start(start - timedelta(days=1), Grain.MONTH)
        return Period(start, end, self.zone)


def is_personal(dimension: str) -> bool:
    """Whether what is told apart by it tells about single people, which the manual never does."""
    return dimension == "agent" or dimension in PERSONAL


def rule(label: str, words: str) -> Figure:
    return {"label": label, "words": words, "kind": "rule"}


def value(label: str, words: str) -> Figure:
    return {"label": label, "words": words, "kind": "value"}


def passing(label: str, words: str) -> Figure:
    return {"label": label, "words": words, "kind": "passing"}


def part_of(whole: str, part: str, figure: Figure) -> Figure:
    """The same figure as one of several that belong together."""
    return figure | {"whole": whole, "part": part}
