"""Weekly reports: frozen once for each week, with one mail for each recipient.

A week of a report is one row, and so is each of its mails in the outbox: the run, its deliveries, their mails and the
next date are written in one transaction, and unique keys that name the week refuse everything a second time. So it
does not matter how often or by how many workers a report is produced, or where one of them is killed.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import report_content, report_mail
from goals.models import Delivery, Report, ReportRun
from goals.report_content import Content
from goals.report_mail import Recipient
from goals.report_weeks import Schedule, week_text
from kpiproject import mail
from kpiproject.lib import due
from kpiproject.lib.periods import Period
from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import active_managers, organisation

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
WAITS_AT_MOST: Final = timedelta(hours=2)
"""So long a report waits for figures that are being computed."""
MOST_SKIPPED: Final = 100
_MOST_KEY: Final = 200
_LONGEST_PROBLEM: Final = 400


class NotSentError(Exception):
    """Why a report is not sent by hand, in a sentence for whoever wanted it."""


# --- When
def schedule_of(report: Report, house: Organisation | None = None) -> Schedule:
    house = house or organisation()
    return Schedule(weekday=report.weekday, at=report.at, zone=house.time_zone, week_start=house.week_start)


def plan(report: Report, now: datetime) -> None:
    """Write down what the report is to tell of next, and when. The days stay the same when its day or time, or the
    organisation's zone is changed, so that none is told of twice or left out; a date that has become a past one is due
    at once. Where weeks begin on another day now, the next whole one is next, and the days before it are named there.
    """
    with transaction.atomic():
        current = Report.objects.select_for_update().get(pk=report.pk)
        report.next_week, report.next_due = _next(current, now)
        # Somebody who switches a report off and on, or moves it, starts the waiting anew.
        report.waiting_since = current.waiting_since if current.next_due == report.next_due else None
        Report.objects.filter(pk=report.pk).update(
            next_week=report.next_week, next_due=report.next_due, waiting_since=report.waiting_since
        )


def _next(report: Report, now: datetime) -> tuple[date | None, datetime | None]:
    if not report.is_active:
        return None, None
    schedule = schedule_of(report)
    first = _first_day(report, schedule) or next(schedule.after(now)).start
    last = report.runs.aggregate(last=Max("end"))["last"]
    first = max(first, last) if last else first
    return first, schedule.due(schedule.first_whole(first))


def _first_day(report: Report, schedule: Schedule) -> date | None:
    """The first day that is still to be told of; one that was planned without it began where its date says."""
    if report.next_week is None and report.next_due is not None:
        return schedule.covered(report.next_due).start
    return report.next_week


def upcoming(report: Report, count: int, house: Organisation | None = None) -> list[tuple[datetime, Period]]:
    """The next dates, each with the week it will be about."""
    schedule = schedule_of(report, house)
    first = _first_day(report, schedule)
    if first is None:
        return []
    weeks = schedule.from_week(schedule.first_whole(first))
    return [(schedule.due(week), week) for week in islice(weeks, count)]


def follow_organisation(now: datetime) -> None:
    """Move the dates of reports whose zone or beginning of the week was changed."""
    house = organisation()
    for report in Report.objects.filter(is_active=True):
        schedule = schedule_of(report, house)
        if report.next_week is None or schedule.due(schedule.first_whole(report.next_week)) != report.next_due:
            plan(report, now)


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
    schedule = schedule_of(report)
    week = schedule.latest(now)
    if week.start < (_first_day(report, schedule) or week.start) or run_about(report, week):
        _move_on(report, now)  # its date was one of another plan
    elif _must_wait(report, week, now):
        Report.objects.filter(pk=report_id, lease_token=token).update(lease_until=None, lease_token="")
    else:
        produce(report, week)
        _move_on(report, now)


def run_about(report: Report, week: Period) -> ReportRun | None:
    """The last run that tells of days of this week; it is about others, too, if weeks began on another day then."""
    return report.runs.filter(start__lt=week.end, end__gt=week.start).order_by("-start").first()


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
        for stakeholder in report.readers_outside()
    }
    for person in report.people.all():
        if person.is_active:
            found[person.email.lower()] = Recipient(person.email, person.name)
    return [found[email] for email in sorted(found)]


def _must_wait(report: Report, week: Period, now: datetime) -> bool:
    """Whether another sweep will know more."""
    if not report_content.is_computing(report, week):
        return False
    if report.waiting_since is None:
        Report.objects.filter(pk=report.pk).update(waiting_since=now)
        return True
    return now < report.waiting_since + WAITS_AT_MOST


def _skipped(report: Report, week: Period) -> list[Period]:
    """The days before this week that should have been told of and never were."""
    schedule = schedule_of(report)
    first = _first_day(report, schedule)
    if first is None:
        return []
    told = report.runs.filter(end__gt=first, start__lt=week.start).values_list("start", "end")
    return list(schedule.left_out(first, week.start, told))[-MOST_SKIPPED:]


def produce(report: Report, week: Period) -> ReportRun:
    """The run of that week: the one that exists, or a new one with its mails in the outbox."""
    found = run_about(report, week)
    if found is not None:
        return found
    content = report_content.with_skipped(report_content.freeze(report, week), _skipped(report, week))
    readers = recipients(report)
    letters = _letters(report, content, readers)
    try:
        with transaction.atomic():
            return _written(report, week, content, readers, letters)
    except IntegrityError:
        # Somebody else was faster; anything else that was refused has left no run, and is raised.
        found = run_about(report, week)
        if found is None:
            raise
        return found


def _warning(report: Report, start: str) -> dict[str, mail.Draft]:
    """What the owner is told, or every manager where the owner has left, the first time that nobody is left."""
    last = report.runs.order_by("-start").first()
    if last is not None and not last.deliveries.exists():
        return {}
    people = [report.owner] if report.owner.is_active else active_managers()
    return {
        f"report-problem:{report.pk}:{start}:{person.pk}": report_mail.warning(report, person)
        for person in people
        if report_mail.is_usable(person.email)
    }


@dataclass(frozen=True)
class _Letters:
    """Drafts by key, and the key of each recipient's by address. There is none for an address that cannot be used."""

    drafts: dict[str, mail.Draft]
    keys: dict[str, str]


