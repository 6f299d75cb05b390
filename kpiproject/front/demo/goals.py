"""What the demonstration company wants to reach, and how it has been judged week by week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from math import inf
from typing import Final

from django.utils import timezone

from goals import baseline, changes, course, evaluation, forecast, judgement
from goals.models import Goal, Objective
from kpiproject.front.demo import closing, timeline
from kpiproject.front.demo.timeline import Step
from kpiproject.models import User
from metrics.catalogue import CATALOGUE
from metrics.kpi import Better, Unit

OBJECTIVES: Final = {
    "Customers stay and come back": "Seven of ten orders are to come from people who have ordered before.",
    "Service that grows with the shop": "A third more orders by the end of next year, without a third more people.",
    "A name for being there": "Whoever asks for advice outdoors should think of us first.",
}
LOYALTY, GROWTH, NAME = OBJECTIVES


@dataclass(frozen=True, kw_only=True)
class Spec:
    """`start` and `length` count weeks, from the Monday of this one. Where `target` is None, `chance` says how likely
    it shall be that it is reached, and `step` how round it is; “{target}” in the statement is filled in."""

    statement: str
    objective: str
    kpi: str
    start: int
    length: int
    target: float | None = None
    chance: float = 0.0
    step: float = 1.0
    dimension: str = ""
    member: str = ""
    is_staffs: bool = False
    is_draft: bool = False
    is_closed: bool = False
    first_target: float | None = None  # it was moved

    def begins(self, today: date) -> date:
        return timeline.monday(today, self.start)

    def ends(self, today: date) -> date:
        return self.begins(today) + timedelta(weeks=self.length, days=-1)


SPECS: Final = (
    Spec(
        statement="Half of all chats get a first answer within 15 seconds",
        objective=NAME,
        kpi="first_response_time",
        dimension="channel",
        member="chat",
        start=-13,
        length=26,
        target=15,
        is_staffs=True,
    ),
    Spec(
        statement="At least {target} % of customers are satisfied",
        objective=LOYALTY,
        kpi="csat",
        start=-16,
        length=26,
        chance=0.4,
    ),
    Spec(
        statement="Four of ten customers answer when we ask them",
        objective=NAME,
        kpi="survey_response_rate",
        start=-12,
        length=18,
        target=40,
        is_staffs=True,
    ),
    Spec(
        statement="Nine of ten requests are solved within their service target",
        objective=LOYALTY,
        kpi="resolution_within_target",
        start=-17,
        length=24,
        target=90,
        first_target=93,
    ),
    Spec(
        statement="Of a hundred solved requests no more than {target} are reopened",
        objective=GROWTH,
        kpi="reopen_rate",
        start=-18,
        length=30,
        chance=0.8,
        step=0.5,
    ),
    Spec(
        statement="Four of five who complain are satisfied with what we did about it",
        objective=NAME,
        kpi="csat",
        dimension="category",
        member="Complaint",
        start=-7,
        length=24,
        target=80,
        is_staffs=True,
    ),
    Spec(
        statement="Nine of ten find it easy to get help",
        objective=LOYALTY,
        kpi="ces",
        start=2,
        length=26,
        target=90,
    ),
    Spec(
        statement="After the move to the new shop 83 % are solved within their service target again",
        objective=GROWTH,
        kpi="resolution_within_target",
        start=-19,
        length=10,
        target=83,
    ),
    Spec(
        statement="Half of all requests are solved within five opening hours",
        objective=NAME,
        kpi="resolution_time",
        start=-41,
        length=21,
        target=5 * 3600,
        is_closed=True,
    ),
    Spec(
        statement="No more than 70 questions a week about deliveries",
        objective=GROWTH,
        kpi="ticket_volume",
        dimension="category",
        member="Delivery",
        start=4,
        length=26,
        target=70,
        is_draft=True,
        is_staffs=True,
    ),
)


@dataclass(frozen=True)
class Cast:
    """Who owns goals."""

    manager: User
    staff: User


def steps(today: date, cast: Cast) -> Iterator[Step]:
    for spec in SPECS:
        yield from _course(spec, today, cast)


def _course(spec: Spec, today: date, cast: Cast) -> Iterator[Step]:
    """Set on the Friday before it starts (or lately), and judged on every Monday until it is over."""
    start = spec.begins(today)
    set_on = timeline.at(min(start, timeline.monday(today, -1)) - timedelta(days=3), 11)
    found: list[Goal] = []
    yield Step(at=set_on, do=lambda _at: found.append(_set(spec, today, cast)))
    for monday in _mondays(start, min(spec.ends(today) + timedelta(weeks=5), today)):
        yield Step(at=timeline.at(monday, 6), do=partial(_judge, found))
    if spec.first_target is not None:
        yield Step(at=timeline.at(timeline.monday(today, -6), 15), do=partial(_move, found, spec, cast.manager))
    if spec.is_closed:
        yield Step(at=timeline.at(spec.ends(today) + timedelta(weeks=2), 10), do=partial(_close, found, cast.manager))


def _mondays(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(weeks=1)


def _set(spec: Spec, today: date, cast: Cast) -> Goal:
    goal = Goal(
        objective=Objective.objects.get_or_create(name=spec.objective, defaults=_about(spec.objective))[0],
        owner=cast.staff if spec.is_staffs else cast.manager,
        kpi=spec.kpi,
        dimension=spec.dimension,
        member=spec.member,
        start=spec.begins(today),
        due=spec.ends(today),
        target=spec.first_target or spec.target or 0,
        state=Goal.State.DRAFT if spec.is_draft else Goal.State.ACTIVE,
    )
    baseline.fill(goal)
    if spec.target is None:
        goal.target = _likely(goal, spec, today)
    if goal.target == goal.baseline:  # on some days chance has it that the target is reached already
        goal.target += spec.step if Better(goal.direction) is Better.HIGHER else -spec.step
    goal.statement = spec.statement.format(target=f"{goal.target:g}")
    goal.full_clean()
    changes.save(goal, by=cast.manager)
    _judge([goal], timezone.now())
    return goal


def _about(name: str) -> dict[str, str]:
    return {"description": OBJECTIVES[name]}


def _likely(goal: Goal, spec: Spec, today: date) -> float:
    """The round target that is reached as likely as wanted, seen from this week and from the last one: so that the
    demonstration shows every status, whichever day it is built on."""
    scope = judgement.scope_of(goal, CATALOGUE[goal.kpi])
    views = []
    for day in (timeline.monday(today, 0), timeline.monday(today, -1)):
        found = course.pieces(scope, course.window(scope, before=day, today=day, most=26))
        if len(found) >= forecast.LEAST:
            views.append(([piece.value for piece in found], course.steps(scope, found[-1].start, goal.due)))
    middle = round((views[0][0][-1] if views else goal.baseline or 50.0) / spec.step) * spec.step
    better = Better(goal.direction)

    def distance(target: float) -> float:
        found = (forecast.chance(values, target, ahead=ahead, better=better) for values, ahead in views)
        return sum((chance - spec.chance) ** 2 for chance in found)

    candidates = (middle + place * spec.step for place in range(-40, 41))
    return min((target for target in candidates if _is_ahead(goal, target, spec.step)), key=distance)


def _is_ahead(goal: Goal, target: float, step: float) -> bool:
    """Whether it is better than the baseline, by a step at least, and still possible."""
    sign = 1 if goal.direction == Goal.Direction.HIGHER else -1
    highest = 97 if CATALOGUE[goal.kpi].unit is Unit.PERCENT else inf
    return 0 < target <= highest and (goal.baseline is None or sign * (target - goal.baseline) >= step)


def _judge(found: list[Goal], now: datetime) -> None:
    for goal in found:
        evaluation.evaluate(goal, now=now)
        goal.status_changes.filter(at__gt=now).update(at=now)


def _move(found: list[Goal], spec: Spec, by: User, now: datetime) -> None:
    for goal in found:
        goal.target = spec.target or goal.target
        changes.save(goal, by=by, why="The move to the new shop has cost us six weeks. 93 % is for next spring.")
        goal.target_changes.update(at=now)
    _judge(found, now)


def _close(found: list[Goal], by: User, now: datetime) -> None:
    for goal in found:
        goal.refresh_from_db()
        if goal.status in judgement.ENDS:
            closing.close(goal, by=by, now=now)
