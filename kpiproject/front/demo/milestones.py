"""A goal of the demonstration company that no figure measures: the manual is in use when everybody has read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from goals import baseline, check_ins, evaluation, milestone_changes, milestones
from goals.check_ins import Said
from goals.milestones import Written
from goals.models import Cadence, CheckIn, Goal, Objective
from kpiproject.front.demo import company, timeline
from kpiproject.front.demo.goals import NAME, OBJECTIVES, Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.lib.periods import local_day
from kpiproject.models import User

STATEMENT: Final = "The customer service manual is in use: everybody works with it"
START, LENGTH = -11, 20


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`due` and `done` are weeks from this one, on their Fridays; `done` is None for one that is open."""

    name: str
    due: int
    done: int | None = None
    note: str = ""


STAGES: Final = (
    Stage(name="Every chapter is written by somebody who does that work", due=-8, done=-8),
    Stage(
        name="The shop and the people for contracts have checked it", due=-5, done=-4, note="Holidays: a week later."
    ),
    Stage(name="The first edition is published", due=-3, done=-3),
    Stage(name="Everybody in service has confirmed that they have read it", due=2),
    Stage(name="What is still asked in chat is answered in the manual", due=5),
    Stage(name="The first review has found what nobody looks up", due=8),
)


TALKS: Final = (-7, -1)
"""In which weeks somebody has checked in on it."""
SAID: Final = (
    ("All chapters are there. The one about complaints was the hardest.", "Ask the shop to read it in the quiet week."),
    ("The edition is out, and four of us have confirmed that they have read it.", "Half an hour for it in each shift."),
)


def steps(today: date, cast: Cast) -> Iterator[Step]:
    """Written down on the Friday before it starts, and told when something was done."""
    found: list[Goal] = []
    written_on = timeline.monday(today, START) - timedelta(days=3)
    yield Step(at=timeline.at(written_on, 14), do=partial(_write, found, today, cast))
    yield Step(at=timeline.at(timeline.monday(today, START), 6), do=partial(_judge, found))
    for number, said in enumerate(SAID):
        yield Step(at=timeline.at(_friday(today, TALKS[number]), 15), do=partial(_check_in, found, said))
    for stage in STAGES:
        if stage.done is not None:
            yield Step(at=timeline.at(_friday(today, stage.done), 16), do=partial(_tick, found, stage, cast.staff))


def _write(found: list[Goal], today: date, cast: Cast, at: datetime) -> None:
    objective = Objective.objects.get_or_create(name=NAME, defaults={"description": OBJECTIVES[NAME]})[0]
    start = timeline.monday(today, START)
    goal = Goal(
        statement=STATEMENT,
        objective=objective,
        owner=cast.staff,
        reviewer=cast.manager,
        target=len(STAGES),
        start=start,
        due=start + timedelta(weeks=LENGTH, days=-1),
        state=Goal.State.ACTIVE,
        check_in_cadence=Cadence.MONTHLY,
        review_cadence=Cadence.MONTHLY,
        smart_note="One goal more than we look after well; it takes no measuring, and all others lean on it.",
    )
    baseline.clear(goal)
    goal.full_clean()
    written = [Written(pk=None, name=stage.name, due=_friday(today, stage.due)) for stage in STAGES]
    milestone_changes.save(goal, written, by=cast.manager, now=at)
    evaluation.evaluate(goal, now=at)
    found.append(goal)


def _judge(found: list[Goal], at: datetime) -> None:
    for goal in found:
        evaluation.evaluate(goal, now=at)


def _check_in(found: list[Goal], said: tuple[str, str], at: datetime) -> None:
    """In its owner's eyes it stands as it is judged."""
    for goal in found:
        goal.refresh_from_db()
        changed, next_step = said
        view = goal.status if goal.status in CheckIn.Confidence.values else CheckIn.Confidence.ON_TRACK
        words = Said(confidence=view, what_changed=changed, next_step=next_step)
        check_ins.check_in(goal.pk, words, by=goal.owner, now=at)


def _tick(found: list[Goal], stage: Stage, by: User, at: datetime) -> None:
    for goal in found:
        one = next(one for one in milestones.of(goal) if one.name == stage.name)
        milestone_changes.tick(one.pk, local_day(at, company.ZONE), by=by, now=at, note=stage.note)


def _friday(today: date, week: int) -> date:
    return timeline.monday(today, week) + timedelta(days=4)
