"""What a goal's figures say about it, written into the goal; nothing is saved here. One without a KPI is judged by its
milestones (goals.milestones).

A goal is judged by its complete periods alone. As long as a forecast is possible its status follows the chance of
reaching the target; when it is over, its last periods decide. A share that was met from the beginning is to be kept: it
has a budget of rows that may fall short (goals.keeping). Where nothing can be said the reason says why.

The numbers behind it are in `Goal.outlook`: `periods` that count of those `looked_at`, `needed` (from the value to the
target), `expected` (the straight line at the end of the last period), `p`, `ahead` (periods until the last one), `fan`
(for each of them start, end, low, middle, high; 8 in 10 between low and high), `settled` (the day on which the last
figures are final), `candidate_end` (the period in which a candidate was seen), `is_anew` (the next status needs no
confirmation), `since` (complete periods after the last one with enough data), of a share that is to be kept `budget`
and `assurance`, and when it is over `whole`; and of the baseline `baseline_periods`, `baseline_wanted`, `member_name`
and `zone`; `zone_now` is there if the organisation has moved to another time zone since.
"""

from datetime import date, timedelta
from typing import Any, Final

from goals import course, forecast, keeping, milestones, status
from goals.aims import Aim
from goals.course import Piece, Scope
from goals.models import Goal
from goals.progress import expected, progress
from goals.scales import scale
from goals.status import Band
from kpiproject.calendars import default_worktime
from kpiproject.lib.periods import Grain, Period, grain_start
from kpiproject.queries import organisation
from metrics.kpi import BUSINESS, Kpi
from metrics.queries import find

Status = Goal.Status
MOST: Final = {Grain.WEEK: 26, Grain.MONTH: 18}
"""So many periods are looked at: half a year, or a year and a half."""
_MOST_AHEAD: Final = 104
_FINAL: Final = 4
"""One of so many last periods must have enough data for a goal to be called achieved or missed."""
_KEPT: Final = ("baseline_periods", "baseline_wanted", "member_name", "zone")
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
    return grain_start(goal.due + course.DAY, scope.grain, scope.week_start)


def is_computing(kpi: Kpi, period: Period) -> bool:
    """Whether these figures are about to change, so that nothing should be judged by them."""
    return course.freshness(period.zone).is_computing(kpi, period)


def judge(goal: Goal, today: date) -> bool:
    """Write the judgement into the goal. False if its figures are being computed: then it stays as it was."""
    if not goal.has_kpi:
        milestones.judge(goal, today)
        return True
    return _judge_figure(goal, today)


def _judge_figure(goal: Goal, today: date) -> bool:
    kpi = find(goal.kpi)
    if kpi is None:
        return _give_up(goal, "kpi_retired")
    if obstacle := _obstacle(goal, kpi):
        return _give_up(goal, obstacle)
    scope = scope_of(goal, kpi)
    period = course.window(scope, before=min(today, goal.due + course.DAY), today=today, most=MOST[scope.grain])
    if is_computing(kpi, period):
        goal.reason = goal.reason or "computing"
        return False
    found = course.pieces(scope, period)
    _measured(goal, found, scope)
    if goal.outlook.get("zone", scope.zone) != scope.zone:
        goal.outlook["zone_now"] = scope.zone
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
    goal.progress = _progress(goal, last)
    kept = {key: goal.outlook[key] for key in _KEPT if key in goal.outlook}
    seen = {key: goal.outlook[key] for key in ("candidate_end", "is_anew") if key in goal.outlook}
    goal.outlook = kept | seen | {"periods": len(found), "looked_at": MOST[scope.grain]} | _way(goal, last)


def _progress(goal: Goal, last: Piece | None) -> float | None:
    """None where there is no way: nothing was measured, or the baseline met the target already."""
    end = goal.aim.end(goal.baseline)
    if last is None or goal.baseline is None or end is None or goal.was_met:
        return None
    return progress(goal.baseline, end, last.value)


