from datetime import date

import pytest

from goals import queries
from goals.lines import line
from tests.factories import (
    GoalFactory,
    ReviewFactory,
)

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


def test_goals_that_need_attention():
    GoalFactory(status="on_track")
    off = GoalFactory(status="off_track")
    at_risk = GoalFactory(status="at_risk")
    GoalFactory(status="off_track", state="closed")
    assert set(queries.needs_attention()) == {off, at_risk}


def test_planned_reviews_come_by_date_and_the_next_one_is_not_over():
    made = {day: ReviewFactory(on=date(2026, 3, day)) for day in (26, 18, 19, 27)}
    ReviewFactory(on=date(2026, 3, 20), state="held")
    ReviewFactory(on=date(2026, 3, 20), state="cancelled")
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


def test_goals_about_the_same_kpi_are_judged_next_to_each_other():
    made = [
        GoalFactory(kpi=code, dimension=by) for code, by in (("nps", ""), ("csat", "team"), ("nps", ""), ("csat", ""))
    ]
    nps, team, other, csat = (goal.pk for goal in made)
    assert queries.alike([goal.pk for goal in made], most=3) == [[csat, team, nps], [other]]
    assert queries.alike([], most=3) == []
