"""What a figure was before a goal was set.

The last 13 complete weeks, a quarter, make one figure: long enough that no single week decides, short enough to be how
things are now. A goal judged by month usually is so because little comes in; it rests on 6 complete months. The
figure is over all rows of that time, never a mean of weekly figures; a number of tickets per period and a level at the
end of each period are averaged, because only those can be compared with a period of the goal.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from goals import course, judgement
from goals.course import Piece, Scope
from goals.models import Goal
from kpiproject.calendars import default_worktime
from kpiproject.lib import intervals
from kpiproject.lib.intervals import Interval
from kpiproject.lib.periods import Grain, Period, local_day
from kpiproject.queries import agent_names, organisation
from metrics import queries
from metrics.kpi import Better, Kpi, Total

PERIODS: Final = {Grain.WEEK: 13, Grain.MONTH: 6}
LEAST: Final = 3
"""So many complete periods with data a baseline needs."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """`value` is None, with n = 0, where fewer than three complete periods were measured. `end` is the day after.

    `periods` of the `wanted` ones have data. `value` of a Total and of a Stock is the mean over them.
    """

    value: float | None
    n: int
    low: float | None
    high: float | None
    start: date | None
    end: date | None
    periods: int
    wanted: int


NOTHING: Final = Baseline(value=None, n=0, low=None, high=None, start=None, end=None, periods=0, wanted=0)


def measure(kpi: Kpi, *, dimension: str, member: str, grain: str, clock: str, before: date) -> Baseline:
    """The figure over the last complete periods that are over before a day, or today if that is earlier.

    Raises BadQuestion.
    """
    house = organisation()
    scope = Scope(
        kpi=kpi,
        dimension=dimension,
        member=member,
        grain=Grain(grain),
        clock=clock,
        zone=house.time_zone,
        week_start=house.week_start,
    )
    wanted = PERIODS[scope.grain]
    today = local_day(timezone.now(), house.time_zone)
    period = course.window(scope, before=min(before, today), today=today, most=wanted)
    found = course.pieces(scope, period, least_rows=1)
    if len(found) < LEAST:
        return Baseline(value=None, n=0, low=None, high=None, start=None, end=None, periods=len(found), wanted=wanted)
    span = Period(found[0].start, found[-1].end, period.zone)
    value, n, interval = _mean(found, kpi) if scope.adds_up else _whole(scope, span)
    low, high = interval or (None, None)
    return Baseline(
        value=value, n=n, low=low, high=high, start=span.start, end=span.end, periods=len(found), wanted=wanted
    )


def fill(goal: Goal) -> Baseline:
    """Measure a goal's baseline as of now and write it into the goal, which is not saved. Raises BadQuestion."""
    kpi = queries.find_kpi(goal.kpi)
    found = measure(
        kpi,
        dimension=goal.dimension,
        member=goal.member,
        grain=goal.grain,
        clock=clock_of(kpi),
        before=goal.start,
    )
    write(goal, kpi, found)
    return found


def write(goal: Goal, kpi: Kpi, found: Baseline) -> None:
    """What was measured, with the clock, the direction and the definition that count from now on. Nothing is saved."""
    goal.baseline, goal.baseline_n = found.value, found.n
    goal.baseline_low, goal.baseline_high = found.low, found.high
    goal.baseline_start, goal.baseline_end = found.start, found.end
    goal.baseline_at = timezone.now()
    goal.clock = clock_of(kpi)
    goal.revision = kpi.revision
    goal.direction = direction(kpi, goal)
    told = {"baseline_periods": found.periods, "baseline_wanted": found.wanted, "member_name": member_name(goal)}
    goal.outlook = goal.outlook | told | {"zone": organisation().time_zone}


def clear(goal: Goal) -> None:
    """Of a goal without a KPI nothing was measured, and more milestones done are better. Nothing is saved."""
    goal.baseline, goal.baseline_n, goal.baseline_at = None, 0, None
    goal.baseline_low = goal.baseline_high = goal.baseline_start = goal.baseline_end = None
    goal.clock, goal.revision, goal.direction = "", 1, Goal.Direction.HIGHER
    goal.target_high, goal.outlook = None, {}


def is_computing(goal: Goal) -> bool:
    """Whether the baseline of a goal would be measured from figures that are about to change."""
    kpi = queries.find_kpi(goal.kpi)
    scope = judgement.scope_of(goal, kpi)
    today = local_day(timezone.now(), scope.zone)
    before = min(goal.start or today, today)
    period = course.window(scope, before=before, today=today, most=PERIODS[scope.grain])
    return judgement.is_computing(kpi, period)


def clock_of(kpi: Kpi) -> str:
    """The clock in which a goal of this KPI is judged from now on: the organisation's own."""
    return kpi.clock(has_calendar=default_worktime() is not None)


def direction(kpi: Kpi, goal: Goal) -> str:
    """The KPI's own; where neither direction is better in itself, and for a range that the baseline lies above or
    beneath, the one in which the target lies."""
    if goal.target is None:  # a draft that is still being written
        return Goal.Direction.LOWER if kpi.better is Better.LOWER else Goal.Direction.HIGHER
    end = goal.target if goal.target_high is None else goal.aim.end(goal.baseline)
    if kpi.better is Better.NEITHER or (goal.aim.is_range and end is not None):
        is_lower = goal.baseline is not None and end is not None and end < goal.baseline
        return Goal.Direction.LOWER if is_lower else Goal.Direction.HIGHER
    return Goal.Direction.LOWER if kpi.better is Better.LOWER else Goal.Direction.HIGHER


def member_name(goal: Goal) -> str:
    """What the goal's member is called, kept with the goal so that lists need not look for it."""
    names = agent_names([goal.member]) if goal.dimension == "agent" else {}
    return names.get(goal.member, goal.member)


def _whole(scope: Scope, span: Period) -> tuple[float | None, int, Interval | None]:
    (point,) = queries.told(scope.question(span.start, span.end, Grain.ALL)).points
    interval = Interval(point.low, point.high) if point.low is not None and point.high is not None else None
    return point.value, point.n, interval


def _mean(found: list[Piece], kpi: Kpi) -> tuple[float, int, Interval | None]:
    """Of a Total n is its rows, of a Stock the levels. Those of neighbouring periods are alike, so that nothing can be
    said about the interval of their mean."""
    values = [piece.value for piece in found]
    total = sum(values)
    square = sum(value * value for value in values)
    if kpi.shape is not Total:
        return total / len(values), len(values), None
    return total / len(values), sum(piece.n for piece in found), intervals.mean(len(values), total, square)
