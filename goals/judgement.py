"""What a goal's figures say about it, written into the goal; nothing is saved here.

A goal is judged by its complete periods alone. As long as a forecast is possible its status follows the chance of
reaching the target; when it is over, its last periods decide. Where nothing can be said the reason says why.

The numbers behind it are in `Goal.outlook`: `periods` that count of those `looked_at`, `needed` (from the value to the
target), `expected` (the straight line at the end of the last period), `p`, `ahead` (periods until the last one), `fan`
(for each of them start, end, low, middle, high; 8 in 10 between low and high), `settled` (the day on which the last
figures are final), `candidate_end` (the period in which a candidate was seen), `is_anew` (the next status needs no
confirmation), `since` (complete periods after the last one with enough data), and of the baseline `baseline_periods`,
`baseline_wanted` and `member_name`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from goals import course, forecast, status
from goals.course import Piece, Scope
from goals.models import Goal
from goals.progress import expected, is_reached, progress
from kpiproject.calendars import default_worktime
from kpiproject.lib.periods import Grain, Period, grain_start
from kpiproject.queries import organisation
from metrics.kpi import BUSINESS, Better, Kpi, Unit
from metrics.queries import find

Status = Goal.Status
MOST: Final = {Grain.WEEK: 26, Grain.MONTH: 18}
"""So many periods are looked at: half a year, or a year and a half."""
_MOST_AHEAD: Final = 104
_FINAL: Final = 4
"""One of so many last periods must have enough data for a goal to be called achieved or missed."""
_DAY: Final = timedelta(days=1)
_KEPT: Final = ("baseline_periods", "baseline_wanted", "member_name")
SCALES: Final[Mapping[Unit, tuple[float | None, float | None]]] = {
    Unit.PERCENT: (0, 100),
    Unit.POINTS: (-100, 100),
    Unit.COUNT: (0, None),
    Unit.SECONDS: (0, None),
    Unit.DAYS: (0, None),
    Unit.NUMBER: (0, None),
    Unit.MONEY: (None, None),
    Unit.CORRELATION: (-1, 1),
}
BANDS: Final = frozenset(str(band) for band in status.Band)
UNCLEAR: Final = "unclear"
"""The reason of a goal whose figure varies too much to be judged."""
ENDS: Final = frozenset({str(Status.ACHIEVED), str(Status.MISSED)})


def scope_of(goal: Goal, kpi: Kpi) -> Scope:
    house = organisation()
    return Scope(
        kpi=kpi,
        dimension=goal.dimension,
        member=goal.member,
        grain=Grain(goal.grain),
        clock=goal.clock,
        zone=house.time_zone,
        week_start=house.week_start,
    )


def final_end(goal: Goal, scope: Scope) -> date:
    """The first day after the last week or month that is complete when the goal is due."""
    return grain_start(goal.due + _DAY, scope.grain, scope.week_start)


def is_computing(kpi: Kpi, period: Period) -> bool:
    """Whether these figures are about to change, so that nothing should be judged by them."""
    return course.freshness(period.zone).is_computing(kpi, period)


def judge(goal: Goal, today: date) -> bool:
    """Write the judgement into the goal. False if its figures are being computed: then it stays as it was."""
    kpi = find(goal.kpi)
    if kpi is None:
        return _give_up(goal, "kpi_retired")
    if obstacle := _obstacle(goal, kpi):
        return _give_up(goal, obstacle)
    scope = scope_of(goal, kpi)
    period = course.window(scope, before=min(today, goal.due + _DAY), today=today, most=MOST[scope.grain])
    if is_computing(kpi, period):
        goal.reason = goal.reason or "computing"
        return False
    found = course.pieces(scope, period)
    _measured(goal, found, scope)
    goal.outlook["since"] = course.steps(scope, found[-1].end, period.end) if found else 0
    _decide(goal, found, scope, today)
    return True


def _obstacle(goal: Goal, kpi: Kpi) -> str:
    if goal.clock == BUSINESS and default_worktime() is None:
        return "no_calendar"
    if goal.dimension and goal.dimension not in kpi.dimensions:
        return "no_dimension"
    return "definition_changed" if goal.baseline is not None and goal.revision != kpi.revision else ""


def _give_up(goal: Goal, why: str) -> bool:
    """Nobody is told that a goal is on track which cannot be measured. How a goal ended stays."""
    if goal.status not in ENDS:
        _state(goal, Status.GATHERING, why)
    return True


def _measured(goal: Goal, found: list[Piece], scope: Scope) -> None:
    goal.course = [
        {
            "start": piece.start.isoformat(),
            "end": piece.end.isoformat(),
            "value": piece.value,
            "low": piece.low,
            "high": piece.high,
            "n": piece.n,
        }
        for piece in found
    ]
    last = found[-1] if found else None
    goal.value, goal.value_n = (last.value, max(last.n, 0)) if last else (None, 0)
    goal.value_low, goal.value_high = (last.low, last.high) if last else (None, None)
    goal.value_start, goal.value_end = (last.start, last.end) if last else (None, None)
    is_on_the_way = last is not None and goal.baseline is not None and goal.baseline != goal.target
    goal.progress = progress(goal.baseline, goal.target, last.value) if is_on_the_way else None  # type: ignore[arg-type,union-attr]  # both are there
    kept = {key: goal.outlook[key] for key in _KEPT if key in goal.outlook}
    seen = {key: goal.outlook[key] for key in ("candidate_end", "is_anew") if key in goal.outlook}
    goal.outlook = kept | seen | {"periods": len(found), "looked_at": MOST[scope.grain]} | _way(goal, last)


def _way(goal: Goal, last: Piece | None) -> dict[str, float]:
    """How far it still is, and how far the straight line has come by the end of the last period."""
    if last is None:
        return {}
    found = {"needed": goal.target - last.value}
    if goal.baseline is not None:
        found["expected"] = expected(goal.baseline, goal.target, start=goal.start, due=goal.due, on=last.end)
    return found


def _decide(goal: Goal, found: list[Piece], scope: Scope, today: date) -> None:
    if today < goal.start:
        _state(goal, Status.SCHEDULED, "scheduled")
    elif today > goal.due:
        _finish(goal, found, scope, today)
    elif not found:
        _state(goal, Status.GATHERING, "no_data")
    elif len(found) < forecast.LEAST:
        _state(goal, Status.GATHERING, "gathering")
    else:
        _look_ahead(goal, found, scope)


def _finish(goal: Goal, found: list[Piece], scope: Scope, today: date) -> None:
    """The last period with enough data decides, if it is one of the last few and belongs to the goal's time."""
    end = final_end(goal, scope)
    settled = end + timedelta(days=scope.kpi.matures_after_days)
    if today < settled:
        goal.reason = "maturing"
        goal.outlook["settled"] = settled.isoformat()
        return
    last = found[-1] if found else None
    is_late = last is None or course.steps(scope, last.end, end) >= _FINAL or last.end <= goal.start
    if last is None or is_late:
        _state(goal, Status.GATHERING, "overdue")
        return
    result = status.final(last.value, goal.target, Better(goal.direction), low=last.low, high=last.high)
    why = "achieved" if result.is_achieved else "missed"
    _state(goal, Status.ACHIEVED if result.is_achieved else Status.MISSED, f"{why}_close" if result.is_close else why)


