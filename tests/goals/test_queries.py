import pytest

from goals import queries
from goals.lines import line
from tests.factories import GoalFactory, ManagerFactory

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
