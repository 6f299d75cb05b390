"""Asking the owner of a goal to write down how it goes."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from goals import lines
from goals.changes import NotPossibleError
from goals.models import Goal
from kpiproject import mail
from kpiproject.lib.periods import local_day
from kpiproject.models import Mail, User
from kpiproject.queries import organisation

KIND = "check_in_request"


def obstacle(goal: Goal, now: datetime) -> str:
    """Why nobody can be asked about a goal, in a sentence; empty where its owner can."""
    reason = next(_obstacles(goal, now), "")
    return reason % {"person": goal.owner}


def _obstacles(goal: Goal, now: datetime) -> Iterator[str]:
    today = local_day(now, organisation().time_zone)
    if goal.state != Goal.State.ACTIVE or today < goal.start:
        yield _("There is nothing to check in on: it is not running.")
    if not goal.owner.is_active:
        yield _("%(person)s has left. Hand it over first.")
    if goal.checked_in_on == today:
        yield _("There was a check-in today.")
    if Mail.objects.filter(key=_key(goal, now)).exists():
        yield _("%(person)s was asked today already.")


@transaction.atomic
def ask(goal: Goal, *, by: User, now: datetime) -> Mail:
    """Write to the owner, once a day at most. Raises NotPossibleError."""
    if reason := obstacle(goal, now):
        raise NotPossibleError(reason)
    context = {
        "organisation": organisation(),
        "person": goal.owner,
        "by": by,
        "line": lines.line(goal),
        "goal": goal,
        "url": f"{settings.BASE_URL}{reverse('goals:goal', args=[goal.pk])}#check-ins",
    }
    return mail.compose(
        KIND, key=_key(goal, now), kind=KIND, to=goal.owner.email, context=context, language=goal.owner.language
    )


def _key(goal: Goal, now: datetime) -> str:
    return f"{KIND}:{goal.pk}:{local_day(now, organisation().time_zone):%Y-%m-%d}"
