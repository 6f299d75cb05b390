"""Goals, reviews, reports and the manual of the last ten months, in the order in which they happened."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from goals import alerts, evaluation
from goals.models import Alert, Goal
from kpiproject import mail
from kpiproject.front.demo import goals, house, manual, reports, reviews, timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.models import Mail
from manual import sections
from manual.models import Section, SectionVersion
from surveys import queries as surveys
from surveys.models import Survey

UNHAPPY_DAYS = 7
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
        *goals.steps(today, cast),
        *reviews.steps(today, cast),
        *reports.steps(today, cast),
        *manual.steps(today, cast),
        *_alerts(),
    ]
    timeline.play(steps, progress)
    _now()


def _begin_manual(at: datetime) -> None:
    """Its starter came with the database, which is as old as Plumbline is here."""
    sections.ensure()
    Section.objects.filter(version=1).update(updated_at=at)
    SectionVersion.objects.filter(version=1).update(at=at)


def _alerts() -> Iterator[Step]:
    """Each unhappy answer lately is told of a minute after it came."""
    for answer in surveys.unhappy_since(timezone.now() - timedelta(days=UNHAPPY_DAYS)):
        came = answer.changed_at or answer.answered_at
        yield Step(at=came + timedelta(minutes=1), do=_tell)


def _tell(now: datetime) -> None:
    alerts.raise_unhappy(now)
    told = Alert.objects.filter(at=now).values("mail")
    for pk in Mail.objects.filter(state=Mail.State.QUEUED, pk__in=told).values_list("pk", flat=True):
        mail.deliver(pk)


def _now() -> None:
    """What the worker would do in its first minute."""
    for goal in Goal.objects.filter(state=Goal.State.ACTIVE):
        evaluation.evaluate(goal)
    alerts.raise_unhappy(timezone.now())
