"""What is read of surveys; the only way in for whoever computes figures."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from surveys import scales
from surveys.models import Answer, FactChange, Invitation, Survey

ANSWER_COLUMNS = (
    "id",
    "survey",
    "kind",
    "score",
    "scale_min",
    "scale_max",
    "answered_at",
    "ticket_source",
    "ticket",
    "agent",
    "team",
    "channel",
    "category",
)
INVITATION_COLUMNS = (
    "id",
    "survey",
    "kind",
    "sent_at",
    "bounced_at",
    "answered_at",
    "agent",
    "team",
    "channel",
    "category",
)
_PATHS = {"survey": "survey__slug"}
_INVITATION_PATHS = _PATHS | {"kind": "survey__kind", "answered_at": "answer__answered_at"}


def answer_rows(start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Answers first given in [start, end), each a tuple in the order of ANSWER_COLUMNS; instants are UTC."""
    paths = [_PATHS.get(name, name) for name in ANSWER_COLUMNS]
    rows = Answer.objects.filter(answered_at__gte=start, answered_at__lt=end).order_by("answered_at", "id")
    return rows.values_list(*paths).iterator(chunk_size=5000)


def invitation_rows(start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Invitations sent in [start, end), each a tuple in the order of INVITATION_COLUMNS; `answered_at` is None
    for those without an answer, `bounced_at` for those that arrived; instants are UTC."""
    paths = [_INVITATION_PATHS.get(name, name) for name in INVITATION_COLUMNS]
    rows = Invitation.objects.filter(sent_at__gte=start, sent_at__lt=end).order_by("sent_at", "id")
    return rows.values_list(*paths).iterator(chunk_size=5000)


def superseded(start: datetime, end: datetime) -> set[int]:
    """The ids of answers first given in [start, end) that a later answer of the same kind about the same ticket
    replaces in the figures."""
    later = Answer.objects.filter(
        Q(answered_at__gt=OuterRef("answered_at")) | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk")),
        kind=OuterRef("kind"),
        ticket_source=OuterRef("ticket_source"),
        ticket=OuterRef("ticket"),
    )
    rows = Answer.objects.filter(answered_at__gte=start, answered_at__lt=end).exclude(ticket="")
    return set(rows.filter(Exists(later)).values_list("pk", flat=True))


def about_tickets(kind: str) -> QuerySet[Answer]:
    """Answers of a kind, to be narrowed by `ticket_source` and `ticket`."""
    return Answer.objects.filter(kind=kind).exclude(ticket="")


def tickets_at(instants: Collection[datetime]) -> list[tuple[str, str]]:
    """Source and ticket of the answers that were first given at these instants."""
    rows = Answer.objects.filter(answered_at__in=instants).exclude(ticket="")
    return list(rows.values_list("ticket_source", "ticket").distinct())


def instants_about(tickets: Collection[tuple[str, str]]) -> list[datetime]:
    """When answers about these tickets (source, ticket) were first given."""
    sources, names = {source for source, _ in tickets}, {ticket for _, ticket in tickets}
    rows = Answer.objects.filter(ticket_source__in=sources, ticket__in=names)
    return list(rows.values_list("answered_at", flat=True))


def fact_changes(limit: int) -> list[tuple[int, datetime]]:
    """The oldest entries of the journal: (id, instant whose figures changed). See answers.forget_changes."""
    return list(FactChange.objects.order_by("id").values_list("id", "at")[:limit])


def extent() -> tuple[datetime, datetime] | None:
    """The first and the last instant at which anything was sent or answered."""
    answers = Answer.objects.aggregate(first=Min("answered_at"), last=Max("answered_at"))
    sent = Invitation.objects.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    instants = [at for found in (answers, sent) for at in found.values() if at is not None]
    return (min(instants), max(instants)) if instants else None


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How many were asked, reached and answered. `rate` is in percent of those delivered, None if nobody was."""

    invited: int = 0
    sent: int = 0
    bounced: int = 0
    answered: int = 0

    @property
    def delivered(self) -> int:
        return self.sent - self.bounced

    @property
    def rate(self) -> float | None:
        return 100 * self.answered / self.delivered if self.delivered else None


@dataclass(frozen=True, kw_only=True)
class Given:
    """How many answers a survey has, by link and by invitation, and when the last one came."""

    n: int = 0
    last: datetime | None = None


def funnels(survey_ids: Collection[int]) -> dict[int, Funnel]:
    """By survey; answered counts those of the delivered invitations that were answered, so it never exceeds them."""
    rows = Invitation.objects.filter(survey_id__in=survey_ids).order_by().values("survey_id")
    arrived = Q(sent_at__isnull=False, bounced_at__isnull=True)
    counted = rows.annotate(
        invited=Count("id"),
        sent=Count("sent_at"),
        bounced=Count("bounced_at"),
        answered=Count("answer", filter=arrived),
    )
    return {
        row["survey_id"]: Funnel(
            invited=row["invited"], sent=row["sent"], bounced=row["bounced"], answered=row["answered"]
        )
        for row in counted
    }


def given(survey_ids: Collection[int]) -> dict[int, Given]:
    rows = Answer.objects.filter(survey_id__in=survey_ids).order_by().values("survey_id")
    counted = rows.annotate(n=Count("id"), last=Max("answered_at"))
    return {row["survey_id"]: Given(n=row["n"], last=row["last"]) for row in counted}


def distribution(survey: Survey) -> dict[int, int]:
    """How often each score was given; scores nobody gave are there with 0."""
    counts = dict.fromkeys(range(survey.scale_min, survey.scale_max + 1), 0)
    rows = Answer.objects.filter(survey=survey).order_by().values_list("score").annotate(n=Count("id"))
    return counts | dict(rows)


def comments(survey: Survey) -> QuerySet[Answer]:
    """Answers with words, the newest first."""
    return Answer.objects.filter(survey=survey).exclude(comment="").order_by("-answered_at", "-id")


def unhappy_since(since: datetime) -> QuerySet[Answer]:
    """Answers of customers in the bad group of their scale, given or changed from that instant on.

    Answers of employees are never among them, nor those on a scale without agreed thresholds.
    """
    # Each half by its own index; joined by OR, SQLite would read every answer there is.
    given, changed = Answer.objects.filter(answered_at__gte=since), Answer.objects.filter(changed_at__gte=since)
    young = given.order_by().values("pk").union(changed.order_by().values("pk"))
    return Answer.objects.filter(_bad(), pk__in=young)


def _bad() -> Q:
    """What scales.group says, in the database. Recommendation is measured from 0 only."""
    found = Q(pk__in=[])
    for kind, points, bad in scales.of_customers():
        on_scale = Q(kind=kind, scale_max=F("scale_min") + points - 1, score__lt=F("scale_min") + bad)
        found |= on_scale & Q(scale_min=0) if scales.KINDS[kind].groups == scales.RECOMMENDATION else on_scale
    return found


def asked(survey: Survey) -> QuerySet[Invitation]:
    """Invitations, the newest first, with their mail's state and their answer; not the mail's words."""
    rows = Invitation.objects.filter(survey=survey).select_related("contact", "mail", "answer")
    return rows.defer("mail__text", "mail__html", "answer__comment").order_by("-id")
