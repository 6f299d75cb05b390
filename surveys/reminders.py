"""Remind those who have not answered, once or twice; whoever answered, left or cannot be reached is left alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from kpiproject import mail as outbox
from kpiproject import queries as ground
from kpiproject.models import Mail, Organisation
from surveys import contacts, invitation_mail, outgoing, rules
from surveys.models import Invitation, Reminder, SendingRule, Survey

BATCH = 200
MOST = 2
# Reminders that are switched on later do not go to everybody who was asked long ago.
MOST_LATE = timedelta(days=3)
# Between the first and the second, should the first have been late.
APART = timedelta(days=1)
_DONE = Q(is_answered=True) | Q(misdirected_at__isnull=False)


def remind(now: datetime, *, limit: int = 5000) -> int:
    """Put the reminders that are due into the outbox, and call off those that are no longer needed; how many are new.

    May run twice and at once: a reminder has one row.
    """
    _call_off_needless()
    organisation = ground.organisation()
    hours = _Hours()
    written = 0
    for survey in Survey.objects.filter(status=Survey.Status.OPEN).exclude(reminder_days=[]).order_by("pk"):
        for number, days in enumerate(sorted(survey.reminder_days)[:MOST], start=1):
            while written < limit:
                batch = list(_due(survey, number, days=days, now=now)[:BATCH])
                if not batch:
                    break
                written += _write(batch, number, organisation, hours.moments(batch, now))
    return written


def _due(survey: Survey, number: int, *, days: int, now: datetime) -> "QuerySet[Invitation]":
    """So many days after the invitation left. When the reminder leaves is decided by `_Hours`."""
    left = now - timedelta(days=days)
    # By the index of when they left, which are few: by that of the survey, all it ever asked would be looked through.
    rows = Invitation.objects.annotate(asked_by=F("survey_id") + 0).filter(
        asked_by=survey.pk,
        is_answered=False,
        misdirected_at__isnull=True,
        bounced_at__isnull=True,
        sent_at__lte=left,
        sent_at__gt=left - MOST_LATE,
        expires_at__gt=now,
        mail__isnull=False,
    )
    told = Reminder.objects.filter(invitation=OuterRef("pk"))
    is_told = told.filter(number__gte=number) | told.filter(created_at__gt=now - APART)
    return rows.filter(~Exists(is_told)).select_related("survey", "version", "contact", "rule").order_by("id")


class _Hours:
    """When mails may leave: by the rule that asked, or in the usual hours, on the clock of whoever gets them."""

    def __init__(self) -> None:
        self._plans: dict[int | None, rules.Plan] = {}

    def moments(self, batch: Sequence[Invitation], now: datetime) -> dict[int, datetime]:
        """By invitation."""
        return {found.pk: self._plan(found.rule).send_at(now, found.contact.time_zone) for found in batch}

    def _plan(self, rule: SendingRule | None) -> rules.Plan:
        key = rule.pk if rule else None
        if key not in self._plans:
            self._plans[key] = rules.Plan(rule) if rule else rules.usual_plan()
        return self._plans[key]


def _write(
    batch: Sequence[Invitation], number: int, organisation: Organisation, moments: Mapping[int, datetime]
) -> int:
    """Those who must not be written to get a row without a mail, so that they are not looked at again."""
    drafts = {found.pk: invitation_mail.draft(found, organisation, reminder=number) for found in batch}
    keys = {found.pk: invitation_mail.key_of(found, reminder=number) for found in batch}
    with transaction.atomic():
        gone = contacts.suppressed(contacts.normalise(found.contact.email) for found in batch)
        done = set(Invitation.objects.filter(_DONE, pk__in=keys).values_list("pk", flat=True))
        wanted = [
            found
            for found in batch
            if contacts.normalise(found.contact.email) not in gone
            and found.pk not in done
            and moments[found.pk] < found.expires_at
        ]
        mails = outbox.put_many(
            {keys[found.pk]: {**drafts[found.pk], "next_attempt_at": moments[found.pk]} for found in wanted}
        )
        Reminder.objects.bulk_create(
            [
                # Dated when it leaves, so that the second keeps its distance from a first that waited.
                Reminder(
                    invitation=found,
                    number=number,
                    mail_id=mails.get(keys[found.pk]),
                    created_at=moments[found.pk],
                )
                for found in batch
            ],
            ignore_conflicts=True,
        )
    return len(wanted)


def _call_off_needless() -> None:
    """Somebody answered while the reminder waited in the outbox, or said that it was not meant for them, or the survey
    was closed."""
    waiting = Reminder.objects.filter(mail__state=Mail.State.QUEUED)
    needless = waiting.filter(
        Q(invitation__is_answered=True)
        | Q(invitation__misdirected_at__isnull=False)
        | ~Q(invitation__survey__status=Survey.Status.OPEN)
    )
    ids = list(needless.values_list("mail_id", flat=True)[:1000])
    if ids:
        outgoing.cancel(Mail.objects.filter(pk__in=ids, state=Mail.State.QUEUED))
