"""What is read of goals, reviews and reports."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from goals.models import Goal, Report, Review, Stakeholder
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

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


def goals_of(user: User) -> "QuerySet[Goal]":
    """The active goals somebody owns."""
    return active_goals().filter(owner=user)


def needs_attention() -> "QuerySet[Goal]":
    """Active goals that are off track or at risk."""
    return active_goals().filter(status__in=[Goal.Status.OFF_TRACK, Goal.Status.AT_RISK])


def most_urgent_first(goals: "QuerySet[Goal]") -> "QuerySet[Goal]":
    """Off track, at risk, on track, then what is not judged yet; the next due first among equals."""
    places = [When(status=status, then=Value(place)) for place, status in enumerate(_URGENCY)]
    place = Case(*places, default=Value(len(_URGENCY)), output_field=IntegerField())
    return goals.annotate(urgency=place).order_by("urgency", "due", "id")


def upcoming_reviews(days: int) -> "QuerySet[Review]":
    """Planned reviews from today up to so many days ahead, the next first."""
    today = local_day(timezone.now(), organisation().time_zone)
    return planned_reviews().filter(on__range=(today, today + timedelta(days=days)))


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


@dataclass(frozen=True, kw_only=True)
class ReportEntry:
    """A report that is sent, in words: “every Monday at 08:00”."""

    name: str
    when: str
    people: int
    next_due: datetime | None


def report_calendar() -> list[ReportEntry]:
    """The reports that are sent, by name, in a number of queries that does not grow."""
    active = (
        Report.objects.filter(is_active=True).prefetch_related("people", "stakeholders", "left").order_by("name", "id")
    )
    return [
        ReportEntry(name=report.name, when=when_sent(report), people=_readers(report), next_due=report.next_due)
        for report in active
    ]


def when_sent(report: Report) -> str:
    words = {"day": report.get_weekday_display(), "time": time_format(report.at, "TIME_FORMAT")}
    return _("every %(day)s at %(time)s") % words


def _readers(report: Report) -> int:
    """How many addresses get it, whatever their capitals."""
    people = [person for person in report.people.all() if person.is_active]
    everybody: list[User | Stakeholder] = [*people, *report.readers_outside()]
    return len({reader.email.lower() for reader in everybody})
