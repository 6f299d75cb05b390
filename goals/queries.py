"""What is read of goals, reviews and reports."""

from django.db.models import QuerySet

from goals.models import Goal
from kpiproject.models import User


def active_goals() -> "QuerySet[Goal]":
    """The goals that are judged, the next due first."""
    return Goal.objects.select_related("objective", "owner").filter(state=Goal.State.ACTIVE).order_by("due", "id")


def goals_of(user: User) -> "QuerySet[Goal]":
    """The active goals somebody owns."""
    return active_goals().filter(owner=user)


def needs_attention() -> "QuerySet[Goal]":
    """Active goals that are off track or at risk."""
    return active_goals().filter(status__in=[Goal.Status.OFF_TRACK, Goal.Status.AT_RISK])
