from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from goals import next_goal
from goals.changes import NotPossibleError
from goals.models import Goal
from goals.progress import is_reached
from metrics.catalogue import CATALOGUE
from metrics.kpi import Better
from tests.factories import GoalFactory, ManagerFactory
from tests.goal_factories import CloseOutFactory
from tests.goals import measured
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY = measured.TODAY


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def ended(**fields):
    given = {"state": "closed", "status": "achieved", "start": date(2026, 1, 5), "due": date(2026, 5, 24)}
    return CloseOutFactory(goal=GoalFactory(**given | fields)).goal


def seed(goal, by=None):
    return next_goal.seed(goal.pk, by=by or ManagerFactory(), today=TODAY)


def test_it_is_a_draft_with_a_baseline_measured_now_and_linked():
    measured.house()
    measured.weeks("csat", [84] * 13)
    goal, by = ended(statement="Nine of ten"), ManagerFactory()
    made = seed(goal, by)
    made.refresh_from_db()
    assert (made.statement, made.state, made.kpi, made.target, made.owner) == (
        "Nine of ten (until 25 Oct 2026)",
        "draft",
        "csat",
        90.0,
        goal.owner,
    )
    assert (made.baseline, made.baseline_n, made.baseline_end) == (84.0, 1300, date(2026, 6, 1))
    assert (made.start, made.due, made.created_by, made.status) == (date(2026, 6, 8), date(2026, 10, 25), by, "")
    goal.refresh_from_db()
    assert (goal.close_out.next_goal, made.follows) == (made, goal.close_out)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Nine of ten (until 24 May 2026)", "Nine of ten (until 25 Oct 2026)"),
        ("Nine of ten (in the shop)", "Nine of ten (in the shop) (until 25 Oct 2026)"),
        ("x" * 200, "x" * 180 + " (until 25 Oct 2026)"),
    ],
)
def test_goals_that_follow_each_other_are_told_apart_by_when_they_are_due(statement, expected):
    measured.house()
    measured.weeks("csat", [84] * 13)
    assert seed(ended(statement=statement)).statement == expected


def test_where_the_target_is_met_it_is_as_big_a_step_again():
    measured.house()
    measured.weeks("csat", [91] * 13)
    made = seed(ended(baseline=86.0))
    assert (made.baseline, made.target, made.direction) == (91.0, 95.0, "higher")


def test_one_without_data_is_a_draft_without_a_baseline():
    measured.house()
    made = seed(ended())
    assert (made.baseline, made.target) == (None, 90.0)


def test_a_kpi_that_is_gone_is_told():
    goal = ended(kpi="smiles")
    with pytest.raises(NotPossibleError, match="smiles"):
        seed(goal)
    assert Goal.objects.count() == 1


def test_a_figure_that_cannot_get_better_is_told():
    measured.house()
    measured.weeks("csat", [100] * 13)
    with pytest.raises(NotPossibleError, match=r"is at 100\.0\s%, and there is nothing better to reach"):
        seed(ended())


def test_whoever_asks_owns_it_where_the_owner_left():
    measured.house()
    by = ManagerFactory()
    assert seed(ended(owner=ManagerFactory(is_active=False)), by).owner == by


def test_there_is_one_next_goal():
    measured.house()
    goal = ended()
    seed(goal)
    with pytest.raises(NotPossibleError, match=r"^There is a next goal already\.$"):
        seed(goal)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one(at_once):
    organisation()
    goal, by = ended(), ManagerFactory()

    def ask():
        try:
            return seed(goal, by).follows.goal.statement
        except NotPossibleError:
            return "told"

    assert sorted(at_once(ask, ask)) == sorted([goal.statement, "told"])
    assert at_once(Goal.objects.count) == [2]


@pytest.mark.parametrize(
    ("grain", "start", "due", "today", "found"),
    [
        ("week", "2026-01-05", "2026-05-24", "2026-06-01", ("2026-06-08", "2026-10-25")),
        ("week", "2026-01-05", "2026-07-05", "2026-06-01", ("2026-07-06", "2027-01-03")),  # closed early
        ("month", "2026-01-01", "2026-05-31", "2026-06-10", ("2026-07-01", "2026-11-30")),
        ("month", "2026-05-01", "2026-05-31", "2026-06-10", ("2026-07-01", "2026-07-31")),
        ("week", "2026-05-20", "2026-05-24", "2026-06-01", ("2026-06-08", "2026-06-14")),
    ],
)
def test_the_dates_are_whole_weeks_or_months(grain, start, due, today, found):
    measured.house()
    goal = GoalFactory(grain=grain, start=date.fromisoformat(start), due=date.fromisoformat(due))
    days = next_goal.dates(goal, CATALOGUE["csat"], date.fromisoformat(today))
    assert days == tuple(map(date.fromisoformat, found))


@given(baseline=st.floats(0, 90000), way=st.floats(60, 80000), measured_now=st.floats(0, 90000), lower=st.booleans())
def test_the_target_is_always_ahead(baseline, way, measured_now, lower):
    """Of durations, in either direction; where nothing is better it is refused."""
    target = max(baseline - way, 0) if lower else baseline + way
    direction = "lower" if lower else "higher"
    goal = Goal(kpi="first_response_time", direction=direction, baseline=baseline, target=target, grain="week")
    try:
        found = next_goal.target(goal, CATALOGUE["first_response_time"], measured_now)
    except NotPossibleError:
        return
    assert not is_reached(measured_now, found, Better(direction))
    assert found >= 0
