"""Ask people: freeze what they are asked and what their answer counts under, and put one mail each in the outbox."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject import mail as outbox
from kpiproject import queries as ground
from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, Organisation
from surveys import answers, contacts, invitation_mail, links
from surveys.contacts import Person
from surveys.models import Contact, Invitation, Suppression, Survey

BATCH = 200
# What answers are counted by; any other key of a context is kept beside it.
DIMENSIONS = ("ticket", "ticket_source", "agent", "team", "channel", "category")
_LIMITS = {"ticket": 200, "ticket_source": 50, "agent": 200, "team": 200, "channel": 100, "category": 200}
_CAUSE_MAX = 140


class NotOpenError(Exception):
    """The survey is not open, so nobody can be asked."""


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody to ask. `cause` names why, such as "ticket:zendesk:123": a survey asks only once for one cause."""

    email: str
    name: str = ""
    company: str = ""
    cause: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of one invitee, under the address as it was given: "queued" with the address of the page, or
    "skipped" with the reason."""

    email: str
    status: str
    reason: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An invitee with the address as it will be stored, and why it is skipped ("" if it is not)."""

    invitee: Invitee
    email: str
    reason: str = ""

    @property
    def given(self) -> str:
        return self.invitee.email.strip()


def invite(
    survey: Survey, invitees: Sequence[Invitee], *, key_prefix: str | None = None, now: datetime | None = None
) -> list[Outcome]:
    """Ask everyone who may be asked, in transactions of 200, and tell what became of each, in the order given.

    With the same `key_prefix` the same address is asked once, however often this is called. The caller wakes the
    delivery. Raises NotOpenError.
    """
    check_open(survey)
    at = now or timezone.now()
    prefix = key_prefix or new_token()
    found = screen(invitees)
    fit = [candidate for candidate in found if not candidate.reason]
    organisation = ground.organisation()
    asked: dict[str, Outcome] = {}
    for start in range(0, len(fit), BATCH):
        asked |= _invite_batch(survey, fit[start : start + BATCH], organisation=organisation, prefix=prefix, at=at)
    return [
        Outcome(candidate.given, "skipped", candidate.reason) if candidate.reason else asked[candidate.email]
        for candidate in found
    ]


def check_open(survey: Survey) -> None:
    if survey.status != Survey.Status.OPEN:
        raise NotOpenError(
            _("The survey “%(slug)s” is not open (it is: %(status)s), so nobody can be asked.")
            % {"slug": survey.slug, "status": survey.get_status_display()}
        )


def screen(invitees: Sequence[Invitee]) -> list[Candidate]:
    """Say of each whether they may be asked: no bad or double address, nobody who must not be written to."""
    emails = [contacts.normalise(invitee.email) for invitee in invitees]
    suppressed = contacts.suppressed(emails)
    seen: set[str] = set()
    found = []
    for invitee, email in zip(invitees, emails, strict=True):
        reason = _reason_against(invitee, email, suppressed=suppressed, seen=seen)
        found.append(Candidate(invitee, email, reason))
        seen.add(email)
    return found


def freeze(
    survey: Survey, contact: Contact, invitee: Invitee, *, organisation: Organisation, key: str, at: datetime
) -> Invitation:
    """An invitation, not yet saved, that later changes of survey, ticket or team do not touch."""
    context = {name: text.strip() for name, text in invitee.context.items() if text.strip()}
    return Invitation(
        survey=survey,
        contact=contact,
        token=new_token(),
        key=key,
        question=survey.question.replace("[Company]", organisation.name)[:500],
        low_label=survey.low_label,
        high_label=survey.high_label,
        scale_min=survey.scale_min,
        scale_max=survey.scale_max,
        context={name: text for name, text in context.items() if name not in DIMENSIONS},
        created_at=at,
        expires_at=at + timedelta(days=survey.expires_after_days),
        **{name: context.get(name, "") for name in DIMENSIONS},
    )


def key_of(survey: Survey, invitee: Invitee, *, email: str, prefix: str) -> str:
    """The unique name of the cause; long ones are shortened to their digest."""
    cause = invitee.cause or _ticket_of(invitee, email) or f"{prefix}:{email}"
    if len(cause) > _CAUSE_MAX:
        cause = f"digest:{hashlib.sha256(cause.encode()).hexdigest()}"
    return f"{survey.slug}:{cause}"


def _ticket_of(invitee: Invitee, email: str) -> str:
    """Nobody is asked twice by one survey about one ticket, whoever sends the list again."""
    ticket, source = (invitee.context.get(name, "").strip() for name in ("ticket", "ticket_source"))
    return f"ticket:{source}:{ticket}:{email}" if ticket else ""