def _letters(report: Report, content: Content, readers: Sequence[Recipient]) -> _Letters:
    start = content["week"]["start"]
    if not readers:
        return _Letters(_warning(report, start), {})
    reached = [reader for reader in readers if report_mail.is_usable(reader.email)]
    keys = {reader.email: _key(report, start, reader.email) for reader in reached}
    drafts = report_mail.drafts(content, reached, report=report)
    return _Letters({keys[email]: draft for email, draft in drafts.items()}, keys)


def _written(
    report: Report, week: Period, content: Content, readers: Sequence[Recipient], letters: _Letters
) -> ReportRun:
    problem = _problem(readers, letters)
    run = ReportRun.objects.create(report=report, start=week.start, end=week.end, content=content, problem=problem)
    ids = mail.put_many(letters.drafts)
    Delivery.objects.bulk_create(
        Delivery(run=run, email=reader.email, name=reader.name, mail_id=ids.get(letters.keys.get(reader.email, "")))
        for reader in readers
    )
    _move_on(report, timezone.now())
    return run


def _problem(readers: Sequence[Recipient], letters: _Letters) -> str:
    if not readers:
        return _("Nobody got it: there is no recipient left who is active.")
    missed = [reader.email for reader in readers if reader.email not in letters.keys]
    if not missed:
        return ""
    text = ngettext(
        "One recipient got nothing, because this is no address that could be written to: %(who)s",
        "%(count)s recipients got nothing, because these are no addresses that could be written to: %(who)s",
        len(missed),
    )
    return Truncator(text % {"count": len(missed), "who": ", ".join(missed)}).chars(_LONGEST_PROBLEM)


def _move_on(report: Report, now: datetime) -> None:
    """To the next week that has no run, by the schedule as it is now; free for the next worker."""
    with transaction.atomic():
        plan(report, now)
        rows = Report.objects.filter(pk=report.pk)
        rows.update(waiting_since=None, lease_until=None, lease_token="")


def _key(report: Report, start: str, email: str) -> str:
    """One report, one week, one address, one mail. An address may be longer than a key."""
    key = f"report:{report.pk}:{start}:{email.lower()}"
    return key if len(key) <= _MOST_KEY else f"report:{report.pk}:{start}:{hashlib.sha256(email.encode()).hexdigest()}"


# --- By hand
def send_now(report: Report) -> ReportRun:
    """The report about the last complete week, unless it went out already."""
    week = last_complete_week(report)
    found = run_about(report, week)
    if found is not None:
        told = week_text(Period(found.start, found.end, week.zone))
        msg = _("The report about %(week)s was sent already; nobody gets it twice.") % {"week": told}
        raise NotSentError(msg)
    if not recipients(report):
        raise NotSentError(_("There is no recipient who is active. Choose one first."))
    return produce(report, week)


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
