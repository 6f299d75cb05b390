"""The breakdown of a figure by the members of a dimension: sorted, with the small ones marked, and the rest folded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import lines, presentation, queries
from metrics.kpi import Breakdown, Kpi, Share, Stock, Total
from metrics.lines import Line
from metrics.queries import Figures, Point, Question

SMALL_N: Final = 5
"""A figure that rests on fewer says little; it is shown greyed."""
MOST_SHOWN: Final = 20
MOST_UNFOLDED: Final = 500
_MOST_TOGETHER: Final = 5000
"""So many members, say customers, are put together into one line; a database takes no longer list of names."""


@dataclass(frozen=True, kw_only=True)
class Part:
    line: Line
    is_small: bool


@dataclass(frozen=True, kw_only=True)
class Parts:
    """`rest` is the one line of the `folded` members that have none of their own; None where such figures cannot be
    put together."""

    figures: Figures
    shown: list[Part]
    rest: Part | None
    folded: int

    @property
    def lines(self) -> list[Line]:
        return [part.line for part in self.shown]


def parts(question: Question, names: Callable[[Sequence[str]], Mapping[str, str]], *, sort: str, most: int) -> Parts:
    """The figures of a question with `by`. Those with the most behind them have lines of their own."""
    figures = queries.told(question)
    called = names([point.member or "" for point in figures.points])
    found = lines.by_member(figures, called)
    # One line for one member would say less than its own.
    most = most + 1 if len(found) == most + 1 else most
    shown, folded = found[:most], found[most:]
    rest = _rest(question, figures, folded) if folded else None
    return Parts(
        figures=figures,
        shown=[Part(line=line, is_small=is_small(figures.kpi, line.point)) for line in _sorted(shown, sort)],
        rest=rest,
        folded=len(folded),
    )


def is_small(kpi: Kpi, point: Point) -> bool:
    """Whether a figure rests on too few to say much. A number of rows is what it is."""
    if kpi.shape in (Total, Stock):
        return False
    return 0 < (point.whole or 0 if kpi.shape is Share else point.n) < SMALL_N


def _rest(question: Question, figures: Figures, folded: Sequence[Line]) -> Part | None:
    point = _together(question, figures, [line.point for line in folded])
    if point is None:
        return None
    label = ngettext("%(count)s other", "%(count)s others", len(folded)) % {"count": len(folded)}
    return Part(line=lines.of_point(figures, point, label), is_small=is_small(figures.kpi, point))


def _together(question: Question, figures: Figures, points: Sequence[Point]) -> Point | None:
    """One figure of several members: asked for anew, because no mean of figures is the figure."""
    if figures.kpi.shape is Breakdown or len(points) > _MOST_TOGETHER:
        return None
    if figures.kpi.shape is Share:
        return _shares(points)
    where = {**question.where, question.by: [point.member or "" for point in points]}
    return queries.told(replace(question, by="", where=where)).points[0]


def _shares(points: Sequence[Point]) -> Point:
    part, whole = sum(point.part or 0 for point in points), points[0].whole
    excluded: dict[str, int] = {}
    for point in points:
        for reason, count in point.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + count
    value = 100 * part / whole if whole else None
    return replace(
        points[0],
        member=None,
        value=value,
        n=sum(point.n for point in points),
        part=part,
        low=None,
        high=None,
        excluded=excluded,
    )


_KEYS: Final[Mapping[str, Callable[[Line], Any]]] = {
    "name": lambda line: line.label.casefold(),
    "value": lambda line: line.point.value,
    "n": lambda line: line.point.n,
    "left_out": lambda line: line.excluded,
}


def _sorted(found: Sequence[Line], sort: str) -> list[Line]:
    """By a column, from the highest on where it has a minus; what has no value comes last either way."""
    key = _KEYS.get(sort.removeprefix("-"))
    if key is None:
        return list(found)
    known = [line for line in found if key(line) is not None]
    unknown = [line for line in found if key(line) is None]
    return [*sorted(known, key=key, reverse=sort.startswith("-")), *unknown]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column by which the breakdown can be sorted: `to` is the sorting that a click brings."""

    name: str
    to: str
    direction: str  # ascending, descending or none
    is_numeric: bool


def headings(kpi: Kpi, dimension: str, sort: str) -> list[Heading]:
    """The columns of the breakdown in order; the first click sorts names from A on, and numbers from the highest on."""
    columns = [("name", capfirst(presentation.dimension(dimension))), ("value", _("Value"))]
    columns += [] if kpi.shape in (Total, Stock) else [("n", presentation.counted_noun(kpi))]
    columns.append(("left_out", _("Left out")))
    return [_heading(code, text, sort or "-n") for code, text in columns]


def _heading(code: str, text: str, sort: str) -> Heading:
    first, other = (code, f"-{code}") if code == "name" else (f"-{code}", code)
    is_sorted = sort.removeprefix("-") == code
    direction = ("descending" if sort.startswith("-") else "ascending") if is_sorted else "none"
    return Heading(name=text, to=other if sort == first else first, direction=direction, is_numeric=code != "name")
