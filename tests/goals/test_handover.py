import pytest

from goals import handover
from goals.changes import NotPossibleError
from tests.factories import GoalFactory, ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["draft", "active"])
def test_another_owner_and_nothing_else(state: str) -> None:
    goal, ada = GoalFactory(state=state, status="at_risk", value=81.0), ManagerFactory(name="Ada")
    handover.hand_over(goal.pk, ada)
    before = (goal.state, goal.status, goal.value, goal.target, goal.next_evaluation_at)
    goal.refresh_from_db()
    assert goal.owner == ada
    assert (goal.state, goal.status, goal.value, goal.target, goal.next_evaluation_at) == before


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_what_is_over_stays_with_its_owner(state: str) -> None:
    goal = GoalFactory(state=state)
    with pytest.raises(NotPossibleError, match=f"It is over \\(it is “{state}”\\)"):
        handover.hand_over(goal.pk, ManagerFactory())


def test_to_the_one_who_has_it() -> None:
    ada = ManagerFactory(name="Ada")
    goal = GoalFactory(owner=ada)
    with pytest.raises(NotPossibleError, match=r"Ada owns it already\."):
        handover.hand_over(goal.pk, ada)
