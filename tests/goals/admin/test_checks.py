"""The checks of a goal in the administration: while it is written, after it was saved, and of those that are active."""

from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from goals import changes
from goals.models import Goal
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, UserFactory
from tests.goals.entry import ADD, NOW, empty_inlines, values
from tests.goals.measured import TODAY, weeks

pytestmark = pytest.mark.django_db
CHECKS = "admin:goals_goal_checks"


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def text(answer):
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_what_is_being_written_is_checked_and_not_saved(client, manager):
    weeks("csat", [86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87])
    page = text(client.post(reverse(CHECKS), values(target="96")))
    assert "96.0\u00a0% is better than anything so far (best: 89.0\u00a0%, mean 86.6\u00a0%)." in page
    assert "A</span> Achievable: warns" in page
    assert "<html" not in page
    page = text(client.post(reverse(CHECKS), values(target="87.5", review_cadence="")))
    assert "luck alone will do it" in page
    assert "1 check blocks this goal: it can be saved as a draft, and not be made active." in page
    assert not Goal.objects.exists()


def test_half_a_goal_is_checked_as_far_as_it_goes(client, manager):
    page = text(client.post(reverse(CHECKS), {}))
    assert "Choose a KPI: one figure must say whether the goal is reached." in page
    assert "Choose an owner: somebody must look after the goal." in page
    weeks("csat", [85] * 13)
    page = text(client.post(reverse(CHECKS), {"kpi": "csat", "target": "so", "start": "soon", "grain": "week"}))
    assert "Measured in 13 complete weeks." in page
    assert "“so” is not a target of “Customer satisfaction (CSAT)”" in page
    page = text(client.post(reverse(CHECKS), {"kpi": "csat", "target": "", "grain": "week"}))
    assert "Say what is to be reached." in page


def test_a_draft_is_checked_with_what_was_changed_in_it(client, manager):
    weeks("csat", [85] * 13)
    draft = GoalFactory(state="draft", start=TODAY, due=date(2026, 12, 27))
    address = f"{reverse(CHECKS)}?goal={draft.pk}"
    page = text(client.post(address, values(target="85")))
    assert "85.0\u00a0% is what was measured before" in page
    draft.refresh_from_db()
    assert (draft.target, draft.baseline) == (90, 80)


def test_looking_at_the_checks_locks_nothing(client, manager, monkeypatch):
    monkeypatch.delattr(changes, "check_unchanged")
    draft = GoalFactory(state="draft", start=TODAY, due=date(2026, 12, 27))
    assert "1 check blocks" in text(client.post(f"{reverse(CHECKS)}?goal={draft.pk}", values()))


def test_only_who_writes_goals_sees_their_checks(client):
    draft = GoalFactory(state="draft")
    for address in (reverse(CHECKS), f"{reverse(CHECKS)}?goal={draft.pk}"):
        client.force_login(StaffFactory())
        assert client.post(address, {}).status_code == 403
        client.force_login(UserFactory())
        assert client.post(address, {}).status_code in (302, 403)
    client.logout()
    assert client.post(reverse(CHECKS), {}).status_code == 302


def test_it_only_answers_to_a_form(client, manager):
    assert client.get(reverse(CHECKS)).status_code == 405
    for nobody in ("0", "x", ""):
        assert client.post(f"{reverse(CHECKS)}?goal={nobody}", {}).status_code == 404


def test_the_page_works_without_a_script_and_brings_it(client, manager):
    page = text(client.get(reverse(ADD)))
    assert 'type="module" src="/static/kpiproject/goal_checks' in page
    assert f'data-address="{reverse(CHECKS)}"' in page
    assert "data-checks>" not in page  # an empty form is no bad one
    weeks("csat", [85] * 13)
    client.post(reverse(ADD), values(state="draft", target="85", reviewer=""))
    goal = Goal.objects.get()
    page = text(client.get(reverse("admin:goals_goal_change", args=[goal.pk])))
    assert f'data-address="{reverse(CHECKS)}?goal={goal.pk}"' in page
    assert "Blocks:</strong> 85.0\u00a0% is what was measured before (2 Mar – 31 May 2026)" in page
    assert "Warns:</strong> Nobody but the owner looks at it." in page


def test_whoever_saves_a_draft_is_told_what_still_stands_in_its_way(client, manager):
    weeks("csat", [85] * 13)
    answer = client.post(reverse(ADD), values(state="draft", target="85", review_cadence=""), follow=True)
    change = reverse("admin:goals_goal_change", args=[Goal.objects.get().pk])
    assert (
        f'2 checks still keep this draft from being made active. <a href="{change}#smart-checks">Read which</a>'
        in text(answer)
    )
    answer = client.post(change, values(state="draft") | empty_inlines(), follow=True)
    assert "from being made active" not in text(answer)


def test_a_blocked_goal_shows_its_checks_beside_its_errors(client, manager):
    weeks("csat", [85] * 13)
    page = text(client.post(reverse(ADD), values(review_cadence="")))
    assert page.count("Choose how often the goal is reviewed.") == 2


def test_an_active_goal_stays_active_and_shows_its_checks(client, manager):
    """It is due on a Tuesday, nobody reviews it, and its owner has left."""
    weeks("csat", [85] * 13)
    goal = GoalFactory(owner=UserFactory(name="Olaf", is_active=False))
    address = reverse("admin:goals_goal_change", args=[goal.pk])
    page = client.get(address)
    assert {check.code for check in page.context["sheet"].blocks} == {"owner", "period_end", "review_cadence"}
    assert "Olaf no longer has access. Give the goal to somebody who has." in text(page)
    given = {"statement": goal.statement, "objective": goal.objective_id, "owner": manager.pk, "state": "active"}
    client.post(address, empty_inlines() | given | {"target": "90", "check_in_cadence": "monthly"})
    goal.refresh_from_db()
    assert (goal.state, goal.owner, goal.check_in_cadence) == ("active", manager, "monthly")


@pytest.mark.parametrize(("state", "status"), [("closed", "missed"), ("cancelled", ""), ("active", "achieved")])
def test_what_is_over_is_not_checked(client, manager, state, status):
    page = client.get(reverse("admin:goals_goal_change", args=[GoalFactory(state=state, status=status).pk]))
    assert 'id="smart-checks"' not in text(page)


def test_an_active_goal_gets_a_guardrail_once(client, manager):
    weeks("csat", [85] * 13)
    goal = GoalFactory(owner=manager)
    address = reverse("admin:goals_goal_change", args=[goal.pk])
    given = empty_inlines() | {
        "statement": goal.statement,
        "objective": goal.objective_id,
        "owner": manager.pk,
        "state": "active",
        "target": "90",
        "check_in_cadence": "weekly",
        "guardrail": "escalation_rate",
    }
    answer = client.post(address, given)
    assert answer.context["adminform"].errors == {"guardrail_limit": ["Say how far the guardrail may go."]}
    client.post(address, given | {"guardrail_limit": "5"})
    goal.refresh_from_db()
    assert (goal.guardrail, goal.guardrail_limit) == ("escalation_rate", 5)
    client.post(address, given | {"guardrail": "reopen_rate", "guardrail_limit": "50"})
    goal.refresh_from_db()
    assert (goal.guardrail, goal.guardrail_limit) == ("escalation_rate", 5)
    assert "Guardrail, Escalation rate at most 5.0\u00a0%: not measured" in text(client.get(address))
