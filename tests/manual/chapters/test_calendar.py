"""Reports and reviews: who is told what, and when people meet."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Report, Review
from tests.factories import (
    GoalFactory,
    ManagerFactory,
    ReportFactory,
    ReportItemFactory,
    ReviewFactory,
    StakeholderFactory,
)
from tests.goal_factories import ActionFactory
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
    assert f"The week: {contents}" in lines("reporting")
    assert figures("reporting") == {
        f"report:{report.pk}": "every Friday at 07:30, about the week before; 2 people",
        f"report:{report.pk}.contents": contents,
        f"report:{report.pk}.next": "19 Jun 2026",
    }
    assert build("reporting").figures[f"report:{report.pk}.next"]["kind"] == "passing"


def test_next_dates_name_the_week_each_will_be_about() -> None:
    for name, weekday in (("The week", 0), ("On Friday", 4)):
        ReportFactory(name=name, weekday=weekday, at=time(8))
    Report.objects.update(next_week=date(2026, 6, 15))
    Report.objects.filter(name="On Friday").update(next_week=date(2026, 6, 8))
    assert tables(build("reporting").blocks)["The next dates, in the time zone UTC"] == [
        ["Fri 19 Jun 2026, 08:00", "On Friday", "8–14 Jun 2026"],
        ["Mon 22 Jun 2026, 08:00", "The week", "15–21 Jun 2026"],
        ["Fri 26 Jun 2026, 08:00", "On Friday", "15–21 Jun 2026"],
        ["Mon 29 Jun 2026, 08:00", "The week", "22–28 Jun 2026"],
        ["Fri 3 Jul 2026, 08:00", "On Friday", "22–28 Jun 2026"],
        ["Mon 6 Jul 2026, 08:00", "The week", "29 Jun – 5 Jul 2026"],
    ]
    assert not [name for name in figures("reporting") if "dates" in name]


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
    ReviewFactory(title="Later", on=date(2026, 7, 1), owner=ann, remind_days=0, cadence="monthly")
    ReviewFactory(title="Today", on=date(2026, 6, 15), owner=ann, remind_days=1)
    ReviewFactory(title="Past", on=date(2026, 6, 14), owner=ann)
    ReviewFactory(title="Off", on=date(2026, 7, 1), owner=ann, state=Review.State.CANCELLED)
    ReviewFactory(title="Held", on=date(2026, 6, 1), state=Review.State.HELD, held_at=AS_OF - timedelta(days=14))
    ReviewFactory(title="Held later", on=date(2026, 6, 16), state=Review.State.HELD, held_at=AS_OF + timedelta(days=1))
    said = lines("reviews")
    assert said[:4] == [
        "Reviews that are planned",
        "Date | Review | Repeated | Led by | Reminder",
        "15 Jun 2026 | Today | once | Ann | 1 day before and on the day",
        "1 Jul 2026 | Later | every month | Ann | on the day",
    ]
    assert said[4] == "Overdue, for nobody has said that they took place: “Past” (14 Jun 2026)."
    assert said[6:] == [
        "What was decided last",
        "The last one held was “Held” on 1 Jun 2026.",
        "No decision was written down.",
        "The minutes stay in the house, with the review.",
        "What was promised and is still open",
        "Nothing is open.",
    ]
    assert sorted(figures("reviews").values()) == [
        "0 open actions",
        "1 Jul 2026, led by Ann, every month",
        "15 Jun 2026, led by Ann",
        "Held",
    ]


def test_what_was_decided_and_promised_is_told_but_not_the_minutes_and_nobodys_name() -> None:
    held = ReviewFactory(
        title="Held", on=date(2026, 6, 1), state=Review.State.HELD, held_at=AS_OF, minutes="Mrs Secret was rude."
    )
    decided = held.decisions.create(text="A second\nshift.", at=AS_OF)
    held.decisions.create(text="Later.", at=AS_OF + timedelta(days=1))
    ben = ManagerFactory(name="Ben Okafor")
    late = ActionFactory(
        what="Ask ten.", owner=ben, due=date(2026, 6, 14), goal=GoalFactory(statement="Nine"), created_at=AS_OF
    )
    of_ann = GoalFactory(statement="Ann is faster", dimension="agent", member="7")
    for due, more in (
        (date(2026, 6, 15), {"goal": of_ann}),
        (date(2026, 7, 1), {"ended_at": AS_OF + timedelta(days=1)}),
    ):
        ActionFactory(what="Read.", due=due, created_at=AS_OF, **more)
    ActionFactory(what="Over.", state="done", ended_at=AS_OF, created_at=AS_OF)
    ActionFactory(what="Not yet.", created_at=AS_OF + timedelta(days=1))
    built = build("reviews")
    assert tables(built.blocks)["3 open actions, 1 of them overdue"] == [
        ["Ask ten.", "Nine", "14 Jun 2026", "Overdue"],
        ["Read.", "–", "15 Jun 2026", "Open"],
        ["Read.", "–", "1 Jul 2026", "Open"],
    ]
    assert lines("reviews")[4] == "A second shift."
    found = figures("reviews")
    assert (found[f"decision:{decided.pk}"], found[f"action:{late.pk}"]) == (
        "A second shift.",
        "Ask ten., due 14 Jun 2026",
    )
    assert [word for word in ("Secret", "Ben Okafor", "Ann is faster", "Later.") if word in str(built)] == []


def test_no_review_is_said_in_words() -> None:
    said = lines("reviews")
    assert (said[0], said[2:]) == (
        "No review is planned yet.",
        ["What was promised and is still open", "Nothing is open."],
    )
    assert figures("reviews") == {"actions:open": "0 open actions"}


def test_number_of_queries_does_not_grow_with_reports_and_reviews() -> None:
    counts = []
    for _number in range(4):
        ReportItemFactory(report=ReportFactory(people=[ManagerFactory()], stakeholders=[StakeholderFactory()]))
        ReviewFactory(on=date(2026, 7, 1))
        held = ReviewFactory(on=date(2026, 6, 1), state=Review.State.HELD, held_at=AS_OF)
        held.decisions.create(text="A shift.", at=AS_OF)
        ActionFactory(goal=GoalFactory(), created_at=AS_OF)
        with CaptureQueriesContext(connection) as found:
            build("reporting")
            build("reviews")
        counts.append(len(found))
    assert counts[1] == counts[3]
