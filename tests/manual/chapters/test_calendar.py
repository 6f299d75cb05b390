"""Reports and reviews: who is told what, and when people meet."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Report, Review
from tests.factories import ManagerFactory, ReportFactory, ReportItemFactory, ReviewFactory, StakeholderFactory
from tests.manual.chapters.built import AS_OF, build, figures, lines, tables

pytestmark = pytest.mark.django_db


def test_report_is_listed_with_its_day_its_readers_its_next_date_and_its_contents() -> None:
    report = ReportFactory(
        name="The week", weekday=4, at=time(7, 30), people=[ManagerFactory()], stakeholders=[StakeholderFactory()]
    )
    Report.objects.update(next_due=AS_OF + timedelta(days=4))
    ReportItemFactory(report=report, kpi="csat", position=1)
    ReportItemFactory(report=report, kpi="ticket_volume", dimension="channel", member="chat", position=2)
    assert tables(build("reporting").blocks)["Reports that are sent by themselves"] == [
        ["The week", "every Friday at 07:30, about the week before", "2 people", "19 Jun 2026"]
    ]
    contents = "Customer satisfaction (CSAT); Ticket volume, channel: chat; the goals in force"
    assert lines("reporting")[-1] == f"The week: {contents}"
    assert figures("reporting") == {
        f"report:{report.pk}": "every Friday at 07:30, about the week before; 2 people",
        f"report:{report.pk}.contents": contents,
        f"report:{report.pk}.next": "19 Jun 2026",
    }
    assert build("reporting").figures[f"report:{report.pk}.next"]["kind"] == "passing"


def test_report_that_is_due_or_not_planned_comes_soon() -> None:
    report = ReportFactory()
    Report.objects.update(next_due=None)
    assert figures("reporting")[f"report:{report.pk}.next"] == "soon"
    Report.objects.update(next_due=AS_OF)
    assert figures("reporting")[f"report:{report.pk}.next"] == "soon"


def test_no_report_is_said_in_words() -> None:
    ReportFactory(is_active=False)
    assert lines("reporting") == ["No report is sent by itself at present."]


def test_planned_reviews_are_listed_from_the_day_of_the_instant_on() -> None:
    ann = ManagerFactory(name="Ann")
    ReviewFactory(title="Later", on=date(2026, 7, 1), owner=ann, remind_days=0)
    ReviewFactory(title="Today", on=date(2026, 6, 15), owner=ann, remind_days=1)
    ReviewFactory(title="Past", on=date(2026, 6, 14), owner=ann)
    ReviewFactory(title="Off", on=date(2026, 7, 1), owner=ann, state=Review.State.CANCELLED)
    ReviewFactory(title="Held", on=date(2026, 6, 1), state=Review.State.HELD, held_at=AS_OF - timedelta(days=14))
    ReviewFactory(title="Held later", on=date(2026, 6, 16), state=Review.State.HELD, held_at=AS_OF + timedelta(days=1))
    assert lines("reviews") == [
        "Reviews that are planned",
        "Date | Review | Led by | Reminder",
        "15 Jun 2026 | Today | Ann | 1 day before and on the day",
        "1 Jul 2026 | Later | Ann | on the day",
        "The last one held was “Held” on 1 Jun 2026.",
    ]
    assert sorted(figures("reviews").values()) == ["1 Jul 2026, led by Ann", "15 Jun 2026, led by Ann", "Held"]


def test_no_review_is_said_in_words() -> None:
    assert lines("reviews") == ["No review is planned yet."]
    assert figures("reviews") == {}


def test_number_of_queries_does_not_grow_with_reports_and_reviews() -> None:
    counts = []
    for _number in range(4):
        ReportItemFactory(report=ReportFactory(people=[ManagerFactory()], stakeholders=[StakeholderFactory()]))
        ReviewFactory(on=date(2026, 7, 1))
        with CaptureQueriesContext(connection) as found:
            build("reporting")
            build("reviews")
        counts.append(len(found))
    assert counts[1] == counts[3]
