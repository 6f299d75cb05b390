"""The matters that can wait for a manager, each from the rows that it lies in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, Literal

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import actions as goal_actions
from goals.models import Action, Report, ReportRun, Review
from kpiproject.models import Mail, WebhookDelivery
from manual import printing
from manual import queries as manual_queries
from manual.models import Edition, Section
from metrics import definitions
from metrics.models import ImportRun
from metrics.queries import rejected
from surveys import follow_up_queries
from surveys.models import FollowUp, Survey

Tone = Literal["bad", "warn", ""]
MOST_NAMED: Final = 3
"""So many single things are named under a matter; the others are only counted."""
RECENT: Final = timedelta(days=7)
SOON: Final = timedelta(days=3)
OVERDUE: Final = timedelta(hours=3)
"""Longer than a report waits for figures that are being computed."""


@dataclass(frozen=True)
class Moment:
    """`today` is the organisation's day, in its time zone; `yesterday_at` the instant at which the day before it
    began."""

    now: datetime
    today: date
    yesterday_at: datetime
    zone: str = "UTC"

    @cached_property
    def edition(self) -> Edition | None:
        """The manual in force, which several ask for."""
        return manual_queries.in_force(self.today)


@dataclass(frozen=True, kw_only=True)
class Detail:
    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One line: what it is, with its number, and where it is settled."""

    text: str
    url: str
    tone: Tone
    details: tuple[Detail, ...] = ()


def follow_ups(moment: Moment) -> Iterator[Matter]:
    """Unhappy customers who wait too long, and those whom nobody takes care of yet. In two queries."""
    late = follow_up_queries.overdue(moment.now)
    waiting = follow_up_queries.unclaimed().filter(due_at__gte=moment.now)
    shelves = {"late": late, "waiting": waiting}
    numbered = {name: Count("pk", filter=Q(pk__in=rows.values("pk"))) for name, rows in shelves.items()}
    counts = FollowUp.objects.aggregate(**numbered)
    if not any(counts.values()):
        return
    found = _most_urgent(late, waiting)
    url = reverse("surveys:follow_up_list")
    if count := counts["late"]:
        text = ngettext("%d unhappy customer waits too long", "%d unhappy customers wait too long", count)
        named = _of_follow_ups(one for one in found if one.due_at < moment.now)
        yield Matter(text=text % count, url=f"{url}?shelf=overdue", tone="bad", details=named)
    if count := counts["waiting"]:
        text = ngettext(
            "%d unhappy customer waits for somebody to take care",
            "%d unhappy customers wait for somebody to take care",
            count,
        )
        named = _of_follow_ups(one for one in found if one.due_at >= moment.now)
        yield Matter(text=text % count, url=f"{url}?shelf=unclaimed", tone="bad", details=named)


def _most_urgent(*shelves: "QuerySet[FollowUp]") -> list[FollowUp]:
    """The first ones of each, in one query."""
    wanted = Q(pk__in=[])
    for rows in shelves:
        wanted |= Q(pk__in=rows.order_by("due_at", "id").values("pk")[:MOST_NAMED])
    return list(FollowUp.objects.filter(wanted).select_related("survey", "assignee").order_by("due_at", "id"))


def _of_follow_ups(found: Iterable[FollowUp]) -> tuple[Detail, ...]:
    return tuple(
        Detail(text=_about(one), url=reverse("surveys:follow_up", args=[one.pk]), note=_until(one)) for one in found
    )


def _about(one: FollowUp) -> str:
    if one.ticket:
        return _("Ticket %(ticket)s") % {"ticket": one.ticket}
    day = date_format(timezone.localtime(one.opened_at), "DATE_FORMAT")
    return _("%(survey)s, %(day)s") % {"survey": one.survey.name, "day": day}


def _until(one: FollowUp) -> str:
    at = date_format(timezone.localtime(one.due_at), "DATETIME_FORMAT")
    if one.state == FollowUp.State.NEW or one.assignee is None:
        return _("until %(at)s, not taken") % {"at": at}
    return _("until %(at)s, %(person)s takes care of it") % {"at": at, "person": one.assignee}


def reviews(moment: Moment) -> Iterator[Matter]:
    planned = Review.objects.filter(state=Review.State.PLANNED, on__lte=moment.today + SOON)
    found = list(planned.order_by("on", "id"))
    late = [review for review in found if review.on < moment.today]
    soon = [review for review in found if review.on >= moment.today]
    if late:
        text = ngettext(
            "%d review is past its date without minutes", "%d reviews are past their date without minutes", len(late)
        )
        yield _of_reviews(late, text, "bad")
    if soon:
        yield _of_reviews(soon, ngettext("%d review is due", "%d reviews are due", len(soon)), "warn")


