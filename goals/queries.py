"""What is read of goals, reviews and reports."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from goals.models import Goal, Report, Review

_URGENCY: Final = (
    Goal.Status.OFF_TRACK,
    Goal.Status.AT_RISK,
    Goal.Status.ON_TRACK,
    Goal.Status.GATHERING,
    Goal.Status.SCHEDULED,
)


def active_goals() -> "QuerySet[Goal]":
    """The goals that are judged, the next due first."""
    return Goal.objects.select_related("objective", "owner").filter(state=Goal.State.ACTIVE).order_by("due", "id")


def needs_attention() -> "QuerySet[Goal]":
    """Active goals that are off track or at risk."""
    return active_goals().filter(status__in=[Goal.Status.OFF_TRACK, Goal.Status.AT_RISK])


def most_urgent_first(goals: "QuerySet[Goal]") -> "QuerySet[Goal]":
    """Off track, at risk, on track, then what is not judged yet; the next due first among equals."""
    places = [When(status=status, then=Value(place)) for place, status in enumerate(_URGENCY)]
    place = Case(*places, default=Value(len(_URGENCY)), output_field=IntegerField())
    return goals.annotate(urgency=place).order_by("urgency", "due", "id")


def alike(goal_ids: Collection[int], *, most: int) -> list[list[int]]:
    """These goals in groups of so many, those about the same KPI next to each other."""
    rows = Goal.objects.filter(pk__in=goal_ids).order_by("kpi", "dimension", "clock", "grain", "pk")
    found = list(rows.values_list("pk", flat=True))
    return [found[first : first + most] for first in range(0, len(found), most)]


def planned_reviews() -> "QuerySet[Review]":
    """Reviews that were not held yet, also overdue ones, the earliest first."""
    return Review.objects.select_related("owner").filter(state=Review.State.PLANNED).order_by("on", "id")


def next_review(today: date) -> Review | None:
    return planned_reviews().filter(on__gte=today).first()


def on_agenda(review: Review, *, has_drafts: bool) -> list[Goal]:
    """The goals that are looked at, the most urgent first: those chosen, or every active one where none was."""
    chosen = review.goals.select_related("objective", "owner").exclude(state=Goal.State.CANCELLED)
    found = list(most_urgent_first(chosen)) if review.goals.exists() else list(most_urgent_first(active_goals()))
    return [goal for goal in found if has_drafts or goal.state != Goal.State.DRAFT]


def when_sent(report: Report) -> str:
    words = {"day": report.get_weekday_display(), "time": time_format(report.at, "TIME_FORMAT")}
    return _("every %(day)s at %(time)s") % words
