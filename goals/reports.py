"""Weekly reports: frozen once for each week, with one mail for each recipient.

A week of a report is one row, and so is each of its mails in the outbox: the run, its deliveries, their mails and the
next date are written in one transaction, and unique keys that name the week refuse everything a second time. So it
does not matter how often or by how many workers a report is produced, or where one of them is killed.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goals import report_content, report_mail
from goals.models import Delivery, Report, ReportRun
from goals.report_content import Content
from goals.report_mail import Recipient
from goals.report_weeks import Schedule
from kpiproject import mail
from kpiproject.lib import due
from kpiproject.lib.periods import Period
from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import organisation

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
WAITS_AT_MOST: Final = timedelta(hours=2)
"""So long a report waits for figures that are being computed."""
MOST_SKIPPED: Final = 100
_MOST_KEY: Final = 200


# --- When
def schedule_of(report: Report, house: Organisation | None = None) -> Schedule:
    house = house or organisation()
    return Schedule(weekday=report.weekday, at=report.at, zone=house.time_zone, week_start=house.week_start)


def planned(report: Report, now: datetime) -> datetime | None:
    """When the report is due next. The week it will be about stays the same when its day, time or zone is changed, so
    that no week is sent twice or left out; a date that has become a past one is due at once."""
    if not report.is_active:
        return None
    schedule = schedule_of(report)
    first = schedule.covered(report.next_due) if report.next_due else next(schedule.after(now))
    sent = set(report.runs.filter(start__gte=first.start).values_list("start", flat=True)) if report.pk else set()
    return schedule.due(next(week for week in schedule.from_week(first) if week.start not in sent))


def upcoming(report: Report, count: int, house: Organisation | None = None) -> list[tuple[datetime, Period]]:
    """The next dates, each with the week it will be about."""
    if report.next_due is None:
        return []
    schedule = schedule_of(report, house)
    weeks = schedule.from_week(schedule.covered(report.next_due))
    return [(schedule.due(week), week) for week in islice(weeks, count)]


def follow_organisation(now: datetime) -> None:
    """Move the dates of reports whose zone or beginning of the week was changed."""
    house = organisation()
    for report in Report.objects.filter(is_active=True):
        schedule = schedule_of(report, house)
        if report.next_due is None or schedule.due(schedule.covered(report.next_due)) != report.next_due:
            Report.objects.filter(pk=report.pk, next_due=report.next_due).update(next_due=planned(report, now))


# --- Once a week
def due_ids(now: datetime) -> list[int]:
    """Reports whose time has come."""
    rows = Report.objects.filter(is_active=True, next_due__lte=now)
    return list(rows.order_by("next_due").values_list("pk", flat=True))


def produce_due(report_id: int) -> None:
    """Write the report about the last week that is due, if nobody else is at it; earlier ones are only named in it."""
    now = timezone.now()
    rows = Report.objects.filter(is_active=True, next_due__lte=now)
    token = due.claim(rows, pk=report_id, now=now, lease=LEASE)
    if token is None:
        return
    report = Report.objects.get(pk=report_id)
    week = schedule_of(report).latest(now)
    if not _has_run(report, week) and _must_wait(report, week, now):
        Report.objects.filter(pk=report_id, lease_token=token).update(lease_until=None, lease_token="")
        return
    _produce(report, week, skipped=_skipped(report, week))
    _move_on(report, now)


def produce(report: Report, week: Period) -> ReportRun:
    """The run of that week: the one that exists, or a new one with its mails in the outbox."""
    return _produce(report, week, skipped=[])


def last_complete_week(report: Report) -> Period:
    return schedule_of(report).last_complete(timezone.now())


@dataclass(frozen=True)
class Item:
    """A figure that a report is to contain, in words."""

    name: str
    scope: str
    has_chart: bool


def items(report: Report) -> list[Item]:
    return [Item(report_content.name(item), report_content.scope(item), item.has_chart) for item in report.items.all()]


def recipients(report: Report) -> list[Recipient]:
    """One for each address, whatever its capitals; who has an account is not an outsider."""
    found = {
        stakeholder.email.lower(): Recipient(stakeholder.email, stakeholder.name, stakeholder=stakeholder.pk)
        for stakeholder in report.stakeholders.all()
        if stakeholder.is_active
    }
    for person in report.people.all():
        if person.is_active:
            found[person.email.lower()] = Recipient(person.email, person.name)
    return [found[email] for email in sorted(found)]


def _has_run(report: Report, week: Period) -> bool:
    return report.runs.filter(start=week.start).exists()


def _must_wait(report: Report, week: Period, now: datetime) -> bool:
    """Whether another sweep will know more."""
    if not report_content.is_computing(report, week):
        return False
    if report.waiting_since is None:
        Report.objects.filter(pk=report.pk).update(waiting_since=now)
        return True
    return now < report.waiting_since + WAITS_AT_MOST


def _skipped(report: Report, week: Period) -> list[Period]:
    """The weeks before this one that were due and never reported."""
    if report.next_due is None:
        return []
    schedule = schedule_of(report)
    missed = []
    for earlier in schedule.from_week(schedule.covered(report.next_due)):
        if earlier.start >= week.start:
            break
        missed.append(earlier)
    sent = set(report.runs.filter(start__lt=week.start).values_list("start", flat=True))
    return [earlier for earlier in missed[-MOST_SKIPPED:] if earlier.start not in sent]


def _produce(report: Report, week: Period, *, skipped: list[Period]) -> ReportRun:
    found = report.runs.filter(start=week.start).first()
    if found is not None:
        return found
    content = report_content.with_skipped(report_content.freeze(report, week), skipped)
    readers = recipients(report)
    letters = _letters(report, content, readers)
    try:
        with transaction.atomic():
            return _written(report, week, content, readers, letters)
    except IntegrityError:
        # Somebody else was faster; anything else that was refused has left no run, and is raised.
        found = report.runs.filter(start=week.start).first()
        if found is None:
            raise
        return found


def _warning(report: Report, start: str) -> dict[str, mail.Draft]:
    """What the owner is told, the first time that there is no recipient left."""
    if report.runs.exists() and report.runs.latest("start").problem:
        return {}
    return {f"report-problem:{report.pk}:{start}": report_mail.warning(report)}


@dataclass(frozen=True)
class _Letters:
    """Drafts by key, and the key of each recipient's by address."""

    drafts: dict[str, mail.Draft]
    keys: dict[str, str]


