"""Mails that wait for their hour can still be called off; whoever is not asked after all is told with the reason."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kpiproject.models import Mail
from surveys import outgoing, reasons
from surveys.models import Invitation, SendingRule, Skip, Survey

_CHUNK = 500


class Planned(NamedTuple):
    """An invitation that waits, and the ticket it is about."""

    id: int
    source: str
    ticket: str


def about_tickets(limit: int = 20_000) -> list[Planned]:
    """What rules have planned about tickets and has not left."""
    rows = _waiting().filter(rule__isnull=False).exclude(ticket="").order_by("id")
    return [Planned(*row) for row in rows.values_list("id", "ticket_source", "ticket")[:limit]]


def of(rule: SendingRule) -> "QuerySet[Invitation]":
    """What a rule has planned and has not left."""
    return _waiting().filter(rule=rule)


def call_off_of(rule: SendingRule) -> int:
    """When a rule is switched off: nobody expects it to go on asking."""
    return call_off(_ids(of(rule)), reasons.SWITCHED_OFF)


def call_off_closed() -> int:
    """Nobody can answer a survey that was closed."""
    return call_off(_ids(_waiting().filter(survey__status=Survey.Status.CLOSED)), reasons.CLOSED)


def call_off(ids: Collection[int], reason: str) -> int:
    """Cancel those that no worker has in hand, and note why; returns how many. Twice is as once."""
    return sum(_call_off(chunk, reason) for chunk in _chunks(sorted(ids)))


def _call_off(ids: Collection[int], reason: str) -> int:
    with transaction.atomic():
        mails = Mail.objects.select_for_update().filter(
            pk__in=Invitation.objects.filter(pk__in=ids).values("mail_id"), state=Mail.State.QUEUED
        )
        found = [mail.pk for mail in mails.only("pk")]
        outgoing.cancel(Mail.objects.filter(pk__in=found))
        invitations = Invitation.objects.filter(mail__in=found).select_related("contact").order_by("id")
        Skip.objects.bulk_create([_skip(one, reason) for one in invitations], ignore_conflicts=True)
    return len(found)


def _skip(invitation: Invitation, reason: str) -> Skip:
    return Skip(
        survey_id=invitation.survey_id,
        contact=invitation.contact,
        email=invitation.contact.email,
        key=f"{invitation.key}:off",
        reason=reason,
        rule_id=invitation.rule_id,
        at=timezone.now(),
    )


def _waiting() -> "QuerySet[Invitation]":
    return Invitation.objects.filter(sent_at__isnull=True, mail__state=Mail.State.QUEUED)


def _ids(rows: "QuerySet[Invitation]") -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
