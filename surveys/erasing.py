"""What surveys know of a person is erased: address, name and words. What was counted stays, with nobody behind it.

The whole, with what other parts of the house know, is put together in kpiproject.front.erasing.
"""

import operator
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Final

from django.db.models import Q, QuerySet

from kpiproject import mail_erasing
from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail
from surveys import addresses, outgoing, unsubscribe
from surveys.models import (
    Answer,
    AnswerChange,
    BounceReport,
    Contact,
    FollowUp,
    FollowUpNote,
    FollowUpTelling,
    Invitation,
    Mailing,
    Reply,
    Skip,
    Suppression,
)
from surveys.scales import ANONYMOUS_KINDS

Identity = tuple[str, str]
"""The source of an import, and what that calls something."""
_NOTHING: Final = Q(pk__in=[])


@dataclass(frozen=True, kw_only=True)
class Traces:
    """By their ids. `words` are the comments, by which mails are found that quote them."""

    emails: frozenset[str]
    contacts: list[int]
    answers: list[int]
    follow_ups: list[int]
    words: list[str]
    mails: int
    is_listed: bool


def is_person(column: str, email: str) -> Q:
    """Rows that may have an address of this person in a column; `same_person` tells which do."""
    local, _at, domain = addresses.person_key(email).rpartition("@")
    tagged = Q(**{f"{column}__istartswith": f"{local}+"}) & Q(**{f"{column}__iendswith": f"@{domain}"})
    return Q(**{f"{column}__iexact": f"{local}@{domain}"}) | tagged


def same_person(emails: Iterable[str], email: str) -> set[str]:
    return {one for one in emails if addresses.person_key(one) == addresses.person_key(email)}


def find(
    email: str,
    *,
    others: Collection[str] = (),
    tickets: Collection[Identity] = (),
    customers: Collection[Identity] = (),
) -> Traces:
    """Everything about the person with this address. `others` are addresses, `tickets` and `customers` what they are
    known as elsewhere."""
    contacts = dict(Contact.objects.filter(person_key=addresses.person_key(email)).values_list("pk", "email"))
    answers = _answers(contacts, tickets, customers)
    rows = list(answers.values_list("pk", "comment"))
    ids = [pk for pk, _comment in rows]
    links = Q(contact__in=list(contacts)) | Q(links__answer__in=ids)
    listed = Suppression.objects.filter(is_person("email", email)).values_list("email", flat=True)
    emails = {addresses.normalise(one) for one in (email, *others, *contacts.values())}
    return Traces(
        emails=frozenset(emails),
        contacts=list(contacts),
        answers=ids,
        follow_ups=list(FollowUp.objects.filter(links).order_by("pk").values_list("pk", flat=True).distinct()),
        mails=mail_erasing.to(emails).count(),
        words=[comment for _pk, comment in rows if comment],
        is_listed=bool(same_person(listed, email)),
    )


def _answers(
    contacts: Iterable[int], tickets: Collection[Identity], customers: Collection[Identity]
) -> "QuerySet[Answer]":
    """What employees answer has no link to anybody, and is never found."""
    ids = list(contacts)
    theirs = Q(contact__in=ids) | Q(invitation__contact__in=ids)
    theirs |= _named("ticket_source", "ticket", tickets) | _named("source", "customer", customers)
    return Answer.objects.filter(theirs).exclude(kind__in=ANONYMOUS_KINDS).order_by("pk")


def _named(source: str, column: str, known: Collection[Identity]) -> Q:
    by_source: dict[str, list[str]] = {}
    for name, external_id in known:
        by_source.setdefault(name, []).append(external_id)
    found = (Q(**{source: name, f"{column}__in": ids}) for name, ids in by_source.items())
    return reduce(operator.or_, found, _NOTHING)


def erase(found: Traces, email: str, now: datetime) -> None:
    """In a transaction of the caller's. Links that were mailed open nothing any more."""
    people = Contact.objects.filter(pk__in=found.contacts)
    unsubscribe.cancel_waiting(people)
    _words(found)
    _follow_ups(found)
    _invitations(found, now)
    _waiting_files(found)
    _mails(found)
    for contact in found.contacts:
        nobody = addresses.placeholder(contact)
        Contact.objects.filter(pk=contact).update(
            email=nobody, person_key=nobody, name="", company="", company_key="", language="", time_zone=""
        )
    listed = Suppression.objects.filter(is_person("email", email))
    Suppression.objects.filter(email__in=same_person(listed.values_list("email", flat=True), email)).delete()


def _words(found: Traces) -> None:
    answers = Answer.objects.filter(pk__in=found.answers)
    answers.update(comment="", customer="", contact=None, extra={})
    Reply.objects.filter(answer__in=found.answers).update(text="")
    AnswerChange.objects.filter(answer__in=found.answers).update(comment="")


def _follow_ups(found: Traces) -> None:
    rows = FollowUp.objects.filter(pk__in=found.follow_ups)
    rows.update(contact=None, customer="", is_reachable=False)
    FollowUpNote.objects.filter(follow_up__in=found.follow_ups).update(text="")
    told = FollowUpTelling.objects.filter(note__follow_up__in=found.follow_ups, mail__isnull=False)
    mail_erasing.empty(Mail.objects.filter(pk__in=told.values("mail")))


def _invitations(found: Traces, now: datetime) -> None:
    rows = Invitation.objects.filter(contact__in=found.contacts)
    for invitation in rows:
        invitation.key, invitation.token, invitation.context = f"erased:{invitation.pk}", new_token(), {}
        invitation.expires_at = min(invitation.expires_at, now)
    Invitation.objects.bulk_update(rows, ["key", "token", "context", "expires_at"], batch_size=200)
    as_given = reduce(operator.or_, (Q(email__iexact=one) for one in found.emails), Q(contact__in=found.contacts))
    for pk in list(Skip.objects.filter(as_given).values_list("pk", flat=True)):
        Skip.objects.filter(pk=pk).update(contact=None, email="", key=f"erased:{pk}")


def _waiting_files(found: Traces) -> None:
    """Those who are still to be asked out of a file; nobody is written to in their place."""
    nobody = addresses.placeholder(0)
    for mailing in Mailing.objects.exclude(rows=[], bad_rows=[]):
        kept = [_unnamed(row, found.emails, nobody) for row in mailing.rows]
        bad = [[number, _without(text, found.emails), reason] for number, text, reason in mailing.bad_rows]
        if kept != mailing.rows or bad != mailing.bad_rows:
            Mailing.objects.filter(pk=mailing.pk).update(rows=kept, bad_rows=bad)


def _unnamed(row: dict[str, Any], emails: Collection[str], nobody: str) -> dict[str, Any]:
    is_theirs = addresses.normalise(row.get("email", "")) in emails
    return {"email": nobody, "line": row["line"]} if is_theirs else row


def _without(text: str, emails: Collection[str]) -> str:
    return "" if any(email in text.lower() for email in emails) else text


def _mails(found: Traces) -> None:
    """Those to the person, and those to others in which the person or their words stand."""
    to_them = mail_erasing.to(found.emails)
    outgoing.cancel(to_them.filter(outgoing.CAN_LEAVE))
    mail_erasing.empty(to_them)
    mail_erasing.unname(to_them)
    mail_erasing.empty(mail_erasing.naming([*found.emails, *found.words]))
    for one in found.emails:
        BounceReport.objects.filter(recipient__iexact=one).update(recipient=mail_erasing.NOBODY, diagnostic="")
    mail_erasing.forget_in_history(found.emails)
