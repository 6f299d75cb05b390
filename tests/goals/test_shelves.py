import itertools

import pytest

from goals import shelves
from goals.models import Goal
from tests.factories import GoalFactory, ManagerFactory, ObjectiveFactory

pytestmark = pytest.mark.django_db


def test_every_goal_stands_on_exactly_one_shelf():
    """Whatever its state and status are; and the database finds it on the same one."""
    owner, objective = ManagerFactory(), ObjectiveFactory()
    for state, status in itertools.product(Goal.State.values, ["", *Goal.Status.values]):
        goal = GoalFactory(state=state, status=status, owner=owner, objective=objective)
        found = [name for name in shelves.SHELVES if goal in shelves.on([name])]
        assert found == [shelves.shelf(state, status)], (state, status)
    assert set(shelves.NAMES) == set(shelves.SHELVES)


@pytest.mark.parametrize(
    ("state", "status", "found"),
    [
        ("draft", "", "draft"),
        ("active", "", "waiting"),
        ("active", "scheduled", "waiting"),
        ("active", "gathering", "waiting"),
        ("active", "on_track", "on_track"),
        ("active", "at_risk", "at_risk"),
        ("active", "off_track", "off_track"),
        ("active", "achieved", "over"),
        ("closed", "missed", "over"),
        ("closed", "gathering", "over"),
        ("cancelled", "on_track", "cancelled"),
    ],
)
def test_shelf(state, status, found):
    assert shelves.shelf(state, status) == found


def test_what_needs_attention_comes_first_and_what_is_over_the_other_way_round():
    made = {
        (status, due): GoalFactory(status=status, due=due)
        for status in ("gathering", "on_track", "off_track", "at_risk")
        for due in ("2026-12-31", "2026-06-30")
    }
    assert [key for goal in shelves.on(shelves.RUNNING) for key, one in made.items() if one == goal] == [
        (status, due)
        for status in ("off_track", "at_risk", "on_track", "gathering")
        for due in ("2026-06-30", "2026-12-31")
    ]
    for due in ("2026-03-31", "2026-05-31", "2026-01-31"):
        GoalFactory(state="closed", status="achieved", due=due)
    assert [str(goal.due) for goal in shelves.on(["over"])] == ["2026-05-31", "2026-03-31", "2026-01-31"]


def test_choices_count_everything_in_one_query(django_assert_num_queries):
    owner, objective = ManagerFactory(name="Mara"), ObjectiveFactory(name="Loyalty")
    for status in ("on_track", "on_track", "achieved", "off_track"):
        GoalFactory(owner=owner, objective=objective, status=status)
    draft = GoalFactory(state="draft", owner=ManagerFactory(name="", email="jon@example.org"))
    with django_assert_num_queries(1):
        found = shelves.choices(has_drafts=True)
    assert found.shelves == {"on_track": 2, "over": 1, "off_track": 1, "draft": 1}
    assert found.owners == {owner.pk: "Mara", draft.owner_id: "jon@example.org"}
    assert found.objectives == {objective.pk: "Loyalty", draft.objective_id: draft.objective.name}
    assert shelves.choices(has_drafts=False).owners == {owner.pk: "Mara"}
