"""The number fills itself, the person's words stay beside it, and neither changes the other."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from goals import check_ins
from goals.changes import NotPossibleError
from goals.check_ins import Said, UnexplainedError
from goals.models import CheckIn, Goal
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, UserFactory
from tests.goal_factories import CheckInFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 23, 30, tzinfo=UTC)
SAID = Said(confidence="on_track", what_changed="A second shift.", next_step="Start it earlier.")


def judged(status="on_track", **fields):
    given = {"value": 84.0, "value_low": 80.0, "value_high": 88.0, "value_n": 57, "probability": 0.7}
    days = {"value_start": date(2026, 3, 9), "value_end": date(2026, 3, 16)}
    return GoalFactory(**given | days | {"status": status} | fields)


# --- What is kept
def test_the_figures_of_the_moment_are_frozen():
    goal, owner = judged(), ManagerFactory()
    made = check_ins.check_in(goal.pk, SAID, by=owner, now=NOW)
    Goal.objects.update(value=70.0, status="off_track", probability=0.1, target=95.0)
    made.refresh_from_db()
    assert (made.value, made.value_low, made.value_high, made.value_n) == (84.0, 80.0, 88.0, 57)
    assert (made.value_start, made.value_end, made.target) == (date(2026, 3, 9), date(2026, 3, 16), 90.0)
    assert (made.status, made.probability, made.by, made.at) == ("on_track", 0.7, owner, NOW)


def test_nothing_of_the_judgement_changes():
    goal = judged("off_track")
    check_ins.check_in(goal.pk, replace(SAID, difference="It is better than it looks."), by=goal.owner, now=NOW)
    goal.refresh_from_db()
    assert (goal.status, goal.probability, goal.value) == ("off_track", 0.7, 84.0)


@pytest.mark.parametrize(("zone", "day"), [("UTC", date(2026, 3, 18)), ("Europe/Berlin", date(2026, 3, 19))])
def test_the_goal_remembers_the_day_in_the_zone_of_the_organisation(zone, day):
    organisation(time_zone=zone)
    goal = judged()
    check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW)
    goal.refresh_from_db()
    assert (goal.checked_in_on, goal.confidence) == (day, "on_track")


def test_where_nothing_was_measured_nothing_is_invented():
    goal = GoalFactory(status="gathering")
    made = check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW)
    assert (made.value, made.value_n, made.probability) == (None, 0, None)
    assert check_ins.line(made, goal, goal.owner).value == "no data"


# --- Person and machine
@pytest.mark.parametrize("status", ["at_risk", "off_track"])
def test_a_difference_of_one_level_or_more_needs_a_sentence(status):
    goal = judged(status)
    with pytest.raises(UnexplainedError, match="Say in a sentence why you see it differently"):
        check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW)
    assert not CheckIn.objects.exists()
    goal.refresh_from_db()
    assert goal.checked_in_on is None
    made = check_ins.check_in(goal.pk, replace(SAID, difference="The shift began on Monday."), by=goal.owner, now=NOW)
    assert made.difference == "The shift began on Monday."


def test_a_sentence_about_no_difference_is_not_kept():
    goal = judged("on_track")
    assert check_ins.check_in(goal.pk, replace(SAID, difference="Why?"), by=goal.owner, now=NOW).difference == ""


def test_both_are_shown_with_their_tones():
    goal = judged("off_track")
    found = check_ins.line(CheckInFactory(goal=goal, status="off_track", probability=0.1, value=84.0), goal, goal.owner)
    assert (found.person, found.person_tone, found.machine, found.machine_tone) == (
        "on track",
        "good",
        "off track",
        "bad",
    )
    assert (found.is_apart, found.chance, found.value) == (True, "about 1 in 10", "84.0\u00a0%")


# --- Which goals, and who
@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_only_active_goals_are_checked_in_on(state):
    goal = judged(state=state)
    with pytest.raises(NotPossibleError, match="This goal is not active"):
        check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW)


def test_the_owner_and_managers_may_and_nobody_else():
    owner = StaffFactory()
    goal = judged(owner=owner)
    assert check_ins.may_check_in(owner, goal)
    assert check_ins.may_check_in(ManagerFactory(), goal)
    assert not check_ins.may_check_in(StaffFactory(), goal)
    assert not check_ins.may_check_in(UserFactory(), goal)
    goal.state = "closed"
    assert not check_ins.may_check_in(owner, goal)
    stranger = UserFactory()
    assert not check_ins.may_check_in(stranger, judged(owner=stranger))  # without a role, also as the owner


# --- Twice
def test_a_form_that_is_sent_twice_is_one_check_in():
    goal = judged()
    first = check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW)
    assert check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW + timedelta(minutes=1)) == first
    check_ins.check_in(goal.pk, SAID, by=ManagerFactory(), now=NOW + timedelta(minutes=1))
    check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW + timedelta(days=7))
    assert CheckIn.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_are_both_heard(at_once):
    organisation()
    goal, other = judged(), ManagerFactory()
    at_once(
        lambda: check_ins.check_in(goal.pk, SAID, by=goal.owner, now=NOW).pk,
        lambda: check_ins.check_in(goal.pk, SAID, by=other, now=NOW).pk,
    )
    assert at_once(CheckIn.objects.count) == [2]


def test_the_last_comes_first(django_assert_num_queries):
    goal = judged()
    for days in (7, 0, 14):
        CheckInFactory(goal=goal, at=NOW - timedelta(days=days), what_changed=str(days))
    with django_assert_num_queries(2):  # and their number
        found = check_ins.pages_of(goal).get_page(None)
        assert [(one.what_changed, str(one.by) != "") for one in found] == [
            ("0", True),
            ("7", True),
            ("14", True),
        ]


# --- Read by somebody else
def who_may(goal, found, **others):
    """The names of those who may acknowledge it."""
    people = {"owner": goal.owner, "reviewer": goal.reviewer, **others}
    return {name for name, person in people.items() if person and check_ins.may_acknowledge(person, found, goal)}


def test_whoever_of_owner_and_reviewer_has_not_written_it_acknowledges_it():
    goal, third, passer_by = judged(reviewer=StaffFactory()), ManagerFactory(), StaffFactory()
    others = {"third": third, "passer_by": passer_by}
    assert who_may(goal, CheckInFactory(goal=goal, by=goal.owner), **others) == {"reviewer"}
    assert who_may(goal, CheckInFactory(goal=goal, by=goal.reviewer), **others) == {"owner"}
    assert who_may(goal, CheckInFactory(goal=goal, by=third), **others) == {"owner", "reviewer"}
    assert who_may(goal, CheckInFactory(goal=goal, by=None), **others) == {"owner", "reviewer"}


@pytest.mark.parametrize("reviewer", [None, {"is_active": False}])
def test_where_no_reviewer_is_left_another_manager_does(reviewer):
    goal = judged(reviewer=reviewer and StaffFactory(**reviewer))
    writer, other = ManagerFactory(), ManagerFactory()
    found = CheckInFactory(goal=goal, by=goal.owner)
    assert who_may(goal, found, other=other, staff=StaffFactory()) == {"other"}
    goal.owner.is_active = False
    assert who_may(goal, CheckInFactory(goal=goal, by=writer), writer=writer, other=other) >= {"other"}
    assert "writer" not in who_may(goal, CheckInFactory(goal=goal, by=writer), writer=writer)


def test_it_is_acknowledged_once_by_the_first():
    goal = judged(reviewer=ManagerFactory())
    found = CheckInFactory(goal=goal, by=ManagerFactory())
    for person, now in ((goal.reviewer, NOW), (goal.owner, NOW + timedelta(days=1))):
        check_ins.acknowledge(found.pk, by=person, now=now)
    found.refresh_from_db()
    assert (found.acknowledged_by, found.acknowledged_at) == (goal.reviewer, NOW)
    assert who_may(goal, found) == set()


def test_nobody_acknowledges_what_they_wrote_or_what_is_not_theirs():
    goal = judged(reviewer=ManagerFactory())
    found = CheckInFactory(goal=goal, by=goal.owner)
    for person in (goal.owner, StaffFactory(), ManagerFactory()):
        with pytest.raises(check_ins.NotTheirsError):
            check_ins.acknowledge(found.pk, by=person, now=NOW)
    found.refresh_from_db()
    assert found.acknowledged_at is None


def test_how_many_wait_of_active_goals(django_assert_num_queries):
    goal, other, over = judged(), judged(), judged(state="closed")
    for one in (goal, goal, over):
        CheckInFactory(goal=one, at=NOW)
    CheckInFactory(goal=goal, at=NOW - timedelta(days=1))
    CheckInFactory(goal=other, at=NOW, acknowledged_at=NOW)
    with django_assert_num_queries(1):
        assert check_ins.unread([goal, other, over], NOW) == {goal.pk: 2}
