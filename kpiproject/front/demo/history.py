"""Goals, reviews, reports and the manual of the last ten months, in the order in which they happened."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goals import evaluation
from goals.models import Goal
from kpiproject.front.demo import (
    adoption,
    alarms,
    check_ins,
    follow_ups,
    goals,
    house,
    manual,
    milestones,
    reports,
    reviews,
    thanks,
    timeline,
)
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from manual import sections
from manual.models import Section, SectionVersion
from metrics import rollups
from surveys.models import Survey

STARTED_WEEKS = 44
"""So long ago Plumbline was installed here, before the first goal."""


@transaction.atomic
def tell(today: date, progress: Callable[[float], None]) -> None:
    """All of it or, if it is interrupted, nothing; where it is there, it stays."""
    if Goal.objects.exists():
        return
    cast = Cast(*house.users())
    Survey.objects.filter(owner__isnull=True).update(owner=cast.manager)
    steps = [
        Step(at=timeline.at(timeline.monday(today, -STARTED_WEEKS), 9), do=_begin_manual),
        *adoption.steps(today, cast),
        *goals.steps(today, cast),
        *milestones.steps(today, cast),
        *check_ins.steps(today),
        *reviews.steps(today, cast),
        *reports.steps(today, cast),
        *manual.steps(today, cast),
        *follow_ups.steps(today, cast),
        *thanks.steps(today, cast),
        *alarms.steps(today, cast),
    ]
    timeline.play(steps, progress)
    _now()


def _begin_manual(at: datetime) -> None:
    """Its starter came with the database, which is as old as Plumbline is here."""
    sections.ensure()
    Section.objects.filter(version=1).update(updated_at=at)
    SectionVersion.objects.filter(version=1).update(at=at)


def _now() -> None:
    """What the worker would do in its first minute; also where something was pending when it was last computed."""
    rollups.recompute()
    for goal in Goal.objects.filter(state=Goal.State.ACTIVE):
        evaluation.evaluate(goal)
    follow_ups.catch_up(timezone.now())
    alarms.catch_up(timezone.now())
