from datetime import UTC, date, datetime, time

import pytest
import time_machine

from goals import queries
from goals.lines import line
from tests.factories import (
    GoalFactory,
    ManagerFactory,
    ReportFactory,
    ReviewFactory,
    StaffFactory,
    StakeholderFactory,
)
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db


def test_active_goals_come_with_what_their_line_shows(django_assert_num_queries):
    later = GoalFactory(due="2026-12-31")
    sooner = GoalFactory(due="2026-03-31")
    GoalFactory(state="draft")
    GoalFactory(state="closed")
    GoalFactory(state="cancelled")
    with django_assert_num_queries(1):
        lines = [line(goal) for goal in queries.active_goals()]
    assert [found.goal.pk for found in lines] == [sooner.pk, later.pk]


def test_goals_of_a_person_and_those_that_need_attention():
    me = ManagerFactory()
    mine = GoalFactory(owner=me, status="on_track")
    off = GoalFactory(status="off_track")
    at_risk = GoalFactory(status="at_risk")
    GoalFactory(status="off_track", state="closed", owner=me)
    assert list(queries.goals_of(me)) == [mine]
    assert set(queries.needs_attention()) == {off, at_risk}


def test_calendar_of_reports_counts_every_address_once(django_assert_num_queries):
    due = datetime(2026, 6, 8, 8, tzinfo=UTC)
    ann = StaffFactory(email="ann@example.com")
    strangers = [StakeholderFactory(email="ann@example.com"), StakeholderFactory(is_active=False)]
    ReportFactory(name="B", weekday=4, at=time(7, 30), people=[ann], stakeholders=strangers, next_due=due)
    ReportFactory(name="A", next_due=due)
    ReportFactory(name="Off", is_active=False)
    with django_assert_num_queries(4):
        found = queries.report_calendar()
    assert [(entry.name, entry.when, entry.people, entry.next_due) for entry in found] == [
        ("A", "every Monday at 08:00", 0, due),
        ("B", "every Friday at 07:30", 1, due),
    ]


def test_upcoming_reviews_are_planned_and_from_the_organisations_today_on():
    """In Auckland it is the 19th already."""
    organisation(time_zone="Pacific/Auckland")
    made = {day: ReviewFactory(on=date(2026, 3, day)) for day in (26, 18, 19, 27)}
    ReviewFactory(on=date(2026, 3, 20), state="held")
    ReviewFactory(on=date(2026, 3, 20), state="cancelled")
    with time_machine.travel(datetime(2026, 3, 18, 12, tzinfo=UTC), tick=False):
        assert list(queries.upcoming_reviews(7)) == [made[19], made[26]]
        assert list(queries.upcoming_reviews(0)) == [made[19]]
    assert list(queries.planned_reviews()) == [made[18], made[19], made[26], made[27]]
    assert queries.next_review(date(2026, 3, 20)) == made[26]
    assert queries.next_review(date(2026, 3, 28)) is None


def test_the_agenda_is_what_was_chosen_or_every_active_goal():
    off, on = GoalFactory(status="off_track", due="2026-12-31"), GoalFactory(status="on_track", due="2026-03-31")
    draft, over = GoalFactory(state="draft"), GoalFactory(state="closed", status="achieved")
    cancelled = GoalFactory(state="cancelled")
    everything = ReviewFactory()
    assert queries.on_agenda(everything, has_drafts=True) == [off, on]
    chosen = ReviewFactory(goals=[on, draft, over, cancelled])
    assert set(queries.on_agenda(chosen, has_drafts=True)) == {on, draft, over}
    assert set(queries.on_agenda(chosen, has_drafts=False)) == {on, over}
