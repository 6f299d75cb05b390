"""What is read of follow-ups: the inbox, what is late, and the rows of their figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from kpiproject.models import User
from kpiproject.queries import by_name
from surveys.models import FollowUp, FollowUpAnswer, FollowUpNote, Recovery, Survey

SEES_ALL: Final = "surveys.change_followuproute"
"""Whoever decides who gets which follow-up sees all of them; everybody else sees their own."""
SHELVES: Final = ("open", "mine", "unclaimed", "overdue", "closed", "all")

FOLLOW_UP_COLUMNS: Final = (
    "id", "survey", "one_day_at", "contacted_at", "is_reachable", "ticket_source", "ticket", "team", "channel",
    "category",
)  # fmt: skip
RECOVERY_COLUMNS: Final = (
    "id", "survey", "answered_at", "standing", "ticket_source", "ticket", "team", "channel", "category",
)  # fmt: skip
_PATHS: Final = {"survey": "survey__slug"}
_RECOVERY_PATHS: Final = {
    "survey": "follow_up__survey__slug",
    "answered_at": "answer__answered_at",
    "standing": "answer__standing",
} | {name: f"follow_up__{name}" for name in ("ticket_source", "ticket", "team", "channel", "category")}


# --- The inbox ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for; what is empty is not asked."""

    shelf: str = "open"
    state: str = ""
    survey: Survey | None = None
    team: str = ""
    channel: str = ""


def visible_to(user: User) -> QuerySet[FollowUp]:
    if not user.has_perm("surveys.view_followup"):
        return FollowUp.objects.none()
    return FollowUp.objects.all() if user.has_perm(SEES_ALL) else FollowUp.objects.filter(assignee=user)


def inbox(user: User, wanted: Wanted, now: datetime) -> QuerySet[FollowUp]:
    """The most urgent first, with the answers that each is about."""
    rows = visible_to(user).filter(_on(wanted.shelf, user, now))
    exact = {"state": wanted.state, "survey": wanted.survey, "team": wanted.team, "channel": wanted.channel}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    links = FollowUpAnswer.objects.select_related("answer").order_by("seen_at", "id")
    return (
        rows.select_related("survey", "contact", "assignee")
        .prefetch_related(Prefetch("links", links))
        .order_by("due_at", "id")
    )


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many lie on each shelf, in one query."""
    found = visible_to(user).aggregate(**{name: Count("pk", filter=_on(name, user, now)) for name in SHELVES})
    return {name: found[name] for name in SHELVES}


def waiting_for(user: User, now: datetime) -> int:
    """How many somebody could do something about now: their own open ones, and those that nobody has taken."""
    return visible_to(user).filter(_on("mine", user, now) | _on("unclaimed", user, now)).count()


def choices(name: Literal["team", "channel"], user: User) -> list[str]:
    """What follow-ups can be told apart by."""
    rows = visible_to(user).exclude(**{name: ""}).order_by(name)
    return list(rows.values_list(name, flat=True).distinct()[:200])


def surveys_with_any(user: User) -> QuerySet[Survey]:
    return Survey.objects.filter(pk__in=visible_to(user).values("survey")).order_by("name", "id")


def people() -> QuerySet[User]:
    """Whoever may take care of a follow-up."""
    wanted = {"codename": "change_followup", "content_type__app_label": "surveys"}
    of_groups = {f"groups__permissions__{name}": value for name, value in wanted.items()}
    own = {f"user_permissions__{name}": value for name, value in wanted.items()}
    may = User.objects.filter(Q(is_superuser=True) | Q(**of_groups) | Q(**own))
    return by_name(User.objects.filter(is_active=True, pk__in=may.values("pk")))


def notes(follow_up: FollowUp) -> QuerySet[FollowUpNote]:
    """What happened, the last things first, with who was told."""
    rows = FollowUpNote.objects.filter(follow_up=follow_up).select_related("by")
    return rows.prefetch_related("tellings__recipient").order_by("-at", "-id")


def links(follow_up: FollowUp) -> list[FollowUpAnswer]:
    """Its answers, the first one first, without those about the settlement."""
    rows = FollowUpAnswer.objects.filter(follow_up=follow_up, is_recovery=False)
    return list(rows.select_related("answer__survey", "answer__contact").order_by("answer__answered_at", "id"))


def recoveries(follow_up: FollowUp) -> QuerySet[Recovery]:
    rows = Recovery.objects.filter(follow_up=follow_up).select_related("answer__survey", "invitation__survey")
    return rows.order_by("id")


def overdue(now: datetime) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(_overdue(now))


def unclaimed() -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(state=FollowUp.State.NEW)


def to_escalate(now: datetime) -> QuerySet[FollowUp]:
    """Those that nobody has taken within the limit, and of which no manager was told for that."""
    return FollowUp.objects.filter(state=FollowUp.State.NEW, escalated_at__isnull=True, escalate_at__lte=now)


def _on(shelf: str, user: User, now: datetime) -> Q:
    open_ones = Q(state__in=FollowUp.OPEN_STATES)
    return {
        "open": open_ones,
        "mine": open_ones & Q(assignee=user),
        "unclaimed": Q(state=FollowUp.State.NEW),
        "overdue": _overdue(now),
        "closed": Q(state__in=FollowUp.CLOSED_STATES),
        "all": Q(),
    }[shelf]


def _overdue(now: datetime) -> Q:
    return Q(state__in=FollowUp.UNCONTACTED_STATES, due_at__lt=now)


# --- Figures ------------------------------------------------------------------------------------------------------
def follow_up_rows(start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Follow-ups of which one working day was over in [start, end), in the order of FOLLOW_UP_COLUMNS."""
    paths = [_PATHS.get(name, name) for name in FOLLOW_UP_COLUMNS]
    rows = FollowUp.objects.filter(one_day_at__gte=start, one_day_at__lt=end).order_by("one_day_at", "id")
    return rows.values_list(*paths).iterator(chunk_size=5000)


