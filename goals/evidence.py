"""What is known about a goal that is being written: gathered for its checks (goals.smart)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from goals import baseline, course, guardrails, judgement, kinds, scopes
from goals.course import Piece, Scope
from goals.kinds import Kind
from goals.milestones import Written, as_written
from goals.models import Goal
from goals.smart import Facts
from kpiproject.lib.periods import Grain, Period, grain_end, grain_start, local_day
from kpiproject.queries import organisation
from metrics import queries
from metrics.kpi import Kpi
from metrics.models import Benchmark
from metrics.queries import BadQuestion, find


def facts(goal: Goal, milestones: Sequence[Written] | None = None, fields: Sequence[str] = ()) -> Facts:
    """Of a goal whose baseline was measured. What was not given yet may be None in it, or empty. `milestones` are those
    that are written just now, in place of those that are stored, and `fields` where the day of each is written."""
    house = organisation()
    today = local_day(timezone.now(), house.time_zone)
    kpi = find(goal.kpi) if goal.kpi else None
    fault = _scope_fault(goal, kpi) if kpi else ""
    target: float | None = goal.target
    known: dict[str, Any] = {} if kpi is None or fault else _measured(goal, kpi, today)
    if not goal.has_kpi and goal.grain:
        known = _guardrail(goal, today)
    steps = as_written(goal) if milestones is None else milestones
    has_aim = kpi is not None and target is not None
    return Facts(
        goal=goal,
        today=today,
        kpi=kpi,
        scope_fault=fault,
        owner=_related(goal, "owner"),
        reviewer=goal.reviewer,
        objective=str(_related(goal, "objective") or ""),
        target=target,
        target_high=goal.target_high,
        start=goal.start,
        due=goal.due,
        kind=kinds.of(goal) if has_aim else Kind.REACH,
        milestones=tuple(steps),
        milestone_fields=tuple(fields),
        **known,
        **_dates(goal, house.week_start),
        **_others(goal, kpi),
    )


def _related(goal: Goal, name: str) -> Any:
    """None where it was not chosen yet."""
    try:
        return getattr(goal, name)
    except ObjectDoesNotExist:
        return None


def _scope_fault(goal: Goal, kpi: Kpi) -> str:
    try:
        scopes.check(kpi, goal.dimension, goal.member)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _measured(goal: Goal, kpi: Kpi, today: date) -> dict[str, Any]:
    scope = judgement.scope_of(goal, kpi)
    most = judgement.MOST[scope.grain]
    period = course.window(scope, before=today, today=today, most=most)
    seen = _seen(scope, period)
    start: date | None = goal.start
    # What came after the start is the goal's own work; only where there is nothing else it speaks for the figure.
    is_ahead = start is None or start >= today
    earlier = seen if is_ahead else _seen(scope, course.window(scope, before=start or today, today=today, most=most))
    before = _enough(earlier, scope) or _enough(seen, scope)
    return {
        "values": tuple(piece.value for piece in before),
        "counts": tuple(max(piece.n, 0) for piece in before),
        "missing": course.steps(scope, seen[-1].end, period.end) if seen else most,
        "ahead": _ahead(goal, scope, before),
        "is_computing": judgement.is_computing(kpi, period) or baseline.is_computing(goal),
        **_guardrail(goal, today),
        "benchmark_on": Benchmark.objects.filter(kpi=kpi.code).aggregate(newest=Max("as_of"))["newest"],
    }


def _seen(scope: Scope, period: Period) -> list[Piece]:
    """The periods in which anything was measured, however little."""
    try:
        return course.pieces(scope, period, least_rows=1)
    except BadQuestion:
        return []


def _enough(found: list[Piece], scope: Scope) -> list[Piece]:
    return [piece for piece in found if scope.adds_up or piece.n >= course.LEAST_ROWS]


def _ahead(goal: Goal, scope: Scope, found: list[Piece]) -> int:
    """Complete periods from the last one before the start to the one that decides."""
    due: date | None = goal.due
    if due is None or not found:
        return 0
    last = grain_start(judgement.final_end(goal, scope) - course.DAY, scope.grain, scope.week_start)
    return max(course.steps(scope, found[-1].start, last), 0)


def _guardrail(goal: Goal, today: date) -> dict[str, Any]:
    kpi = find(goal.guardrail) if goal.guardrail else None
    if kpi is None or not guardrails.can_guard(kpi) or (goal.dimension and goal.dimension not in kpi.dimensions):
        return {"guardrail": kpi}
    piece = guardrails.read(goal, kpi, today).piece
    return {"guardrail": kpi, "guardrail_value": piece.value if piece else None}


def _dates(goal: Goal, week_start: int) -> dict[str, Any]:
    start: date | None = goal.start
    due: date | None = goal.due
    if start is None or due is None or not goal.grain:
        return {}
    grain = Grain(goal.grain)
    ends = _period_ends(due, grain, week_start)
    return {"has_whole_period": course.has_complete_period(grain, start, due), "period_ends": ends}


def _period_ends(due: date, grain: Grain, week_start: int) -> tuple[date, date]:
    """The last day of a week or month that is not after a day, and the next one."""
    first = grain_start(due + course.DAY, grain, week_start)
    return first - course.DAY, grain_end(first, grain, week_start) - course.DAY


def _others(goal: Goal, kpi: Kpi | None) -> dict[str, Any]:
    running = Goal.objects.filter(state=Goal.State.ACTIVE).exclude(status__in=judgement.ENDS)
    others = running.exclude(pk=goal.pk)
    same = others.filter(kpi=goal.kpi)
    is_alike = Q(dimension=goal.dimension, member=goal.member) if goal.has_kpi else Q(statement__iexact=goal.statement)
    twins = same.filter(is_alike).order_by("id")[:1]
    return {
        "twins": tuple(twins.values_list("statement", flat=True)),
        "companions": others.filter(_team(goal)).count(),
        "other_channels": tuple(_left_out(goal, kpi, same)) if kpi and goal.dimension == "channel" else (),
    }


def _team(goal: Goal) -> Q:
    """Goals of a team are that team's; all others are their owner's, as the balance of the goals counts them."""
    if goal.dimension == "team":
        return Q(dimension="team", member=goal.member)
    return Q(owner=goal.owner_id)


def _left_out(goal: Goal, kpi: Kpi, same: "QuerySet[Goal]") -> list[str]:
    """The channels that no active goal of the same KPI looks at."""
    if same.filter(dimension="").exists():
        return []
    seen = {goal.member, *same.filter(dimension="channel").values_list("member", flat=True)}
    return [one for one in queries.members(kpi, "channel") if one and one not in seen]