def _look_ahead(goal: Goal, found: list[Piece], scope: Scope) -> None:
    last = found[-1]
    better = Better(goal.direction)
    final_start = grain_start(final_end(goal, scope) - _DAY, scope.grain, scope.week_start)
    ahead = course.steps(scope, last.start, final_start)
    has_reached = is_reached(last.value, goal.target, better)
    goal.outlook["ahead"] = max(ahead, 0)
    if ahead > 0:
        probability, goal.outlook["fan"] = _forecast(found, scope, goal.target, better, ahead)
        if not _can_tell(goal, scope):
            goal.outlook.pop("is_anew", None)
            _state(goal, Status.GATHERING, UNCLEAR)
            return
        goal.probability = probability
        goal.reason = "forecast_reached" if has_reached else "forecast"
    else:
        goal.probability = float(has_reached)
        goal.reason = "settled_reached" if has_reached else "settled"
    goal.outlook["p"] = goal.probability
    _step(goal, last)


def _can_tell(goal: Goal, scope: Scope) -> bool:
    """A goal whose baseline already met the target has no way to go; only the scale is too short for its forecast."""
    band = goal.outlook["fan"][-1]
    has_way = goal.baseline is not None and not is_reached(goal.baseline, goal.target, Better(goal.direction))
    way = (goal.baseline, goal.target) if has_way else None
    return status.can_tell(
        band["low"],
        band["high"],
        scale=SCALES[scope.kpi.unit],
        way=way,  # type: ignore[arg-type]  # the baseline is there
        was_unclear=goal.reason == UNCLEAR,
    )


def _forecast(
    found: list[Piece], scope: Scope, target: float, better: Better, ahead: int
) -> tuple[float, list[dict[str, Any]]]:
    """The chance, and what to expect in each period until the last one, for drawing."""
    values = [piece.value for piece in found]
    at = [course.steps(scope, found[0].start, piece.start) for piece in found]
    probability = forecast.chance(values, target, ahead=ahead, better=better, at=at)
    bands = forecast.fan(values, ahead=min(ahead, _MOST_AHEAD), scale=SCALES[scope.kpi.unit], at=at)
    fan = []
    day = found[-1].end
    for band in bands:
        after = course.after(scope, day)
        fan.append({"start": day.isoformat(), "end": after.isoformat(), **band._asdict()})
        day = after
    return probability, fan


def _step(goal: Goal, last: Piece) -> None:
    """A target that was moved asks another question, so that its answer need not be confirmed."""
    current = "" if goal.outlook.pop("is_anew", False) else goal.status
    end = last.end.isoformat()
    is_new_period = goal.outlook.get("candidate_end") != end
    found = status.step(current, goal.candidate, goal.probability or 0.0, is_new_period=is_new_period)
    goal.status, goal.candidate = str(found.status), str(found.candidate)
    goal.outlook["candidate_end"] = end if goal.candidate else ""


def fail(goal: Goal) -> None:
    """Judging it has raised an exception. What ended stays as it was judged."""
    if goal.status not in ENDS:
        _state(goal, Status.GATHERING, "failed")


def _state(goal: Goal, found: Status, why: str) -> None:
    goal.status, goal.reason = str(found), why
    goal.candidate, goal.probability = "", None
