"""Ask people: freeze what they are asked and what their answer counts under, and put one mail each in the outbox."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject import mail as outbox
from kpiproject import queries as ground
from kpiproject.lib.rows import insert_new
from kpiproject.lib.tokens import new_token
from kpiproject.mail import Draft
from kpiproject.models import Mail, Organisation
from surveys import answers, contacts, eligibility, invitation_mail, languages, links, reasons, screening, versions
from surveys.contacts import Person
from surveys.models import Contact, Invitation, SendingRule, Skip, Suppression, Survey
from surveys.screening import DIMENSIONS, Candidate, Invitee, Screener, key_of

BATCH = 500

__all__ = [
    "Invitee",
    "NotOpenError",
    "Outcome",
    "freeze",
    "invite",
    "invite_each",
    "key_of",
    "note_sent",
]


class NotOpenError(Exception):
    """The survey is not open, so nobody can be asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one invitee, under the address as it was given: "queued" with the address of the page, or
    "skipped" with the reason."""

    email: str
    status: str
    reason: str | None = None
    url: str | None = None


def invite(
    survey: Survey, invitees: Iterable[Invitee], *, key_prefix: str | None = None, now: datetime | None = None
) -> list[Outcome]:
    """Ask everyone who may be asked and tell what became of each, in the order given.

    With the same `key_prefix` the same address is asked once, however often this is called. The caller wakes the
    delivery. Raises NotOpenError.
    """
    return list(invite_each(survey, invitees, key_prefix=key_prefix, now=now))


def invite_each(
    survey: Survey,
    invitees: Iterable[Invitee],
    *,
    key_prefix: str | None = None,
    rule: SendingRule | None = None,
    now: datetime | None = None,
) -> Iterator[Outcome]:
    """The same while it goes on, in transactions of some hundred: for lists of any length."""
    check_open(survey)
    at = now or timezone.now()
    asking = _Asking(survey, rule=rule, prefix=key_prefix or new_token(), at=at)
    remaining = iter(invitees)
    while batch := list(islice(remaining, BATCH)):
        yield from asking.ask(batch)


def check_open(survey: Survey) -> None:
    if survey.status != Survey.Status.OPEN:
        raise NotOpenError(
            _("The survey “%(slug)s” is not open (it is: %(status)s), so nobody can be asked.")
            % {"slug": survey.slug, "status": survey.get_status_display()}
        )


def freeze(survey: Survey, contact: Contact, invitee: Invitee, *, key: str, at: datetime) -> Invitation:
    """An invitation, not yet saved, that later changes of survey, ticket or team do not touch."""
    context = {name: said for name, text in invitee.context.items() if (said := contacts.one_line(text))}
    version = versions.asked_now(survey)
    send_at = invitee.send_at or at
    return Invitation(
        survey=survey,
        contact=contact,
        token=new_token(),
        key=key,
        version=version,
        language=languages.choose(
            version.content["wordings"], contact.language, invitee.language, otherwise=survey.language
        ),
        scale_min=survey.scale_min,
        scale_max=survey.scale_max,
        context={name: text for name, text in context.items() if name not in DIMENSIONS},
        created_at=at,
        send_at=send_at,
        expires_at=send_at + timedelta(days=survey.expires_after_days),
        **{name: context.get(name, "") for name in DIMENSIONS},
    )


class _Asking:
    """One list of people on its way into the outbox."""

    def __init__(self, survey: Survey, *, rule: SendingRule | None, prefix: str, at: datetime) -> None:
        self._survey = survey
        self._rule = rule
        self._at = at
        self._screener = Screener(survey, prefix=prefix, at=at)
        self._organisation: Organisation = ground.organisation()

    def ask(self, invitees: Sequence[Invitee]) -> list[Outcome]:
        """Composing takes longest, so it is done before anybody else has to wait. Whom to ask is decided behind the
        lock: whoever unsubscribes or is asked by somebody else meanwhile is left out."""
        read = self._screener.read(invitees)
        fit = [one for one in read if not one.reason]
        known = contacts.ensure([_person(one) for one in fit])
        composed = self._compose(fit, known)
        with transaction.atomic():
            eligibility.lock()
            found = self._screener.judge(read, known, screening.new_quiet(self._survey))
            wanted = [composed[one.key] for one in found if not one.reason and one.key in composed]
            stored = store([invitation for invitation, _draft in wanted], [draft for _invitation, draft in wanted])
            found = [one if one.reason or one.key in stored else _as_asked(one) for one in found]
            self._note_skipped(found, known)
        return [_outcome(one, stored) for one in found]

    def _compose(self, fit: Sequence[Candidate], known: dict[str, Contact]) -> dict[str, tuple[Invitation, Draft]]:
        """By key. Those whose key is taken are left out, which saves composing mails that nobody would get."""
        asked = eligibility.asked_keys(one.key for one in fit)
        found: dict[str, tuple[Invitation, Draft]] = {}
        for one in fit:
            if one.key in asked:
                continue
            invitation = freeze(self._survey, known[one.email], one.invitee, key=one.key, at=self._at)
            invitation.rule = self._rule
            draft = invitation_mail.draft(invitation, self._organisation)
            found[one.key] = (invitation, {**draft, "next_attempt_at": invitation.send_at})
        return found

    def _note_skipped(self, found: Sequence[Candidate], known: dict[str, Contact]) -> None:
        """Once for each cause. Whoever was asked about it already has not been skipped."""
        skips = [
            Skip(
                survey=self._survey,
                contact=known.get(one.email),
                email=contacts.one_line(one.given)[:254],
                # The same address is asked under the same key.
                key=one.key + (":twice" if one.reason == reasons.DUPLICATE else ""),
                reason=one.reason,
                rule=self._rule,
                at=self._at,
            )
            for one in found
            if one.reason and one.reason != reasons.ALREADY_INVITED
        ]
        insert_new(skips)


def store(fresh: Sequence[Invitation], drafts: Sequence[Draft]) -> dict[str, str]:
    """Insert invitations whose cause is new, each with its mail, and return their tokens by key; the unique key
    refuses the others. Runs in a transaction."""
    insert_new(fresh)
    by_token = dict(zip((invitation.token for invitation in fresh), drafts, strict=True))
    columns = ("id", "token", "key")
    stored = list(Invitation.objects.filter(token__in=list(by_token)).order_by("id").values_list(*columns))
    outbox.put_many({f"{invitation_mail.KEY}{pk}": by_token[token] for pk, token, _key in stored})
    mail_key = Concat(Value(invitation_mail.KEY), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    mails = Mail.objects.filter(key=mail_key).values("pk")
    Invitation.objects.filter(pk__in=[pk for pk, _token, _key in stored]).update(mail=Subquery(mails))
    return {key: token for _pk, token, key in stored}


def _person(one: Candidate) -> Person:
    given = one.invitee
    return Person(one.email, name=given.name, company=given.company, language=given.language, time_zone=given.time_zone)


def _as_asked(one: Candidate) -> Candidate:
    """Somebody else has just asked about the same cause."""
    return replace(one, reason=reasons.ALREADY_INVITED)


def _outcome(one: Candidate, stored: dict[str, str]) -> Outcome:
    if one.reason:
        return Outcome(one.given, "skipped", one.reason)
    return Outcome(one.given, "queued", url=links.answer_url(stored[one.key]))


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
