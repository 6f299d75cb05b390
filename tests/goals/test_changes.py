import pytest

from goals import changes
from goals.changes import NotPossibleError
from goals.models import Goal
from tests.factories import GoalFactory, ManagerFactory, ObjectiveFactory

pytestmark = pytest.mark.django_db


def test_a_new_goal_remembers_who_wrote_it():
    manager = ManagerFactory()
    goal = GoalFactory.build(objective=ObjectiveFactory(), owner=manager)
    changes.save(goal, by=manager)
    assert Goal.objects.get().created_by == manager


def test_a_cancelled_goal_that_is_a_draft_again_starts_without_a_judgement():
    goal = GoalFactory(state="cancelled", status="on_track", reason="forecast", probability=0.7, candidate="at_risk")
    goal.state = Goal.State.DRAFT
    changes.save(goal, by=None)
    goal.state = Goal.State.ACTIVE
    changes.save(goal, by=None)
    goal.refresh_from_db()
    assert (goal.state, goal.status, goal.reason, goal.probability, goal.candidate) == ("active", "", "", None, "")


def test_a_moved_target_turns_the_direction_where_neither_is_better():
    goal = GoalFactory(kpi="ticket_volume", baseline=100, target=120, revision=1, candidate="at_risk")
    goal.target = 80
    changes.save(goal, by=None, why="Fewer are better after all")
    goal.refresh_from_db()
    assert (goal.direction, goal.candidate, goal.outlook) == ("lower", "", {"is_anew": True})


def test_a_goal_of_a_kpi_that_is_gone_is_not_measured_again():
    with pytest.raises(NotPossibleError, match="smiles"):
        changes.measure_again(GoalFactory(kpi="smiles", state="draft"))


def test_a_form_built_on_another_state_reopens_nothing():
    goal = GoalFactory(target=90)
    Goal.objects.update(state="closed", status="achieved")
    goal.target = 80
    with pytest.raises(NotPossibleError, match=r"^Meanwhile somebody has changed the state of this goal to “closed”"):
        changes.save(goal, by=None, seen="active")
    goal.refresh_from_db()
    assert (goal.state, goal.target, goal.target_changes.count()) == ("closed", 90, 0)