def _way(goal: Goal, last: Piece | None) -> dict[str, float]:
    """How far it still is, and how far the straight line has come by the end of the last period."""
    if last is None:
        return {}
    found = {"needed": goal.aim.needed(last.value)}
    end = goal.aim.end(goal.baseline)
    if goal.baseline is not None and end is not None:
        found["expected"] = expected(goal.baseline, end, start=goal.start, due=goal.due, on=last.end)
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
    if keeping.is_share_to_keep(goal, scope.kpi):
        _finish_keeping(goal, scope, last.end)
        return
    result = status.final(last.value, goal.aim, low=last.low, high=last.high)
    why = "achieved" if result.is_achieved else "missed"
    _state(goal, Status.ACHIEVED if result.is_achieved else Status.MISSED, f"{why}_close" if result.is_close else why)


def _finish_keeping(goal: Goal, scope: Scope, end: date) -> None:
    """What was to be kept all the time is judged by all of it, and not by a good week at the end."""
    whole = keeping.whole(goal, scope, end)
    if whole is None:
        _state(goal, Status.GATHERING, "overdue")
        return
    goal.outlook["whole"] = {"value": whole.value, "low": whole.low, "high": whole.high, "n": whole.n}
    result = status.final(whole.value, goal.aim, low=whole.low, high=whole.high)
    why = "kept" if result.is_achieved else "lost"
    _state(goal, Status.ACHIEVED if result.is_achieved else Status.MISSED, f"{why}_close" if result.is_close else why)


def _look_ahead(goal: Goal, found: list[Piece], scope: Scope) -> None:
    last = found[-1]
    final_start = grain_start(final_end(goal, scope) - course.DAY, scope.grain, scope.week_start)
    ahead = course.steps(scope, last.start, final_start)
    has_reached = goal.aim.is_met(last.value)
    goal.outlook["ahead"] = max(ahead, 0)
    if ahead > 0:
        probability, goal.outlook["fan"] = _forecast(found, scope, goal.aim, ahead)
    if keeping.is_share_to_keep(goal, scope.kpi):
        goal.probability, goal.reason = None, "keeping"
        _confirm(goal, last, keeping.band(goal, found, scope, ahead=max(ahead, 0)))
        return
    if ahead > 0:
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
    _confirm(goal, last)


def _can_tell(goal: Goal, scope: Scope) -> bool:
    """A goal whose baseline already met the target has no way to go; only the scale is too short for its forecast."""
    band = goal.outlook["fan"][-1]
    end = goal.aim.end(goal.baseline)
    has_way = goal.baseline is not None and not goal.was_met
    return status.can_tell(
        band["low"],
        band["high"],
        scale=scale(scope.kpi),
        way=(goal.baseline, end) if has_way else None,  # type: ignore[arg-type]  # both are there
        was_unclear=goal.reason == UNCLEAR,
    )


def _forecast(found: list[Piece], scope: Scope, aim: Aim, ahead: int) -> tuple[float, list[dict[str, Any]]]:
    """The chance, and what to expect in each period until the last one, for drawing."""
    values = [piece.value for piece in found]
    at = [course.steps(scope, found[0].start, piece.start) for piece in found]
    probability = forecast.chance_of(values, aim, ahead=ahead, at=at)
    bands = forecast.fan(values, ahead=min(ahead, _MOST_AHEAD), scale=scale(scope.kpi), at=at)
    fan = []
    day = found[-1].end
    for band in bands:
        after = course.after(scope, day)
        fan.append({"start": day.isoformat(), "end": after.isoformat(), **band._asdict()})
        day = after
    return probability, fan


def _confirm(goal: Goal, last: Piece, wanted: Band | None = None) -> None:
    """From the chance, or from what speaks for itself, to a status. A target that was moved asks another question, so
    that its answer need not be confirmed."""
    current = "" if goal.outlook.pop("is_anew", False) else goal.status
    end = last.end.isoformat()
    is_new_period = goal.outlook.get("candidate_end") != end
    if wanted is None:
        found = status.step(current, goal.candidate, goal.probability or 0.0, is_new_period=is_new_period)
    else:
        found = status.confirm(current, goal.candidate, wanted, is_new_period=is_new_period)
    goal.status, goal.candidate = str(found.status), str(found.candidate)
    goal.outlook["candidate_end"] = end if goal.candidate else ""


def fail(goal: Goal) -> None:
    """Judging it has raised an exception. What ended stays as it was judged."""
    if goal.status not in ENDS:
        _state(goal, Status.GATHERING, "failed")


def _state(goal: Goal, found: Status, why: str) -> None:
    goal.status, goal.reason = str(found), why
    goal.candidate, goal.probability = "", None
