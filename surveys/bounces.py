"""Mails that came back, and what follows: who does not exist or calls us junk is not written to again.

A report counts if it names the Message-ID of a mail of ours. That is a keyed digest, known to us and to whoever got the
mail; so nobody can put a stranger on the do-not-contact list by writing to us. The address that counts is the one we
wrote to: the report may name another, to which the mail was forwarded.
"""

import logging
import re
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import DataError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from kpiproject.models import Mail
from surveys import addresses, answers, bounce_mails, contacts, unsubscribe
from surveys.bounce_mails import NoReportError
from surveys.bounce_reports import COMPLAINT, HARD, SOFT, Report
from surveys.models import BounceReport, Contact, Invitation, Suppression

SOFT_MOST: Final = 5
SOFT_WITHIN: Final = timedelta(days=30)
# For a provider that names its own numbers instead of our Message-ID.
_REMEMBERED: Final = timedelta(days=14)
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")
# A complaint weighs more than what a machine or a colleague noted; what a person said for themselves stays.
_WEAKER: Final = (Suppression.Reason.BOUNCED, Suppression.Reason.MANUAL)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tally:
    """What became of reports: noted, noted before, about no mail of ours; and mails that are no reports."""

    noted: int = 0
    known: int = 0
    strange: int = 0
    unreadable: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        mine, theirs = astuple(self), astuple(other)
        return Tally(*map(sum, zip(mine, theirs, strict=True)))


def take(content: bytes) -> Tally:
    """Note what a mail reports that came back to us, from whomever."""
    try:
        found = bounce_mails.read(content)
    except NoReportError:
        return Tally(unreadable=1)
    return sum((_record_or_pass(report) for report in found), Tally())


def _record_or_pass(report: Report) -> Tally:
    """Nobody's report stops those that come after it."""
    try:
        return record(report)
    except (DataError, ValueError):
        logger.exception("A report about a mail cannot be kept.")
        return Tally(unreadable=1)


def record(report: Report, *, is_trusted: bool = False) -> Tally:
    """Note a report once, however often it comes. One from whom we trust may name only the recipient."""
    report = _storable(report)
    mail = _mail_of(report, is_trusted=is_trusted)
    if mail is None:
        return Tally(strange=1)
    at = min(report.at or timezone.now(), timezone.now())
    with transaction.atomic():
        _row, is_new = BounceReport.objects.get_or_create(
            mail=mail,
            kind=report.kind,
            defaults={
                "recipient": contacts.normalise(mail.recipient),
                "status": report.status[:10],
                "diagnostic": report.diagnostic[:500],
                "source": report.source[:30],
                "at": at,
            },
        )
        if not is_new:
            return Tally(known=1)
        _act(report.kind, mail, at)
    return Tally(noted=1)


def _storable(report: Report) -> Report:
    """Without what a database does not keep in a text: NUL, and half a character."""
    message_id, recipient, diagnostic = (
        _UNSTORABLE.sub("", text) for text in (report.message_id, report.recipient, report.diagnostic)
    )
    return replace(report, message_id=message_id, recipient=recipient, diagnostic=diagnostic)


def _act(kind: str, mail: Mail, at: datetime) -> None:
    if kind == HARD:
        _note_bounced(mail, at)
        _silence([mail.recipient], Suppression.Reason.BOUNCED)
    elif kind == COMPLAINT:
        _complained(mail)
    elif kind == SOFT and _soft_lately(mail, at) >= SOFT_MOST:
        _silence([mail.recipient], Suppression.Reason.BOUNCED)


def _mail_of(report: Report, *, is_trusted: bool) -> Mail | None:
    found = Mail.objects.filter(message_id=report.message_id).first() if report.message_id else None
    if found is not None or not is_trusted or not report.recipient:
        return found
    lately = Q(recipient__iexact=report.recipient, sent_at__gte=timezone.now() - _REMEMBERED)
    return Mail.objects.filter(lately).order_by("-sent_at", "-pk").first()


def _note_bounced(mail: Mail, at: datetime) -> None:
    """Of the invitation; who has answered got it, whatever a server says."""
    asked = Invitation.objects.filter(Q(mail=mail) | Q(reminders__mail=mail), is_answered=False, answer__isnull=True)
    found = list(asked.values_list("pk", "sent_at"))
    Invitation.objects.filter(pk__in=[pk for pk, _sent_at in found]).update(
        bounced_at=Coalesce(F("bounced_at"), at), sent_at=Coalesce(F("sent_at"), at)
    )
    answers.journal(sent_at or at for _pk, sent_at in found)


def _complained(mail: Mail) -> None:
    email = contacts.normalise(mail.recipient)
    entry = Suppression.objects.filter(email__iexact=email, reason__in=_WEAKER)
    entry.update(reason=Suppression.Reason.COMPLAINED, at=timezone.now())
    people = Contact.objects.filter(person_key=addresses.person_key(email))
    _silence([email, *people.values_list("email", flat=True)[:20]], Suppression.Reason.COMPLAINED)


def _soft_lately(mail: Mail, at: datetime) -> int:
    lately = BounceReport.objects.filter(recipient=contacts.normalise(mail.recipient), at__gt=at - SOFT_WITHIN)
    return lately.filter(kind=SOFT).count()


def _silence(emails: list[str], reason: Suppression.Reason) -> None:
    """Nothing more is written to them, and what is waiting does not leave."""
    contacts.suppress(emails, reason)
    for email in {contacts.normalise(email) for email in emails}:
        unsubscribe.cancel_waiting(Contact.objects.filter(email__iexact=email))
