from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from goals import recognition
from goals.models import Rebase, Thanks
from kpiproject.models import Mail, Team
from tests.factories import GoalFactory, StaffFactory
from tests.goal_factories import RebaseFactory
from tests.goals import recognised
from tests.goals.courses import FIRST, pieces, week
from tests.goals.recognised import NOW

pytestmark = pytest.mark.django_db
BEFORE = [80, 82, 81, 80, 82, 81, 80, 82]
"""A mean of 81 with steps of 1.43: from 77.2 to 84.8 all is chance."""


def achieved(values, **other):
    """Eight weeks before its start, then the values."""
    course = pieces([*BEFORE, *values])
    known = {"course": course, "start": week(8), "due": week(8 + len(values)), "status": "achieved", "target": 83.0}
    return GoalFactory(**known | other)


# --- Thanks
def test_thanks_are_kept_and_mailed_to_whom_they_are_for():
    by, person = StaffFactory(name="Jon"), StaffFactory(name="Ines", email="ines@example.org")
    found = recognition.give(by=by, person=person, what="You stayed until eight.", praise=None, now=NOW)
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject, letter.reply_to) == ("ines@example.org", "Jon thanks you", by.email)
    assert "You stayed until eight." in letter.text
    assert list(recognition.readable(StaffFactory())) == [found]


def test_a_team_is_everybody_of_it_who_has_an_account_except_who_thanks():
    team = Team.objects.create(external_id="b", name="Billing")
    by, ines, gone = StaffFactory(), StaffFactory(), StaffFactory(is_active=False)
    for person in (by, ines, gone):
        recognised.agent(f"{person.pk} x", person=person, team=team, external_id=str(person.pk))
    recognised.agent("No Account", team=team, email="no@example.org")
    recognition.give(by=by, team=team, what="You all stayed until eight.", praise=None, now=NOW)
    assert list(Mail.objects.values_list("recipient", flat=True)) == [ines.email]


def test_a_customers_words_go_along():
    words = recognised.praise(StaffFactory(), state="shared", text="She never gave up.")
    recognition.give(by=StaffFactory(), person=StaffFactory(), what="Just as they say", praise=words, now=NOW)
    assert "She never gave up." in Mail.objects.get().text


def test_what_is_hidden_is_seen_by_whom_it_is_for_alone():
    person, other = StaffFactory(), StaffFactory()
    found = recognised.thanks(person)
    assert not recognition.hide(other, found.pk, NOW)
    assert recognition.hide(person, found.pk, NOW)
    assert list(recognition.readable(person)) == [found]
    assert list(recognition.readable(other)) == []
    assert list(recognition.readable(found.by)) == []
    assert not recognition.show(other, found.pk)
    assert recognition.show(person, found.pk)
    assert list(recognition.readable(other)) == [found]


def test_thanks_are_for_a_person_or_a_team_and_never_for_both():
    team = Team.objects.create(external_id="b", name="Billing")
    with pytest.raises(IntegrityError):
        Thanks.objects.create(by=StaffFactory(), person=StaffFactory(), team=team, what="x")


# --- Milestones
@pytest.mark.parametrize(
    ("is_achieved", "is_healthy", "beyond", "expected"),
    [
        (True, True, True, True),
        (False, True, True, False),
        (True, False, True, False),
        (True, True, False, False),
        (True, True, None, False),
    ],
)
def test_what_is_a_milestone(is_achieved, is_healthy, beyond, expected):
    found = recognition.is_milestone(is_achieved=is_achieved, is_guardrail_healthy=is_healthy, is_beyond_chance=beyond)
    assert found is expected


@pytest.mark.parametrize(
    ("values", "direction", "expected"),
    [
        ([83, 84, 90], "higher", True),  # beyond the range of before
        ([83, 84, 84], "higher", False),  # within it
        ([82, 83] * 4, "higher", True),  # eight above what was the mean
        ([82, 83] * 3 + [82, 80], "higher", False),
        ([78, 77, 70], "lower", True),
        ([83, 84, 90], "lower", False),  # beyond it on the wrong side
    ],
)
def test_a_goal_that_was_met_by_chance_is_not_named(values, direction, expected):
    goal = achieved(values, direction=direction)
    assert bool(recognition.milestones([goal])) is expected


def test_what_was_normal_before_a_new_beginning_is_not_what_the_goal_is_compared_with():
    """Twenty weeks about 60 and twelve about 80: by the last twelve 83 is nothing unusual."""
    course = pieces([*[60, 61] * 10, *[78, 83] * 6, 82, 83, 83])
    given = {"course": course, "start": week(32), "due": week(35), "status": "achieved", "target": 82.0}
    goal = GoalFactory(**given)
    assert [one.goal for one in recognition.milestones([goal])] == [goal]
    RebaseFactory(goal=goal, since=week(20))
    assert recognition.milestones([goal]) == []
    goal.rebases.update(since=week(33))  # what came after the start changes nothing of what was before
    assert [one.goal for one in recognition.milestones([goal])] == [goal]


def test_with_too_little_before_the_start_nobody_can_tell():
    goal = achieved([90, 91, 92], start=FIRST + timedelta(days=21))
    assert recognition.milestones([goal]) == []


def test_a_hollow_win_is_not_named():
    goal = achieved([83, 84, 90])
    assert [one.goal for one in recognition.milestones([goal])] == [goal]
    assert recognition.milestones([goal], breached=[goal.pk]) == []


def test_the_goals_that_were_lately_achieved():
    today = date(2026, 6, 1)
    last = achieved([83, 84, 90], due=date(2026, 6, 1))
    closed = achieved([83, 84, 90], due=date(2026, 5, 1), state="closed")
    achieved([83, 84, 90], due=today - timedelta(days=180), start=today - timedelta(days=300))
    achieved([83, 84, 90], due=date(2026, 6, 2))
    achieved([83, 84, 90], due=date(2026, 5, 1), state="cancelled")
    achieved([83, 84, 90], due=date(2026, 5, 1), status="missed")
    assert list(recognition.achieved(today)) == [last, closed]


def test_a_rebase_does_not_change_what_was_normal_before_the_start():
    goal = achieved([83, 84, 90])
    Rebase.objects.create(goal=goal, since=week(9), reason="x")
    assert [one.on for one in recognition.milestones(recognition.achieved(goal.due))] == [goal.due]
