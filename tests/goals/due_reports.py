"""Reports that are due on the Monday on which tests stand still."""

from datetime import UTC, date, datetime

from goals.models import Report
from kpiproject.lib.periods import Period
from tests.factories import ReportFactory, ReportItemFactory, StaffFactory

MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
LAST_WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


def written(**values: object) -> Report:
    """A report for one person that is due now, about the share of satisfied customers."""
    if "people" not in values:
        values["people"] = [StaffFactory(email="ann@example.com", name="Ann")]
    report = ReportFactory(**values)
    ReportItemFactory(report=report, kpi="csat")
    plan(report, MONDAY)
    return report


def plan(report: Report, due: datetime | None) -> None:
    report.next_due = due
    report.save()


def starts(report: Report) -> list[str]:
    return [f"{run.start}" for run in report.runs.order_by("start")]
