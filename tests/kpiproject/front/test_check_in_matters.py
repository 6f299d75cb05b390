"""Check-ins among what waits for a person because it is theirs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from goals import check_ins
from goals.models import CheckIn, Goal
from kpiproject.front import attention
from kpiproject.models import User
from tests.factories import GoalFactory, ManagerFactory, StaffFactory
from tests.goal_factories import CheckInFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
TODAY = NOW.date()
OLD = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


def told(user: User) -> list[tuple[str, str, list[str]]]:
    moment = attention.this_moment()
    leads = attention.settles_matters(user)
    found = attention.all_needs(user, moment) if leads else attention.own(user, moment)
    matters = found.matters if found else []
    return [
        (one.text, one.tone, [f"{each.text}: {each.note}" for each in one.details])
        for one in matters
        if "check-in" in one.text
    ]


def fresh(**fields: object) -> Goal:
    return GoalFactory(checked_in_on=TODAY, created_at=OLD, **fields)


def test_the_reviewer_is_told_until_one_of_them_has_read_it() -> None:
    owner, reviewer = StaffFactory(name="Ola"), StaffFactory(name="Rea")
    goal = fresh(owner=owner, reviewer=reviewer, statement="Faster")
    written = CheckInFactory(goal=goal, by=owner)
    waits = [("1 check-in waits for you to acknowledge it", "warn", ["Faster: Ola, 12 Mar 2026"])]
    assert (told(reviewer), told(owner), told(StaffFactory()), told(ManagerFactory())) == (waits, [], [], [])
    check_ins.acknowledge(written.pk, by=reviewer, now=NOW)
    assert told(reviewer) == []


def test_where_nobody_is_left_to_read_it_a_manager_is_told() -> None:
    owner, manager = StaffFactory(name="Ola"), ManagerFactory()
    written = CheckInFactory(goal=fresh(owner=owner, statement="Faster"), by=owner)
    assert [text for text, *_rest in told(manager)] == ["1 check-in waits for you to acknowledge it"]
    assert told(StaffFactory()) == []
    Goal.objects.update(state="closed")
    assert told(manager) == []
    assert check_ins.may_acknowledge(manager, written, written.goal)


def test_it_waits_for_those_who_may_acknowledge_it_and_for_nobody_else() -> None:
    """The question to the database and the rule for one are the same, whoever wrote it and whoever is left."""
    people: list[User] = [StaffFactory(), ManagerFactory(), StaffFactory(is_active=False), ManagerFactory()]
    for owner in people[:3]:
        for reviewer in (None, *people[:3]):
            for by in (None, *people[:3]):
                CheckInFactory(goal=fresh(owner=owner, reviewer=reviewer), by=by)
    for person in (people[0], people[1], people[3]):
        allowed = {one.pk for one in CheckIn.objects.all() if check_ins.may_acknowledge(person, one, one.goal)}
        assert {one.pk for one in check_ins.waiting_for(person)} == allowed
        assert allowed


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (6, []),
        (7, [("You owe 1 check-in", "", ["Faster: no check-in for 7 days"])]),
        (14, [("You owe 1 check-in", "warn", ["Faster: no check-in for 14 days"])]),
    ],
)
def test_the_owner_is_told_once_the_cadence_has_passed(days: int, expected: list[object]) -> None:
    owner = StaffFactory()
    last = TODAY - timedelta(days=days)
    GoalFactory(owner=owner, statement="Faster", check_in_cadence="weekly", checked_in_on=last, created_at=OLD)
    assert told(owner) == expected


def test_a_manager_is_told_once_of_a_goal_of_their_own_that_is_stale() -> None:
    owner = ManagerFactory()
    last = TODAY - timedelta(days=40)
    GoalFactory(owner=owner, statement="Faster", check_in_cadence="weekly", checked_in_on=last, created_at=OLD)
    assert [text for text, *_rest in told(owner)] == ["1 goal waits for a check-in"]
