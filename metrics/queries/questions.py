"""What can be asked about a KPI, and the form of every answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.calendars import measures_business_time
from kpiproject.lib.periods import Grain, Period, Slice, local_day
from kpiproject.queries import organisation
from metrics import definitions, frames
from metrics.dimensions import OVERLAPPING, askable, divisible
from metrics.kpi import BUSINESS, CLOCKS, Kpi

FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2200, 1, 1)
MOST_POINTS: Final = 5000
"""So many periods, or periods times members, are answered at once."""
LEAST_DAYS: Final[Mapping[Grain, int]] = {
    Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90, Grain.YEAR: 365,
}  # fmt: skip
_DAY = timedelta(days=1)


class BadQuestion(ValueError):  # noqa: N818 (reads better than BadQuestionError where it is caught)
    """A question about something that does not exist; the message says what there is instead."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A KPI over local days from `start` on, up to and without `end` (None: the first, the last day with facts).

    `by` names a dimension: one point for each of its members instead of the overall. `where` keeps only rows whose
    member of a dimension is among those given. `clock` is "business", "calendar" or "" for the organisation's own.
    `at` asks for a stock at one instant instead of a period; None asks for now where no period is given either.
    """

    code: str
    start: date | None = None
    end: date | None = None
    grain: Grain = Grain.ALL
    by: str = ""
    where: Mapping[str, Iterable[str]] = field(default_factory=dict)
    clock: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """A KPI over one period for one member (None: overall). `value` is None where there is nothing to measure.

    Of a stock, `end` is None and `value` is the level at the period's end, or at the instant `start` if that is a
    datetime. Percentages and points are per hundred, durations are seconds and `value` is their median. `low` and
    `high` bound the value with 95 %. `approximate` marks quantiles out of a histogram, right within 2 %.
    `provisional` is the value with the rows that may still change, which `excluded` counts as "too_recent". `beside`
    has other figures that belong beside this one, `notes` what must be said with it. One that
    `is_withheld` says too little about a person to be told, so that only its n is left.
    """

    start: date | datetime
    end: date | None
    complete: bool = True
    member: str | None = None
    value: float | None = None
    n: int = 0
    part: float | None = None
    whole: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    approximate: bool = False
    provisional: float | None = None
    provisional_n: int | None = None
    beside: Mapping[str, float | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_withheld: bool = False


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The answer to a question. `clock` is None where the KPI is not a duration, `by` the dimension of the points."""

    kpi: Kpi
    clock: str | None
    zone: str
    as_of: datetime
    period: Period | None
    points: list[Point]
    by: str = ""

    @property
    def parts_overlap(self) -> bool:
        """Whether a row may count in several members, so that these do not add up to the whole."""
        return self.by in OVERLAPPING


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question that was checked, with everything it leaves open filled in. Without a period there are no facts."""

    kpi: Kpi
    period: Period | None
    slices: list[Slice]
    by: str
    where: dict[str, frozenset[str]]
    clock: str
    zone: str
    now: datetime
    at: datetime | None

    @property
    def last_mature_day(self) -> date:
        """The last day whose rows count for good; every day where the KPI needs no time to mature."""
        if not self.kpi.matures_after_days:
            return date.max
        return local_day(self.now, self.zone) - timedelta(days=self.kpi.matures_after_days + 1)

    @property
    def is_simple(self) -> bool:
        """Whether one dimension at most is named, and none that only facts know, so that rollups have the answer."""
        named = {*self.where, self.by} - {""}
        return len(named) <= 1 and named <= {*self.kpi.dimensions}

    @property
    def is_ahead(self) -> bool:
        """Whether it asks for an instant that has not come yet, of which nobody knows anything."""
        return self.at is not None and self.at > self.now

    @property
    def overall(self) -> "Asked":
        """The same rows as one figure."""
        return replace(self, by="", slices=self.period.split(Grain.ALL) if self.period else [])


def check(question: Question) -> Asked:
    """Fill in what the question leaves open. Raises BadQuestion with one sentence."""
    kpi = find_kpi(question.code)
    where = {dimension: frozenset(members) for dimension, members in question.where.items()}
    what = _("a dimension of %(kpi)s") % {"kpi": kpi.code}
    for dimension in where:
        _known(dimension, askable(kpi), what)
    if question.by:
        _known(question.by, divisible(kpi), what)
    ours = organisation()
    zone = ours.time_zone
    at = _instant(question, kpi)
    period = None if at else _period(question, kpi, zone)
    if period and question.grain in LEAST_DAYS:
        refuse_too_many(1 + (period.days - 1) // LEAST_DAYS[question.grain])
    return Asked(
        kpi=kpi,
        period=period,
        slices=period.split(question.grain, ours.week_start) if period else [],
        by=question.by,
        where=where,
        clock=clock(question, kpi),
        zone=zone,
        now=timezone.now(),
        at=at,
    )


def refuse_without_dimension(asked: Asked) -> None:
    """Raises BadQuestion for the overall figure of what only exists by a dimension."""
    kpi = asked.kpi
    if kpi.needs_dimension and not asked.by:
        message = _("%(kpi)s has no overall figure: ask for it by a dimension, for example by %(dimension)s.")
        raise BadQuestion(message % {"kpi": kpi.code, "dimension": kpi.default_by})


def refuse_too_many(points: int) -> None:
    """Raises BadQuestion where nobody could read the answer, or wait for it."""
    if points > MOST_POINTS:
        message = _(
            "These would be %(points)s figures; at most %(most)s are given at once. Ask for fewer or longer steps."
        )
        raise BadQuestion(message % {"points": points, "most": MOST_POINTS})


def find_kpi(code: str) -> Kpi:
    """The KPI with this code. Raises BadQuestion naming the nearest ones."""
    if found := definitions.find(code):
        return found
    _known(code, definitions.kpis(), _("a KPI"))
    raise BadQuestion(_("There is no KPI “%(code)s”.") % {"code": code})


def _known(name: str, names: Iterable[str], what: str) -> None:
    names = list(names)
    if name in names:
        return
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    hint = _("did you mean %(names)s?") if near else _("there are %(names)s.")
    found = hint % {"names": _(" or ").join(near) if near else ", ".join(names)}
    raise BadQuestion(_("“%(name)s” is not %(what)s; %(hint)s") % {"name": name, "what": what, "hint": found})


def clock(question: Question, kpi: Kpi) -> str:
    """The clock in which a question is answered; "" for what is no duration. Raises BadQuestion."""
    if question.clock:
        _known(question.clock, CLOCKS, _("a calendar"))
    if not kpi.has_clocks:
        return ""
    has_calendar = measures_business_time()
    if question.clock == BUSINESS and not has_calendar:
        raise BadQuestion(
            _("The organisation has no business calendar yet; ask for calendar time, or set a default calendar.")
        )
    usual = kpi.clock(has_calendar=has_calendar)
    return usual if kpi.on_the_wall else question.clock or usual


def _instant(question: Question, kpi: Kpi) -> datetime | None:
    has_period = bool(question.start or question.end) or question.grain is not Grain.ALL
    if question.at is None:
        return None if has_period or not kpi.is_level else timezone.now()
    if not kpi.is_level:
        message = _("%(kpi)s is counted over a period, so there is no figure at an instant; give a start and an end.")
        raise BadQuestion(message % {"kpi": kpi.code})
    if has_period:
        raise BadQuestion(_("Ask for a stock at an instant or over a period, not both."))
    _within_reason(question.at.date())
    return question.at.astimezone(UTC)


def _period(question: Question, kpi: Kpi, zone: str) -> Period | None:
    """What the question names, filled up with the days that have facts; None if that leaves nothing."""
    for given in (question.start, question.end):
        if given:
            _within_reason(given)
    found = None if question.start and question.end else extent(kpi, zone)
    start = question.start or (found.start if found else question.end and question.end - _DAY)
    end = question.end or (found.end if found else start and start + _DAY)
    if start is None or end is None:
        return None
    if question.start is None:
        start = min(start, end - _DAY)
    if question.end is None:
        end = max(end, start + _DAY)
    if start >= end:
        message = _("The period starts on %(start)s and ends before %(end)s; it must end after it starts.")
        raise BadQuestion(message % {"start": start, "end": end})
    return Period(start, end, zone)


def _within_reason(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        message = _("%(day)s is out of reach; give days from %(first)s to %(last)s.")
        raise BadQuestion(message % {"day": day, "first": FIRST_DAY, "last": LAST_DAY})


def extent(kpi: Kpi, zone: str) -> Period | None:
    """From the first to the last local day with a fact of the KPI's frame; None if there is none. What does not add up
    rests on all of its frames: whoever has only ever bought has no day of signing up."""
    names = {kpi.frame} if kpi.adds_up else set(kpi.frames)
    found = [ends for ends in map(frames.extent, names) if ends is not None]
    if not found:
        return None
    first, last = min(start for start, _ in found), max(end for _, end in found)
    return Period(local_day(first, zone), local_day(last, zone) + _DAY, zone)
