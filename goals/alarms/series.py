"""The complete periods behind many rules, with one question for all rules that watch the same figure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from goals import course
from goals.course import LEAST_ROWS, Scope
from kpiproject.lib.periods import Grain, Period, grain_start, local_day
from kpiproject.models import Organisation
from metrics import basis, queries
from metrics.kpi import Kpi
from metrics.queries import Freshness, Point, Question

LONG: Final = {Grain.DAY: 56, Grain.WEEK: 26, Grain.MONTH: 18}
"""So many periods say what is normal."""
SHORT: Final = 12
"""So many are looked at for a limit, also after a week without a worker."""
_MOST_POINTS: Final = 4000


@dataclass(frozen=True, kw_only=True)
class Group:
    """One figure, for everybody or for members of one dimension."""

    kpi: Kpi
    dimension: str
    grain: Grain
    clock: str


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A complete day, week or month. `value` is None where too little was measured to say anything; `is_empty` says
    that nothing was, and None that it is before anything was ever recorded."""

    start: date
    end: date
    value: float | None
    low: float | None
    high: float | None
    n: int
    is_empty: bool | None


class Series:
    """Asks for figures as they stand now, in the organisation's time zone."""

    def __init__(self, house: Organisation, now: datetime) -> None:
        self.house = house
        self.today = local_day(now, house.time_zone)
        self._fresh: Freshness | None = None

    def is_computing(self, kpi: Kpi, period: Period) -> bool:
        """Whether these figures are about to change, so that nothing should be said of them."""
        if self._fresh is None:
            self._fresh = queries.freshness(self.house.time_zone, all_change=not basis.is_current())
        return self._fresh.is_computing(kpi, period)

    def window(self, group: Group, most: int) -> Period:
        """The last so many complete periods whose rows count for good."""
        return course.window(self._scope(group), before=self.today, today=self.today, most=most)

    def window_until(self, end: date, grain: Grain, most: int) -> Period:
        """The last so many periods up to the end of one of them."""
        start = end
        for _ in range(most):
            start = grain_start(start - timedelta(days=1), grain, self.house.week_start)
        return Period(start, end, self.house.time_zone)

    def pieces(self, group: Group, members: Iterable[str], period: Period) -> dict[str, list[Piece]]:
        """All periods of every member, oldest first. Raises BadQuestion."""
        known = queries.extent(group.kpi, self.house.time_zone)
        starts = [part.period for part in period.split(group.grain, self.house.week_start)]
        found: dict[str, dict[date, Point]] = defaultdict(dict)
        for chunk in _chunks(sorted(set(members)), len(starts)):
            for point in queries.told(self._question(group, chunk, period)).points:
                day = point.start.date() if isinstance(point.start, datetime) else point.start
                found[point.member or ""][day] = point
        return {
            member: [self._piece(group, part, found[member].get(part.start), known) for part in starts]
            for member in members
        }

    def glanced(self, kpis: Iterable[Kpi], grain: Grain, period: Period) -> dict[Group, list[Piece]]:
        """All periods of these KPIs for everybody, in a number of queries that hardly grows. Those of which nothing
        was measured are left out; medians may be approximate."""
        found = {}
        for one in queries.glance(period, grain=grain, codes=[kpi.code for kpi in kpis]):
            if any(point.value is not None for point in one.series):
                group = Group(kpi=one.kpi, dimension="", grain=grain, clock=one.clock or "")
                known = queries.extent(one.kpi, self.house.time_zone)
                parts = [part.period for part in period.split(grain, self.house.week_start)]
                pairs = zip(parts, one.series, strict=True)
                found[group] = [self._piece(group, part, point, known) for part, point in pairs]
        return found

    def _piece(self, group: Group, part: Period, point: Point | None, known: Period | None) -> Piece:
        is_counted = self._scope(group).adds_up
        is_within = known is not None and known.start <= part.start < known.end
        n = point.n if point else 0
        is_measured = point is not None and (is_within if is_counted else n >= LEAST_ROWS)
        value = point.value if point and is_measured else None
        is_early = known is not None and part.start < known.start
        is_empty = not is_within if group.kpi.is_stock else n == 0
        return Piece(
            start=part.start,
            end=part.end,
            value=value,
            low=point.low if point and value is not None else None,
            high=point.high if point and value is not None else None,
            n=max(n, 0),
            is_empty=None if is_early else is_empty,
        )

    def _question(self, group: Group, members: Sequence[str], period: Period) -> Question:
        where = {group.dimension: list(members)} if group.dimension else {}
        return Question(
            code=group.kpi.code,
            start=period.start,
            end=period.end,
            grain=group.grain,
            by=group.dimension,
            where=where,
            clock=group.clock,
        )

    def _scope(self, group: Group) -> Scope:
        return Scope(
            kpi=group.kpi,
            dimension=group.dimension,
            member="",
            grain=group.grain,
            clock=group.clock,
            zone=self.house.time_zone,
            week_start=self.house.week_start,
        )


def _chunks(members: Sequence[str], periods: int) -> Iterator[Sequence[str]]:
    """So many members that their points can be answered at once."""
    size = max(1, _MOST_POINTS // max(periods, 1))
    for first in range(0, len(members), size):
        yield members[first : first + size]
