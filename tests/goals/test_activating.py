"""Drafts that become active from a list."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from goals import activating
from goals.activating import BlockedError
from goals.changes import NotPossibleError
from goals.models import Goal
from tests.factories import GoalFactory, ManagerFactory
from tests.goal_factories import goal_of
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


def draft(**fields: object) -> Goal:
    given = {"state": "draft", "start": date(2026, 6, 1), "due": date(2026, 12, 27), "target": 90.0, "baseline": None}
    given |= {"reviewer": ManagerFactory(), "check_in_cadence": "weekly", "review_cadence": "monthly"}
    given |= {"smart_note": "We take on a second shift in July."}
    made: Goal = GoalFactory(**given | fields)
    return made


def test_a_draft_without_blocks_becomes_active_with_the_baseline_of_this_moment() -> None:
    weeks("csat", [85] * 13)
    goal, manager = draft(), ManagerFactory()
    assert activating.obstacles(goal) == []
    activating.activate(goal.pk, by=manager)
    goal.refresh_from_db()
    assert (goal.state, goal.baseline, goal.baseline_n, goal.baseline_at) == ("active", 85, 1300, NOW)
    assert goal.next_evaluation_at == NOW


def test_blocks_are_told_and_nothing_is_saved() -> None:
    weeks("csat", [85] * 13)
    goal = draft(target=85.0)
    with pytest.raises(BlockedError) as told:
        activating.activate(goal.pk, by=None)
    assert told.value.reasons == activating.obstacles(goal)
    assert "85.0" in told.value.reasons[0]
    stored = Goal.objects.get()
    assert (stored.state, stored.baseline) == ("draft", None)


def test_warnings_need_somebody_who_says_why() -> None:
    weeks("csat", [85] * 13)
    goal = draft(smart_note=" ")
    assert activating.obstacles(goal) == [
        "The checks warn. Say in one sentence why the goal is right nevertheless, or change it."
    ]


@pytest.mark.parametrize("fields", [{"kpi": "smiles"}, {"dimension": "colour", "member": "red"}])
def test_what_cannot_be_measured_is_blocked(fields: dict[str, str]) -> None:
    goal = draft(**fields)
    assert activating.obstacles(goal)
    with pytest.raises(BlockedError):
        activating.activate(goal.pk, by=None)


@pytest.mark.parametrize("state", ["active", "closed", "cancelled"])
def test_only_drafts(state: str) -> None:
    goal = GoalFactory(state=state)
    with pytest.raises(NotPossibleError, match=f"It is no draft \\(it is “{state}”\\)."):
        activating.activate(goal.pk, by=None)


def test_a_draft_with_milestones_needs_no_figures() -> None:
    steps = [
        ("Plan", date(2026, 7, 15), None),
        ("Try it", date(2026, 9, 15), None),
        ("Run it", date(2026, 12, 1), None),
    ]
    given = {"state": "draft", "start": date(2026, 6, 1), "due": date(2026, 12, 27), "reviewer": ManagerFactory()}
    given |= {"smart_note": "Everybody has time.", "check_in_cadence": "weekly", "review_cadence": "monthly"}
    goal = goal_of(*steps, **given)
    assert activating.obstacles(goal) == []
    activating.activate(goal.pk, by=None)
    goal.refresh_from_db()
    assert (goal.state, goal.baseline, goal.milestones.count()) == ("active", None, 3)


def test_without_a_kpi_and_without_milestones_it_is_blocked() -> None:
    goal = goal_of(state="draft", start=date(2026, 6, 1), due=date(2026, 12, 27))
    with pytest.raises(BlockedError):
        activating.activate(goal.pk, by=None)