def recovery_rows(start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Answers about whether it was settled that were first given in [start, end), in the order of RECOVERY_COLUMNS."""
    paths = [_RECOVERY_PATHS.get(name, name) for name in RECOVERY_COLUMNS]
    rows = Recovery.objects.filter(answer__answered_at__gte=start, answer__answered_at__lt=end)
    return rows.order_by("answer__answered_at", "id").values_list(*paths).iterator(chunk_size=5000)


def pending_between(start: datetime, end: datetime) -> int:
    """How many that could be contacted were not, and whose day is over in [start, end)."""
    rows = FollowUp.objects.filter(one_day_at__gte=start, one_day_at__lt=end)
    return rows.filter(contacted_at__isnull=True, is_reachable=True).count()


def follow_up_extent() -> tuple[datetime, datetime] | None:
    return _ends(FollowUp.objects.aggregate(first=Min("one_day_at"), last=Max("one_day_at")))


def recovery_extent() -> tuple[datetime, datetime] | None:
    return _ends(Recovery.objects.aggregate(first=Min("answer__answered_at"), last=Max("answer__answered_at")))


def _ends(found: dict[str, datetime | None]) -> tuple[datetime, datetime] | None:
    first, last = found["first"], found["last"]
    return (first, last) if first and last else None


@dataclass(frozen=True, kw_only=True)
class Course:
    """How follow-ups of some time went."""

    opened: int
    contacted: int
    closed: int


def course(start: datetime, end: datetime, *, as_of: datetime) -> Course:
    """Of those opened in [start, end), as it was at an instant."""
    found = FollowUp.objects.filter(opened_at__gte=start, opened_at__lt=end).aggregate(
        opened=Count("pk"),
        contacted=Count("pk", filter=Q(contacted_at__lte=as_of)),
        closed=Count("pk", filter=Q(closed_at__lte=as_of)),
    )
    return Course(**found)


def lately(people: set[str], customers: set[str], *, days: int, now: datetime) -> list[FollowUp]:
    """The follow-ups of these customers that a new answer may belong to, oldest first."""
    whose = Q(contact__person_key__in=people) | Q(contact__isnull=True, customer__in=customers)
    since = now - timedelta(days=days + 1)
    rows = FollowUp.objects.filter(whose, opened_at__gte=since).select_related("contact")
    return list(rows.order_by("opened_at", "id"))