def _of_reviews(found: list[Review], text: str, tone: Tone) -> Matter:
    named = tuple(
        Detail(
            text=review.title,
            url=reverse("goals:review", args=[review.pk]),
            note=date_format(review.on, "DATE_FORMAT"),
        )
        for review in found[:MOST_NAMED]
    )
    return Matter(text=text % len(found), url=reverse("goals:review_list"), tone=tone, details=named)


def actions(moment: Moment) -> Iterator[Matter]:
    """What was promised in a review and is not done, or is due soon; whoever should do it may have left."""
    found = list(goal_actions.open_actions().filter(due__lte=moment.today + SOON))
    late = [action for action in found if action.due < moment.today]
    soon = [action for action in found if action.due >= moment.today]
    url = reverse("goals:action_list")
    if late:
        text = ngettext("%d action is overdue", "%d actions are overdue", len(late))
        yield Matter(text=text % len(late), url=f"{url}?state=overdue", tone="warn", details=_of_actions(late))
    if soon:
        text = ngettext("%d action is due soon", "%d actions are due soon", len(soon))
        yield Matter(text=text % len(soon), url=url, tone="", details=_of_actions(soon))


def _of_actions(found: list[Action]) -> tuple[Detail, ...]:
    return tuple(
        Detail(text=action.what, url=reverse("goals:action", args=[action.pk]), note=_promised(action))
        for action in found[:MOST_NAMED]
    )


def _promised(action: Action) -> str:
    words = {"person": action.owner, "day": date_format(action.due, "DATE_FORMAT")}
    return _("%(person)s, by %(day)s") % words


def mails(moment: Moment) -> Iterator[Matter]:
    """Those that failed lately, and those of which nobody knows whether they arrived."""
    stuck = Mail.objects.filter(state__in=[Mail.State.FAILED, Mail.State.HANDED_OVER])
    recent = stuck.filter(created_at__gte=moment.now - RECENT)
    is_unclear = Q(state=Mail.State.HANDED_OVER, created_at__lt=moment.now - timedelta(hours=1))
    counts = recent.aggregate(
        failed=Count("pk", filter=Q(state=Mail.State.FAILED)), unclear=Count("pk", filter=is_unclear)
    )
    url = reverse("admin:kpiproject_mail_changelist")
    if failed := counts["failed"]:
        text = ngettext("%d mail could not be sent", "%d mails could not be sent", failed)
        yield Matter(text=text % failed, url=f"{url}?state__exact={Mail.State.FAILED.value}", tone="bad")
    if unclear := counts["unclear"]:
        text = ngettext("%d mail was not confirmed", "%d mails were not confirmed", unclear)
        yield Matter(text=text % unclear, url=f"{url}?state__exact={Mail.State.HANDED_OVER.value}", tone="warn")


def webhooks(moment: Moment) -> Iterator[Matter]:
    """Messages to other systems that were given up lately."""
    failed = WebhookDelivery.objects.filter(state=WebhookDelivery.State.FAILED, created_at__gte=moment.now - RECENT)
    if count := failed.count():
        text = ngettext("%d message to a webhook was given up", "%d messages to webhooks were given up", count)
        url = reverse("admin:kpiproject_webhookdelivery_changelist")
        yield Matter(text=text % count, url=f"{url}?state__exact={WebhookDelivery.State.FAILED.value}", tone="bad")


def reports(moment: Moment) -> Iterator[Matter]:
    troubled = ReportRun.objects.filter(at__gte=moment.now - RECENT).exclude(problem="")
    found = list(troubled.select_related("report").order_by("-at", "-id"))
    if not found:
        return
    named = tuple(
        Detail(text=run.report.name, url=reverse("goals:report_run", args=[run.pk]), note=run.problem)
        for run in found[:MOST_NAMED]
    )
    text = ngettext("%d report had a problem", "%d reports had a problem", len(found))
    yield Matter(text=text % len(found), url=reverse("goals:report_list"), tone="bad", details=named)


def overdue_reports(moment: Moment) -> Iterator[Matter]:
    """Those that should have been sent and were not, for whatever reason."""
    found = list(Report.objects.filter(is_active=True, next_due__lt=moment.now - OVERDUE).order_by("next_due", "id"))
    if not found:
        return
    named = tuple(
        Detail(text=report.name, url=reverse("goals:report", args=[report.pk]), note=_overdue_since(report))
        for report in found[:MOST_NAMED]
    )
    text = ngettext("%d report is overdue", "%d reports are overdue", len(found))
    yield Matter(text=text % len(found), url=reverse("goals:report_list"), tone="bad", details=named)