def note_sent(limit: int = 5000) -> int:
    """Take over from the outbox when invitations left, or whom they cannot reach; returns how many.

    Bounded, and harmless when repeated.
    """
    return _note_left(limit) + _note_bounced(limit)


def _note_left(limit: int) -> int:
    with transaction.atomic():
        waiting = Invitation.objects.filter(sent_at__isnull=True, mail__sent_at__isnull=False).order_by("id")
        found = list(waiting.values_list("id", "mail__sent_at")[:limit])
        for start in range(0, len(found), 500):
            ids = [pk for pk, _sent_at in found[start : start + 500]]
            left = Mail.objects.filter(pk=OuterRef("mail_id")).values("sent_at")
            Invitation.objects.filter(pk__in=ids, sent_at__isnull=True).update(sent_at=Subquery(left))
        answers.journal(sent_at for _pk, sent_at in found if sent_at is not None)
    return len(found)


def _note_bounced(limit: int) -> int:
    """Their addresses are not written to again."""
    with transaction.atomic():
        waiting = Invitation.objects.filter(sent_at__isnull=True, mail__in=outbox.undeliverable())
        found = list(waiting.order_by("id").values_list("id", "mail__recipient", "mail__next_attempt_at")[:limit])
        for start in range(0, len(found), 500):
            ids = [pk for pk, _email, _at in found[start : start + 500]]
            failed = Subquery(Mail.objects.filter(pk=OuterRef("mail_id")).values("next_attempt_at"))
            Invitation.objects.filter(pk__in=ids, sent_at__isnull=True).update(sent_at=failed, bounced_at=failed)
        contacts.suppress((email for _pk, email, _at in found), Suppression.Reason.BOUNCED)
        answers.journal(at for _pk, _email, at in found)
    return len(found)


def _reason_against(invitee: Invitee, email: str, *, suppressed: set[str], seen: set[str]) -> str:
    if not contacts.is_address(email):
        return "invalid_address"
    if email in seen:
        return "duplicate"
    if email in suppressed:
        return "suppressed"
    too_long = any(len(invitee.context.get(name, "").strip()) > limit for name, limit in _LIMITS.items())
    return "context_too_long" if too_long else ""


def _invite_batch(
    survey: Survey, batch: Sequence[Candidate], *, organisation: Organisation, prefix: str, at: datetime
) -> dict[str, Outcome]:
    people = [Person(found.email, name=found.invitee.name, company=found.invitee.company) for found in batch]
    known = contacts.ensure(people)
    fresh = [
        freeze(
            survey,
            known[found.email],
            found.invitee,
            organisation=organisation,
            key=key_of(survey, found.invitee, email=found.email, prefix=prefix),
            at=at,
        )
        for found in batch
    ]
    stored = _store(_not_asked_yet(fresh), organisation)
    pairs = list(zip(batch, fresh, strict=True))
    gone = contacts.suppressed(found.email for found, invitation in pairs if invitation.token not in stored)
    return {
        found.email: Outcome(found.given, "queued", url=links.answer_url(invitation.token))
        if invitation.token in stored
        else Outcome(found.given, "skipped", "suppressed" if found.email in gone else "already_invited")
        for found, invitation in pairs
    }


def _not_asked_yet(fresh: Sequence[Invitation]) -> list[Invitation]:
    """Saves composing mails that nobody would get; what decides is the unique key."""
    keys = [invitation.key for invitation in fresh]
    asked = set(Invitation.objects.filter(key__in=keys).values_list("key", flat=True))
    return [invitation for invitation in fresh if invitation.key not in asked]


def _store(fresh: Sequence[Invitation], organisation: Organisation) -> set[str]:
    """Insert those whose cause is new, each with its mail, and return their tokens; the unique key refuses the
    others, also in a race. Composing takes longest, so it is done before anybody else has to wait; whoever
    unsubscribes meanwhile is left out."""
    drafts = {invitation.token: invitation_mail.draft(invitation, organisation) for invitation in fresh}
    with transaction.atomic():
        gone = contacts.suppressed(contacts.normalise(invitation.contact.email) for invitation in fresh)
        wanted = [invitation for invitation in fresh if contacts.normalise(invitation.contact.email) not in gone]
        Invitation.objects.bulk_create(wanted, ignore_conflicts=True)
        stored = list(Invitation.objects.filter(token__in=list(drafts)).order_by("id"))
        keys = {invitation.token: invitation_mail.key_of(invitation) for invitation in stored}
        ids = outbox.put_many({key: drafts[token] for token, key in keys.items()})
        for invitation in stored:
            invitation.mail_id = ids[keys[invitation.token]]
        Invitation.objects.bulk_update(stored, ["mail"])
    return set(keys)
