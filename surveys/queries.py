"""What is read of surveys; the only way in for whoever computes figures."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from surveys.models import Answer, FactChange, Invitation

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


def fact_changes(limit: int) -> list[tuple[int, datetime]]:
    """The oldest entries of the journal: (id, instant whose figures changed). See answers.forget_changes."""
    return list(FactChange.objects.order_by("id").values_list("id", "at")[:limit])


def extent() -> tuple[datetime, datetime] | None:
    """The first and the last instant at which anything was sent or answered."""
    answers = Answer.objects.aggregate(first=Min("answered_at"), last=Max("answered_at"))
    sent = Invitation.objects.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    instants = [at for found in (answers, sent) for at in found.values() if at is not None]
    return (min(instants), max(instants)) if instants else None
