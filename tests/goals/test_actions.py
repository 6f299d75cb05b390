from datetime import UTC, date, datetime

import pytest

from goals import actions
from goals.changes import NotPossibleError
from goals.models import Action, Decision, Goal
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory
from tests.goal_factories import ActionFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = date(2026, 3, 18)


def new(**fields):
    given = {"what": "Write it down", "owner": StaffFactory(), "due": TODAY, "review": ReviewFactory()}
    return Action(**given | fields)


# --- What is agreed
def test_a_decision_is_kept_with_who_and_when():
    review, by = ReviewFactory(), ManagerFactory()
    actions.decide(review.pk, "The shift stays.", by=by, now=NOW)
    actions.decide(review.pk, "The shift stays.", by=ManagerFactory(), now=NOW)  # the form was sent twice
    found = Decision.objects.get()
    assert (found.review, found.text, found.by, found.at) == (review, "The shift stays.", by, NOW)


def test_nothing_is_agreed_in_a_review_that_was_cancelled():
    review = ReviewFactory(state="cancelled")
    with pytest.raises(NotPossibleError, match="The review was cancelled"):
        actions.decide(review.pk, "x", by=ManagerFactory(), now=NOW)
    with pytest.raises(NotPossibleError, match="The review was cancelled"):
        actions.add(new(review=review), by=ManagerFactory(), today=TODAY)


def test_an_action_remembers_who_wrote_it_down_and_is_one_where_it_is_sent_twice():
    by, action = ManagerFactory(), new()
    made = actions.add(action, by=by, today=TODAY)
    again = Action(what=action.what, owner=action.owner, due=action.due, review=action.review)
    assert actions.add(again, by=by, today=TODAY) == made
    assert (made.created_by, made.state, Action.objects.count()) == (by, "open", 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due": date(2026, 3, 17)}, "This day is over"),
        ({"owner": "left"}, "can no longer log in. Choose somebody who will do it"),
    ],
)
def test_what_nobody_could_do_in_time_is_refused(fields, words):
    if fields.get("owner"):
        fields = {"owner": ManagerFactory(is_active=False)}
    with pytest.raises(NotPossibleError, match=words):
        actions.add(new(**fields), by=ManagerFactory(), today=TODAY)
    assert not Action.objects.exists()


# --- Changing
def test_an_action_is_given_to_somebody_else_on_another_day():
    action, other = ActionFactory(owner=ManagerFactory(is_active=False), due=date(2026, 3, 1)), StaffFactory()
    action.what, action.owner, action.due = "Less", other, date(2026, 4, 1)
    actions.change(action, today=TODAY)
    action.refresh_from_db()
    assert (action.what, action.owner, action.due) == ("Less", other, date(2026, 4, 1))


def test_words_are_changed_also_where_the_day_is_over_and_the_owner_left():
    action = ActionFactory(owner=ManagerFactory(is_active=False), due=date(2026, 3, 1))
    action.what = "Other words"
    assert actions.change(action, today=TODAY).what == "Other words"
    action.due = date(2026, 3, 2)
    with pytest.raises(NotPossibleError, match="can no longer log in"):
        actions.change(action, today=TODAY)


def test_what_was_done_meanwhile_is_not_changed_any_more():
    action, jon = ActionFactory(), StaffFactory(name="Jon")
    actions.end(action.pk, "done", note="", by=jon, now=NOW)
    action.what = "Other words"
    with pytest.raises(NotPossibleError, match=r"^Meanwhile Jon has said that this action is done\.$"):
        actions.change(action, today=TODAY)


# --- How it went
def test_done_is_kept_with_who_and_when_and_can_be_taken_back():
    action, jon = ActionFactory(), StaffFactory()
    actions.end(action.pk, "done", note="Nine of ten.", by=jon, now=NOW)
    actions.end(action.pk, "done", note="Again.", by=ManagerFactory(), now=NOW)
    action.refresh_from_db()
    assert (action.state, action.note, action.ended_at, action.ended_by) == ("done", "Nine of ten.", NOW, jon)
    actions.reopen(action.pk)
    actions.reopen(action.pk)
    action.refresh_from_db()
    assert (action.state, action.note, action.ended_at, action.ended_by) == ("open", "Nine of ten.", None, None)


def test_what_is_dropped_has_a_reason():
    action = ActionFactory()
    with pytest.raises(NotPossibleError, match="Say in a few words why it is not done"):
        actions.end(action.pk, "dropped", note="", by=action.owner, now=NOW)
    assert actions.end(action.pk, "dropped", note="Too dear.", by=action.owner, now=NOW).state == "dropped"
    with pytest.raises(NotPossibleError, match="has said that this action is dropped"):
        actions.end(action.pk, "done", note="", by=action.owner, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_it_differently_at_once_one_is_told(at_once):
    organisation()
    action, by = ActionFactory(), ManagerFactory()

    def end(state):
        try:
            return actions.end(action.pk, state, note="x", by=by, now=NOW).state
        except NotPossibleError:
            return "told"

    found = at_once(lambda: end("done"), lambda: end("dropped"))
    assert found.count("told") == 1
    assert at_once(lambda: Action.objects.get().state) == [next(state for state in found if state != "told")]


def test_whoever_does_it_and_managers_say_how_it_went():
    jon = StaffFactory()
    action = ActionFactory(owner=jon)
    assert [actions.may_settle(one, action) for one in (jon, ManagerFactory(), StaffFactory())] == [True, True, False]


# --- What is left of it
def test_an_action_outlives_its_review_and_its_goal():
    action = ActionFactory(review=ReviewFactory(), goal=GoalFactory(state="draft"))
    Goal.objects.all().delete()
    action.review.delete()
    action.refresh_from_db()
    assert (action.review, action.goal, action.state) == (None, None, "open")
    assert [one.pk for one in actions.open_actions()] == [action.pk]


def test_shelves():
    jon = StaffFactory()
    late = ActionFactory(due=date(2026, 3, 17), owner=jon)
    today = ActionFactory(due=TODAY)
    later = ActionFactory(due=date(2026, 4, 1), owner=jon)
    done = ActionFactory(state="done", ended_at=NOW, due=date(2026, 3, 1))
    dropped = ActionFactory(state="dropped", ended_at=NOW, due=date(2026, 3, 2))

    def on(shelf, owner=None):
        return list(actions.on_shelf(shelf, owner=owner, today=TODAY))

    assert [on(shelf) for shelf in actions.SHELVES] == [
        [late, today, later],
        [late],
        [done],
        [dropped],
        [later, today, late, dropped, done],
    ]
    assert on("open", jon.pk) == [late, later]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, ("in 2 days", False, False)),
        ({"due": date(2026, 3, 17)}, ("yesterday", True, False)),
        ({"due": date(2026, 3, 17), "state": "done", "ended_at": NOW}, ("yesterday", False, False)),
    ],
)
def test_a_line(fields, found):
    line = actions.line(ActionFactory(**fields), TODAY)
    assert (line.when, line.is_overdue, line.is_ownerless) == found


def test_an_action_of_somebody_who_left_says_so():
    assert actions.line(ActionFactory(owner=StaffFactory(is_active=False)), TODAY).is_ownerless


def test_of_a_goal_the_open_ones_come_first():
    goal = GoalFactory()
    done = ActionFactory(goal=goal, state="done", ended_at=NOW, due=date(2026, 3, 1))
    waiting = ActionFactory(goal=goal)
    ActionFactory()
    assert [line.action for line in actions.of_goal(goal, TODAY)] == [waiting, done]
