"""A person says that a goal's figure is another process from a period on."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goals import variation
from goals.models import Goal, Rebase
from kpiproject.models import User


class NothingToRebaseError(ValueError):
    """No run of periods begins on that day, at least not any more."""


@transaction.atomic
def confirm(goal_id: int, since: date, *, reason: str, by: User) -> Rebase:
    """Let the limits begin anew where the figures suggest it; the same once more changes nothing.

    Raises NothingToRebaseError, with one sentence, where they do not suggest it.
    """
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal_id)
    if goal.state in (Goal.State.CLOSED, Goal.State.CANCELLED):
        raise NothingToRebaseError(_("This goal is over and stays as it was judged."))
    rebases = list(goal.rebases.all())
    if known := next((one for one in rebases if one.since == since), None):
        return known
    if variation.judged(goal, rebases).suggested != since:
        raise NothingToRebaseError(_("The figures do not suggest a new beginning on that day any more."))
    return Rebase.objects.create(goal=goal, since=since, reason=reason, by=by, at=timezone.now())


@transaction.atomic
def withdraw(rebase: Rebase) -> None:
    """It was a mistake: the limits rest on everything before as well."""
    rebase.delete()
