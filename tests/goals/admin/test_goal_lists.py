"""The list of goals: what it is narrowed to, and what is done to several at once."""

from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from goals.models import Goal
from goals.needs import Need
from kpiproject.models import Mail
from tests.factories import GoalFactory, ManagerFactory, UserFactory
from tests.goals.entry import LIST, NOW, empty_inlines, told, values
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def do(client, action, *goals, confirmed=True, **more):
    given = {"action": action, "_selected_action": [goal.pk for goal in goals], **more}
    return client.post(reverse(LIST), given | ({"confirmed": "yes"} if confirmed else {}), follow=True)


def history(goal):
    return [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=str(goal.pk)).order_by("id")]


def draft(**fields):
    given = {"state": "draft", "start": date(2026, 6, 1), "due": date(2026, 12, 27), "baseline": None}
    given |= {"reviewer": ManagerFactory(), "review_cadence": "monthly", "check_in_cadence": "weekly"}
    return GoalFactory(**given | {"smart_note": "A second shift."} | fields)


def test_only_drafts_are_deleted_and_the_others_say_why(client, manager):
    first, active = draft(statement="Draft"), GoalFactory(statement="Running")
    page = client.get(reverse(LIST)).content.decode()
    assert ("Delete drafts" in page, "Delete selected" in page) == (True, False)
    reason = "Only drafts can be deleted, and it is “active”: close or cancel it on its page, and it can be read."
    asked = unescape(do(client, "delete_selected", first, active, confirmed=False).content.decode())
    assert ("Delete these drafts?" in asked, asked.count(reason), "permission" in asked) == (True, 1, False)
    assert Goal.objects.count() == 2
    assert told(do(client, "delete_selected", first, active)) == [f"Running: {reason}", "1 draft is deleted."]
    assert list(Goal.objects.all()) == [active]
    assert LogEntry.objects.get(action_flag=DELETION).object_repr == "Draft"


def test_who_may_not_delete_deletes_no_draft(client):
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_goal", "change_goal"]))
    client.force_login(clerk)
    do(client, "delete_selected", draft())
    assert Goal.objects.count() == 1


def test_the_list_is_narrowed_to_what_the_first_page_has_counted(client, manager):
    wanted = {
        Need.OFF_TRACK: GoalFactory(status="off_track", checked_in_on=NOW.date()),
        Need.AT_RISK: GoalFactory(status="at_risk", checked_in_on=NOW.date()),
        Need.CLOSING: GoalFactory(status="missed"),
        Need.GUARDRAIL: GoalFactory(guardrail="nps", guardrail_breached=True, checked_in_on=NOW.date()),
        Need.CHECK_IN: GoalFactory(status="on_track", created_at=NOW - timedelta(days=150)),
        Need.OWNER: GoalFactory(state="draft", owner__is_active=False),
    }
    for need, goal in wanted.items():
        page = client.get(reverse(LIST), {"needs": need.value})
        assert [one.pk for one in page.context["cl"].result_list] == [goal.pk], need
    assert client.get(reverse(LIST), {"needs": "nonsense"}).status_code in (200, 302)


def test_drafts_become_active_where_nothing_blocks_them(client, manager):
    weeks("csat", [85] * 13)
    good, blocked, running = draft(statement="Good"), draft(statement="Blocked", target=85.0), GoalFactory(kpi="nps")
    asked = client.post(reverse(LIST), {"action": "make_active", "_selected_action": [good.pk, blocked.pk, running.pk]})
    page = unescape(asked.content.decode())
    assert "Make these goals active?" in page
    assert page.count("Not possible:") == 2
    assert Goal.objects.filter(state="active").count() == 1
    sentences = sorted(told(do(client, "make_active", good, blocked, running)))
    assert [one.split(": ")[0] for one in sentences] == ["1 goal is active now.", "Blocked", str(running)]
    assert sentences[2] == f"{running}: It is no draft (it is “active”)."
    assert set(Goal.objects.filter(state="active")) == {good, running}
    assert (history(good), history(blocked)) == (["Made active."], [])


