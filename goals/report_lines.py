"""Reports and their runs as pages show them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from goals import queries, reports
from goals.models import Delivery, Report, ReportRun
from goals.report_weeks import week_text
from kpiproject import mail
from kpiproject.lib.periods import Period
from kpiproject.models import Mail, Organisation


@dataclass(frozen=True)
class State:
    """A word about mails, and what to think of it: good, warn, bad or nothing."""

    text: str
    tone: str


@dataclass(frozen=True)
class RunLine:
    run: ReportRun
    week: str
    states: list[State]


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """A report with its next date, the week that will be about, and its last run."""

    report: Report
    when: str
    next_due: datetime | None
    next_week: str
    recipients: int
    last: RunLine | None


@dataclass(frozen=True)
class DeliveryLine:
    delivery: Delivery
    state: State
    can_be_resent: bool


def lines(found: Sequence[Report], house: Organisation) -> list[ReportLine]:
    """In a number of queries that does not grow, if the reports came from `listed`."""
    last = {run.report_id: run for run in _last_runs(found)}
    return [_line(report, house, last.get(report.pk)) for report in found]


def listed() -> "QuerySet[Report]":
    return (
        Report.objects.select_related("owner")
        .prefetch_related("people", "stakeholders", "left__stakeholder")
        .order_by("name", "id")
    )


def runs(report: Report) -> "QuerySet[ReportRun]":
    """The last week first, with all that a RunLine needs."""
    return _with_mails(report.runs.all()).defer("content")


def run_line(run: ReportRun) -> RunLine:
    states = Counter(_state(delivery.mail) for delivery in run.deliveries.all())
    shown = [State(f"{count} {state.text}", state.tone) for state, count in states.items()]
    return RunLine(run, week_text(Period(run.start, run.end, "UTC")), sorted(shown, key=lambda state: state.text))


def delivery_lines(run: ReportRun) -> list[DeliveryLine]:
    found = run.deliveries.select_related("mail")
    return [DeliveryLine(one, _state(one.mail), bool(one.mail and mail.can_be_resent(one.mail))) for one in found]


def _line(report: Report, house: Organisation, last: ReportRun | None) -> ReportLine:
    upcoming = reports.upcoming(report, 1, house)
    return ReportLine(
        report=report,
        when=queries.when_sent(report),
        next_due=upcoming[0][0] if upcoming else None,
        next_week=week_text(upcoming[0][1]) if upcoming else "",
        recipients=len(reports.recipients(report)),
        last=run_line(last) if last else None,
    )


def _last_runs(found: Iterable[Report]) -> "QuerySet[ReportRun]":
    newest = ReportRun.objects.filter(report=OuterRef("report")).order_by("-start").values("pk")[:1]
    rows = ReportRun.objects.filter(report__in=list(found), pk=Subquery(newest))
    return _with_mails(rows).defer("content")


def _with_mails(rows: "QuerySet[ReportRun]") -> "QuerySet[ReportRun]":
    mails = Prefetch("mail", Mail.objects.only("state", "sent_at"))
    return rows.prefetch_related(Prefetch("deliveries", Delivery.objects.prefetch_related(mails)))


def _state(found: Mail | None) -> State:
    """Of a mail that was handed over it is either known that nobody confirmed it, or not known yet."""
    if found is None:
        return State(_("no mail"), "bad")
    if found.state == Mail.State.HANDED_OVER and found.sent_at:
        return State(_("not confirmed"), "warn")
    words = {
        Mail.State.SENT: State(_("sent"), "good"),
        Mail.State.FAILED: State(_("failed"), "bad"),
        Mail.State.CANCELLED: State(_("cancelled"), ""),
    }
    return words.get(Mail.State(found.state), State(_("waiting"), ""))