def _letters(report: Report, content: Content, readers: Sequence[Recipient]) -> _Letters:
    start = content["week"]["start"]
    if not readers:
        return _Letters(_warning(report, start), {})
    keys = {reader.email: _key(report, start, reader.email) for reader in readers}
    drafts = report_mail.drafts(content, readers, report=report)
    return _Letters({keys[email]: draft for email, draft in drafts.items()}, keys)


def _written(
    report: Report, week: Period, content: Content, readers: Sequence[Recipient], letters: _Letters
) -> ReportRun:
    problem = "" if readers else _("Nobody got it: there is no recipient left who is active.")
    run = ReportRun.objects.create(report=report, start=week.start, end=week.end, content=content, problem=problem)
    ids = mail.put_many(letters.drafts)
    Delivery.objects.bulk_create(
        Delivery(run=run, email=reader.email, name=reader.name, mail_id=ids[letters.keys[reader.email]])
        for reader in readers
    )
    _move_on(report, timezone.now())
    return run


def _move_on(report: Report, now: datetime) -> None:
    """To the next week that has no run, by the schedule as it is now; free for the next worker."""
    with transaction.atomic():
        current = Report.objects.select_for_update().get(pk=report.pk)
        current.next_due = None
        after = planned(current, now)
        rows = Report.objects.filter(pk=report.pk)
        rows.update(next_due=after, waiting_since=None, lease_until=None, lease_token="")


def _key(report: Report, start: str, email: str) -> str:
    """One report, one week, one address, one mail. An address may be longer than a key."""
    key = f"report:{report.pk}:{start}:{email.lower()}"
    return key if len(key) <= _MOST_KEY else f"report:{report.pk}:{start}:{hashlib.sha256(email.encode()).hexdigest()}"


# --- By hand
def preview(report: Report) -> Content:
    """What the report would say about the last complete week."""
    return report_content.freeze(report, last_complete_week(report))


def preview_mail(report: Report, *, is_for_outsiders: bool) -> mail.Draft:
    """The mail as the owner, or a stakeholder, would get it about the last complete week."""
    reader = Recipient(report.owner.email, report.owner.name, stakeholder=0 if is_for_outsiders else None)
    return report_mail.drafts(preview(report), [reader], report=report)[reader.email]


def send_test(report: Report, person: User) -> Mail:
    """The mail about the last complete week to one person; it stands for nothing and changes no date."""
    reader = Recipient(person.email, person.name)
    drafts = report_mail.drafts(preview(report), [reader], report=report, is_test=True)
    key = f"report-test:{report.pk}:{new_token()}"
    mail.put_many({key: drafts[reader.email]})
    return Mail.objects.get(key=key)
