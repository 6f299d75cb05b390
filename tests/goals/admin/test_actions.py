"""The managers' overview of actions."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Action, ActionReminder
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory
from tests.goal_factories import ActionFactory
from tests.goals.entry import told
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = date(2026, 3, 18)
LIST = reverse("admin:goals_action_changelist")
ADD = reverse("admin:goals_action_add")
ENDED = {"state": "done", "ended_at": NOW}


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def change(action):
    return reverse("admin:goals_action_change", args=[action.pk])


def values(owner, **other):
    reminders = {f"reminders-{part}_FORMS": "0" for part in ("TOTAL", "INITIAL")}
    return {"what": "Ask ten customers", "owner": owner.pk, "due": "2026-03-20", "goal": ""} | reminders | other


def listed(client, **asked):
    page = client.get(LIST, asked)
    assert page.status_code == 200
    return [action.what for action in page.context["cl"].result_list]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode())).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["-1", "0", "7", "8", "done"]),
        ({"due_in": "overdue"}, ["-1"]),
        ({"due_in": "today"}, ["0"]),
        ({"due_in": "soon"}, ["7"]),
        ({"due_in": "later"}, ["8"]),
        ({"state__exact": "done"}, ["done"]),
        ({"due_in": "nonsense"}, ["-1", "0", "7", "8", "done"]),
    ],
)
def test_it_is_filtered_by_state_and_by_what_is_due_when(client, manager, asked, expected):
    for days in (-1, 0, 7, 8):
        ActionFactory(what=str(days), due=TODAY + timedelta(days=days))
    ActionFactory(what="done", due=TODAY - timedelta(days=9), **ENDED)
    assert sorted(listed(client, **asked)) == sorted(expected)


def test_what_is_due_follows_the_day_of_the_organisation(client, manager):
    organisation(time_zone="Pacific/Kiritimati")  # it is the 19th there
    ActionFactory(what="Yesterday", due=TODAY)
    assert listed(client, due_in="overdue") == ["Yesterday"]


def test_by_owner_goal_and_words(client, manager):
    jon, goal = StaffFactory(name="Jon"), GoalFactory(statement="Nine of ten")
    ActionFactory(what="His", owner=jon), ActionFactory(what="About it", goal=goal), ActionFactory(what="Other")
    assert listed(client, owner__id__exact=jon.pk) == ["His"]
    assert listed(client, goal__id__exact=goal.pk) == ["About it"]
    assert listed(client, q="nine of") == ["About it"]


def test_an_overdue_one_and_one_without_anybody_say_so(client, manager):
    ActionFactory(due=TODAY - timedelta(days=2), owner=StaffFactory(name="Gone", is_active=False))
    page = text_of(client.get(LIST))
    assert "overdue, 2 days ago" in page
    assert "Gone (can no longer log in)" in page


def test_one_and_three_cost_the_same(client, manager):
    organisation()
    counts = []
    for more in (1, 2):
        for _number in range(more):
            ActionFactory(review=ReviewFactory(), goal=GoalFactory())
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Many at once
def test_many_are_done_at_once_with_who_and_when_and_in_the_history(client, manager):
    here = [ActionFactory(), ActionFactory()]
    dropped = ActionFactory(state="dropped", ended_at=NOW, note="No money")
    other = ActionFactory()
    chosen = [action.pk for action in (*here, dropped)]
    answer = client.post(LIST, {"action": "mark_done", "_selected_action": chosen}, follow=True)
    assert told(answer) == ["2 actions are done now.", "1 was dropped and stays so."]
    for action in here:
        action.refresh_from_db()
        assert (action.state, action.ended_by, action.ended_at) == ("done", manager, NOW)
    assert set(Action.objects.filter(pk__in=[dropped.pk, other.pk]).values_list("state", flat=True)) == {
        "dropped",
        "open",
    }
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(action.pk) for action in here}
    history = client.get(reverse("admin:goals_action_history", args=[here[0].pk]))
    assert "Changed state." in text_of(history)


# --- One of them
def test_one_is_written_down_and_changed(client, manager):
    jon = StaffFactory()
    assert client.post(ADD, values(jon)).status_code == 302
    action = Action.objects.get()
    assert (action.owner, action.due, action.created_by) == (jon, date(2026, 3, 20), manager)
    assert client.post(change(action), values(manager, due="2026-04-01")).status_code == 302
    action.refresh_from_db()
    assert (action.owner, action.due) == (manager, date(2026, 4, 1))


@pytest.mark.parametrize("data", [{"due": "2026-03-17"}, {"what": ""}, {"owner": "x"}, {"due": "soon"}])
def test_nonsense_is_refused(client, manager, data):
    assert client.post(ADD, values(manager) | data).status_code == 200
    assert not Action.objects.exists()


def test_what_has_ended_is_only_read_with_how_it_went(client, manager):
    action = ActionFactory(**ENDED, note="All ten", ended_by=manager, created_by=manager, created_at=NOW)
    ActionReminder.objects.create(action=action, on=action.due, moment="day", recipient=manager, at=NOW)
    page = text_of(client.get(change(action)))
    assert "Written down on 18 Mar 2026 by Mara. It is done, said Mara on 18 Mar 2026. All ten" in page
    assert "Who was told of it" in page
    assert client.post(change(action), values(manager)).status_code == 403
    assert client.get(reverse("admin:goals_action_delete", args=[action.pk])).status_code == 403


def test_one_that_ended_between_the_look_and_the_click_stays_as_it_is(client, manager, monkeypatch):
    action = ActionFactory(what="Before")
    monkeypatch.setattr("goals.admin.actions.ActionAdmin.has_change_permission", lambda *_args, **_kwargs: True)
    Action.objects.update(**ENDED)
    answer = client.post(change(action), values(manager, what="After"))
    assert "This action has ended meanwhile." in text_of(answer)
    assert Action.objects.get().what == "Before"


def test_staff_do_not_get_in(client):
    client.force_login(StaffFactory())
    action = ActionFactory()
    for path in (LIST, ADD, change(action)):
        assert client.get(path).status_code in (302, 403)
    client.post(LIST, {"action": "mark_done", "_selected_action": [action.pk]})
    assert Action.objects.get().state == "open"