def _overdue_since(report: Report) -> str:
    at = date_format(timezone.localtime(report.next_due), "DATETIME_FORMAT")
    return _("overdue since %(at)s; the log of the worker says why") % {"at": at}


def imports(moment: Moment) -> Iterator[Matter]:
    """Lately, and not followed by one of the same kind and source that took every row; of rejected rows only those
    that did not come again, and that nobody has left out for good."""
    is_clean = Q(state=ImportRun.State.DONE, rejected=0)
    later = ImportRun.objects.filter(kind=OuterRef("kind"), source=OuterRef("source"), pk__gt=OuterRef("pk"))
    recent = ImportRun.objects.filter(is_dry_run=False, created_at__gte=moment.now - RECENT)
    open_ones = recent.filter(~Exists(later.filter(is_clean, is_dry_run=False))).defer("options", "warnings", "header")
    is_open = Q(state=ImportRun.State.FAILED) | Q(waiting__gt=0)
    found = list(rejected.with_waiting(open_ones).filter(is_open).order_by("-pk"))
    failed = [run for run in found if run.state == ImportRun.State.FAILED]
    partly = [run for run in found if run.state != ImportRun.State.FAILED]
    if failed:
        yield _of_imports(failed, ngettext("%d import failed", "%d imports failed", len(failed)), "bad")
    if partly:
        text = ngettext("%d import had rejected rows", "%d imports had rejected rows", len(partly))
        yield _of_imports(partly, text, "warn")


def _of_imports(found: list[ImportRun], text: str, tone: Tone) -> Matter:
    named = tuple(
        Detail(text=run.file_name, url=reverse("metrics:import", args=[run.pk]), note=_rejected(run.waiting))
        for run in found[:MOST_NAMED]
    )
    return Matter(text=text % len(found), url=reverse("metrics:data"), tone=tone, details=named)


def _rejected(count: int) -> str:
    return ngettext("%d rejected row", "%d rejected rows", count) % count if count else ""


# What the generated chapters of the manual are written from, and only managers change, in the administration.
_RULES: Final = (
    ("metrics", "servicetarget"),
    ("kpiproject", "businesscalendar"),
    ("surveys", "survey"),
    ("surveys", "followuproute"),
    ("surveys", "followuprules"),
)


def manual(_moment: Moment) -> Iterator[Matter]:
    latest = manual_queries.editions().first()
    url = reverse("manual:draft")
    if latest is None:
        yield Matter(text=_("The manual was never published"), url=url, tone="warn")
        return
    if printing.has_failed(latest):
        text = _("Edition %(number)s of the manual has no PDF") % {"number": latest.number}
        yield Matter(text=text, url=reverse("manual:edition", args=[latest.number]), tone="warn")
    count = _changed_since(latest)
    if count:
        text = ngettext(
            "%(count)d section or rule has changed since edition %(number)s of the manual",
            "%(count)d sections or rules have changed since edition %(number)s of the manual",
            count,
        )
        yield Matter(text=text % {"count": count, "number": latest.number}, url=url, tone="")


def _changed_since(edition: Edition) -> int:
    """What was edited since: cheap, so it counts saves and does not compare what they changed."""
    rules = Q()
    for app, model in _RULES:
        rules |= Q(content_type__app_label=app, content_type__model=model)
    edited = LogEntry.objects.filter(rules, action_time__gt=edition.published_at)
    sections = Section.objects.filter(updated_at__gt=edition.published_at, is_shown=True, version__gt=1)
    return sections.count() + edited.values("content_type", "object_id").distinct().count()


def choice(_moment: Moment) -> Iterator[Matter]:
    """The usual KPIs are in force until somebody has chosen."""
    if not definitions.has_chosen():
        yield Matter(text=_("The KPIs to work with have not been chosen yet"), url=reverse("setup:choose"), tone="")


def surveys(_moment: Moment) -> Iterator[Matter]:
    """Nobody in particular is asked about an unhappy answer to them."""
    found = list(Survey.objects.filter(status=Survey.Status.OPEN, owner__isnull=True).order_by("name"))
    if not found:
        return
    named = tuple(
        Detail(text=survey.name, url=reverse("surveys:edit_rules", args=[survey.slug])) for survey in found[:MOST_NAMED]
    )
    text = ngettext("%d open survey has no owner", "%d open surveys have no owner", len(found))
    note = _("so every manager is asked about unhappy answers")
    yield Matter(text=f"{text % len(found)}, {note}", url=reverse("surveys:survey_list"), tone="", details=named)
