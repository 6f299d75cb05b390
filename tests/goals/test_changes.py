from datetime import date

import pytest
from django.db import IntegrityError, transaction

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


def test_a_moved_range_keeps_both_of_its_ends():
    goal = GoalFactory(kpi="agent_utilisation", target=75, target_high=85, baseline=60)
    goal.target_high = 90
    changes.save(goal, by=None, why="They asked for it")
    change = goal.target_changes.get()
    assert (change.before, change.before_high, change.after, change.after_high) == (75, 85, 75, 90)


def test_what_is_written_about_an_active_goal_is_stored():
    goal, reviewer = GoalFactory(), ManagerFactory()
    goal.reviewer, goal.guardrail, goal.guardrail_limit = reviewer, "reopen_rate", 5.0
    goal.has_incentive, goal.smart_note = True, "A second shift"
    goal.check_in_cadence, goal.review_cadence = "weekly", "monthly"
    changes.save(goal, by=None)
    stored = Goal.objects.get()
    assert (stored.reviewer, stored.guardrail, stored.guardrail_limit) == (reviewer, "reopen_rate", 5)
    assert (stored.has_incentive, stored.smart_note) == (True, "A second shift")
    assert (stored.check_in_cadence, stored.review_cadence) == ("weekly", "monthly")


def test_a_draft_may_be_nonsense_and_an_active_goal_not():
    nonsense = {"baseline": 90, "target": 90, "start": date(2026, 6, 1), "due": date(2026, 5, 1)}
    draft = GoalFactory(state="draft", **nonsense)
    draft.state = Goal.State.ACTIVE
    with pytest.raises(IntegrityError), transaction.atomic():
        changes.save(draft, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalFactory(target=85, target_high=75)
    GoalFactory(target=80, target_high=90, baseline=80)  # at the end of a range is within it


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