def test_where_all_are_refused_there_is_nothing_to_confirm(client, manager):
    answer = do(client, "make_active", GoalFactory(), confirmed=False)
    page = answer.content.decode()
    assert "Not possible:" in page
    assert 'name="confirmed"' not in page


def test_goals_are_handed_over(client, manager):
    gone, ada = ManagerFactory(name="Gone", is_active=False), ManagerFactory(name="Ada")
    left, closed = GoalFactory(owner=gone), GoalFactory(owner=gone, state="closed", statement="Closed")
    page = do(client, "hand_over", left, closed, confirmed=False).content.decode()
    assert "Hand these goals over?" in page
    assert f'<option value="{ada.pk}">Ada</option>' in page
    assert f'<option value="{gone.pk}">' not in page
    assert do(client, "hand_over", left, closed, owner=gone.pk).status_code == 422
    sentences = told(do(client, "hand_over", left, closed, owner=ada.pk))
    assert sorted(sentences) == [
        "1 goal is Ada’s now.",
        "Closed: It is over (it is “closed”), so that nobody looks after it any more.",
    ]
    left.refresh_from_db()
    assert left.owner == ada
    assert history(left) == ["Owner: Gone → Ada."]


def test_owners_are_asked_for_a_check_in(client, manager):
    goal = GoalFactory(owner__name="Jon")
    assert told(do(client, "ask_for_check_in", goal)) == ["The owner of 1 goal is asked by mail."]
    assert told(do(client, "ask_for_check_in", goal)) == [f"{goal}: Jon was asked today already."]
    assert Mail.objects.get().recipient == goal.owner.email
    assert history(goal) == ["The owner was asked for a check-in."]


def test_closing_asks_first(client, manager):
    goal = GoalFactory(status="achieved", value=92.0)
    page = do(client, "close", goal, confirmed=False).content.decode()
    assert "A goal that is closed stays closed" in page
    goal.refresh_from_db()
    assert goal.state == "active"
    do(client, "close", goal)
    goal.refresh_from_db()
    assert goal.state == "closed"


def test_not_more_than_fifty_at_once(client, manager):
    goals = GoalFactory.create_batch(51, owner=manager, status="achieved", value=92.0)
    assert told(do(client, "close", *goals, select_across="1")) == ["Choose 50 goals at most."]
    assert not Goal.objects.filter(state="closed").exists()


@pytest.mark.parametrize("action", ["make_active", "hand_over", "ask_for_check_in", "measure_again", "close"])
def test_whoever_may_only_look_changes_nothing(client, action):
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_goal"))
    client.force_login(clerk)
    goal = GoalFactory(status="achieved", value=92.0)
    do(client, action, goal, owner=clerk.pk)
    goal.refresh_from_db()
    assert (goal.state, goal.owner == clerk, Mail.objects.count(), history(goal)) == ("active", False, 0, [])


def test_the_history_says_what_a_target_was(client, manager):
    weeks("csat", [85] * 13)
    goal = GoalFactory(target=90, owner=ManagerFactory(name="Jon"), due=date(2026, 12, 27))
    given = empty_inlines() | values(statement=goal.statement, owner=manager.pk, target="88", why="Another market")
    client.post(reverse("admin:goals_goal_change", args=[goal.pk]), given | {"objective": goal.objective_id})
    page = client.get(reverse("admin:goals_goal_history", args=[goal.pk]))
    (entry,) = page.context["action_list"]
    found = {name: (before, after) for name, before, after in entry.before_and_after}
    assert found["Target"] == ("90", "88")
    assert found["Owner"] == ("Jon", "Mara")
    assert found["Why the target is moved"] == ("–", "Another market")
    assert "<del>90</del>" in page.content.decode()
