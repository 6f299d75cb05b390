"""Goals that get another owner."""

from django.db import transaction
from django.utils.translation import gettext as _

from goals.changes import NotPossibleError
from goals.models import Goal
from kpiproject.models import User

OPEN = (Goal.State.DRAFT, Goal.State.ACTIVE)


def obstacle(goal: Goal, to: User | None = None) -> str:
    """Why a goal cannot be handed over, in a sentence; empty where it can."""
    if goal.state not in OPEN:
        message = _("It is over (it is “%(state)s”), so that nobody looks after it any more.")
        return message % {"state": goal.get_state_display()}
    if to is not None and goal.owner_id == to.pk:
        return _("%(person)s owns it already.") % {"person": to}
    return ""


@transaction.atomic
def hand_over(goal_id: int, to: User) -> Goal:
    """From now on somebody else looks after it; what is judged stays as it is. Raises NotPossibleError."""
    goal = Goal.objects.select_for_update().get(pk=goal_id)
    if reason := obstacle(goal, to):
        raise NotPossibleError(reason)
    goal.owner = to
    goal.save(update_fields=["owner"])
    return goal
