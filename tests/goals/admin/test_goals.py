from datetime import date
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals import changes
from goals.evaluation import evaluate
from goals.models import Goal
from tests.factories import (
    GoalFactory,
    ManagerFactory,
    StaffFactory,
)
from tests.goals.entry import ADD, LIST, NOW, OTHER, empty_inlines, errors, told, values
from tests.goals.measured import TODAY, weeks

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


@pytest.fixture
def nudged(monkeypatch):
    """What was sent to the queue: the name of each task and its arguments."""
    found = []
    monkeypatch.setattr("kpiproject.queue._send", lambda task, arguments: found.append((task.name, *arguments)))
    return found


def _change(client, goal, **given):
    given = empty_inlines() | given
    return client.post(reverse("admin:goals_goal_change", args=[goal.pk]), given, follow=True)


def test_a_goal_gets_its_baseline_by_itself(client, manager, nudged, django_capture_on_commit_callbacks):
    weeks("csat", [84, 86] * 7)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse(ADD), values(owner=manager.pk), follow=True)
    goal = Goal.objects.get()
    assert (goal.baseline, goal.baseline_n, goal.direction, goal.revision) == (1106 / 13, 1300, "higher", 3)
    assert (goal.baseline_start, goal.baseline_end) == (date(2026, 3, 2), TODAY)
    assert (goal.created_by, goal.owner, goal.target, goal.state) == (manager, manager, 90, "active")
    assert (goal.baseline_at, goal.next_evaluation_at) == (NOW, NOW)
    assert told(answer)[0] == (
        "Baseline: 85.1\u00a0% (1,300 answers; 83.0\u00a0% to 86.9\u00a0%; 2 Mar – 31 May 2026)."
    )
    assert nudged == [("goals.evaluate_goal", goal.pk)]
    evaluate(goal)
    assert goal.status == "off_track"


def test_a_draft_may_wait_for_data(client, manager):
    answer = client.post(reverse(ADD), values(state="draft"), follow=True)
    goal = Goal.objects.get()
    assert (goal.baseline, goal.baseline_n, goal.state) == (None, 0, "draft")
    assert told(answer)[0] == (
        "There is no baseline yet: “Customer satisfaction (CSAT)” has data in 0 complete weeks before the start, "
        "and 3 are needed."
    )
    weeks("csat", [85] * 7)
    answer = client.post(reverse(LIST), {"action": "measure_again", "_selected_action": [goal.pk]}, follow=True)
    goal.refresh_from_db()
    assert goal.baseline == 85
    assert told(answer) == [
        f"{goal}: Baseline: 85.0\u00a0% (700 answers; 82.2\u00a0% to 87.5\u00a0%; 13 Apr – 31 May 2026).",
        f"{goal}: The baseline rests on 7 complete weeks with data; 13 would be better.",
    ]
    answer = _change(client, goal, **values(state="active"))
    goal.refresh_from_db()
    assert goal.state == "active"


def test_an_active_goal_keeps_what_it_is_judged_by(client, manager):
    weeks("csat", [85] * 13)
    goal = GoalFactory(baseline=80, target=90)
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    assert list(page.context["adminform"].form.fields) == [
        "statement", "objective", "owner", "reviewer", "state", "target", "why", "guardrail", "guardrail_limit",
        "has_incentive", "check_in_cadence", "review_cadence", "smart_note",
    ]  # fmt: skip
    _change(client, goal, **values(statement="Better", kpi="nps", due="2030-01-01", start="2020-01-01", grain="month"))
    goal.refresh_from_db()
    assert (goal.statement, goal.kpi, goal.due, goal.start) == ("Better", "csat", date(2026, 6, 30), date(2026, 1, 1))
    assert (goal.grain, goal.baseline, goal.baseline_n) == ("week", 80, 400)


def test_a_target_is_moved_with_a_reason_that_stays(client, manager):
    weeks("csat", [85] * 13)
    goal = evaluate(GoalFactory(target=90, baseline=80, due=date(2026, 12, 27)))
    assert goal.status == "off_track"
    answer = _change(client, goal, **values(target="84"))
    assert errors(answer) == {"why": ["Say why the target is moved; the reason stays with the goal."]}
    answer = _change(client, goal, **values(target="79", why="Too hard"))
    assert errors(answer) == {
        "target": [
            "Higher is better here, but 79.0\u00a0% lies below the baseline of 80.0\u00a0% (29 Sep – 28 Dec 2025)."
        ]
    }
    _change(client, goal, **values(target="84", why="We took on another market"))
    goal.refresh_from_db()
    change = goal.target_changes.get()
    assert (change.before, change.after, change.reason, change.by) == (90, 84, "We took on another market", manager)
    evaluate(goal)  # at once, without a second week
    assert (goal.status, goal.target) == ("on_track", 84)
    assert [change.after for change in goal.status_changes.order_by("id")] == ["off_track", "on_track"]
    page = unescape(client.get(reverse("admin:goals_goal_change", args=[goal.pk])).content.decode())
    assert "90.0\u00a0% → 84.0\u00a0%" in page
    assert "off track → on track" in page
    assert "We took on another market" in page


def test_an_unchanged_target_needs_no_reason(client, manager):
    goal = GoalFactory(target=90)
    _change(client, goal, **values(target="90", statement="Other words"))
    goal.refresh_from_db()
    assert (goal.statement, goal.target_changes.count()) == ("Other words", 0)


def test_saving_does_not_overwrite_what_was_judged_meanwhile(client, manager, monkeypatch):
    weeks("csat", [85] * 13)
    goal = GoalFactory(target=90)
    save = changes.save

    def late(found, **how):
        Goal.objects.filter(pk=goal.pk).update(status="on_track", value=85)
        save(found, **how)

    monkeypatch.setattr(changes, "save", late)
    _change(client, goal, **values())
    goal.refresh_from_db()
    assert (goal.status, goal.value) == ("on_track", 85)


def test_a_baseline_is_measured_again_for_drafts_only(client, manager):
    weeks("csat", [85] * 13)
    june = {"start": TODAY, "due": date(2026, 12, 27)}
    draft = GoalFactory(state="draft", statement="Draft", **june)
    active = GoalFactory(statement="Active", **june)
    stuck = evaluate(GoalFactory(revision=1, statement="Stuck", **june))
    equal = GoalFactory(state="draft", target=85, statement="Equal", **june)
    gone = GoalFactory(state="draft", kpi="smiles", statement="Gone", **june)
    chosen = {"action": "measure_again", "_selected_action": [one.pk for one in (draft, active, stuck, equal, gone)]}
    sentences = told(client.post(reverse(LIST), chosen, follow=True))
    measured = "Baseline: 85.0\u00a0% (1,300 answers; 83.0\u00a0% to 86.8\u00a0%; 2 Mar – 31 May 2026)."
    assert [sentence for sentence in sorted(sentences) if not sentence.startswith("Gone")] == [
        "Active: The baseline stays as it was when the goal was made active.",
        f"Draft: {measured}",
        f"Equal: 85.0\u00a0% is what was measured before (2 Mar – 31 May 2026), so there is nothing to reach.{OTHER}",
        f"Stuck: {measured}",
    ]
    for goal in (equal, stuck):
        goal.refresh_from_db()
    assert (equal.baseline, stuck.baseline, stuck.revision) == (80, 85, 3)
    assert evaluate(stuck).status == "off_track"


EARLIER = "To end it earlier, give the reason on its page."


def test_only_a_judged_goal_can_be_closed(client, manager):
    done = GoalFactory(status="achieved", value=92.0, statement="Done")
    open_one = GoalFactory(status="on_track", statement="Open")
    draft = GoalFactory(state="draft", statement="Draft")
    chosen = {"action": "close", "_selected_action": [done.pk, open_one.pk, draft.pk], "confirmed": "Close"}
    sentences = told(client.post(reverse(LIST), chosen, follow=True))
    assert sorted(sentences) == [
        "Done: closed as achieved.",
        "Draft: Only active goals can be closed; this one is “draft”.",
        f"Open: It is not judged for good before it is due on 30 Jun 2026. {EARLIER}",
    ]
    done.refresh_from_db()
    assert (done.state, done.status) == ("closed", "achieved")
    assert (done.close_out.by, done.close_out.is_early) == (manager, False)
    page = client.get(reverse("admin:goals_goal_change", args=[done.pk]))
    assert list(page.context["adminform"].form.fields) == ["statement", "objective", "owner", "reviewer", "state"]


def test_only_drafts_are_deleted(client, manager):
    draft, active = GoalFactory(state="draft"), GoalFactory()
    assert client.post(reverse("admin:goals_goal_delete", args=[active.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:goals_goal_delete", args=[draft.pk]), {"post": "yes"}).status_code == 302
    assert list(Goal.objects.all()) == [active]


def test_the_list_takes_the_same_queries_for_one_and_for_three(client, manager):
    client.get(reverse(LIST))  # fills caches of the process
    counts = []
    for more in (1, 2):
        for _ in range(more):
            GoalFactory(status="on_track", value=85, progress=0.5)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(LIST))
        counts.append(len(queries))
        assert page.status_code == 200
    assert counts[0] == counts[1]
    assert "50\u00a0%" in page.content.decode()
    for asked in ("state__exact=active", "status__exact=on_track", "q=Goal"):
        assert client.get(f"{reverse(LIST)}?{asked}").status_code == 200


def test_a_goal_of_a_kpi_that_is_gone_is_still_shown(client, manager):
    goal = evaluate(GoalFactory(kpi="smiles", target=12.5, baseline=10))
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    assert "no longer exists" in page.content.decode()
    assert client.get(reverse(LIST)).status_code == 200
    draft = GoalFactory(kpi="smiles", state="draft")
    assert client.get(reverse("admin:goals_goal_change", args=[draft.pk])).status_code == 200
    answer = _change(client, draft, **values(kpi="smiles", state="draft"))
    assert errors(answer) == {"kpi": ["This KPI does not exist any more; choose another one."]}
    answer = _change(client, goal, **values(target="15", statement="Other words"))
    goal.refresh_from_db()
    assert goal.statement == "Other words"


def test_goals_are_the_managers(client):
    client.force_login(StaffFactory())
    assert client.get(reverse(LIST)).status_code == 403
    assert client.post(reverse(ADD), values()).status_code == 403


def test_a_goal_that_was_closed_while_its_form_was_checked_stays_closed(client, manager, monkeypatch):
    goal = GoalFactory(target=90)
    check = changes.check_unchanged

    def late(found, seen):
        Goal.objects.filter(pk=goal.pk).update(state="closed", status="achieved")
        check(found, seen)

    monkeypatch.setattr(changes, "check_unchanged", late)
    response = client.post(
        reverse("admin:goals_goal_change", args=[goal.pk]), values(target="80", statement="Other words", why="Too far")
    )
    page = unescape(response.content.decode())
    assert "Meanwhile somebody has changed the state of this goal to “closed”. Open it again." in page
    assert 'value="Other words"' in page
    goal.refresh_from_db()
    assert (goal.state, goal.target) == ("closed", 90)


def test_whoever_sets_an_active_goal_sees_its_page_with_the_baseline(client, manager):
    weeks("csat", [84, 86] * 7)
    answer = client.post(reverse(ADD), values(owner=manager.pk), follow=True)
    goal = Goal.objects.get()
    assert answer.redirect_chain == [(reverse("goals:goal", args=[goal.pk]), 302)]
    assert told(answer) == [
        "Baseline: 85.1\u00a0% (1,300 answers; 83.0\u00a0% to 86.9\u00a0%; 2 Mar – 31 May 2026).",
        "The goal “Nine of ten customers are satisfied” is saved.",
    ]
    changed = {"statement": "Nine of ten", "objective": goal.objective_id, "owner": manager.pk, "state": "active"}
    changed |= {"target": "90", "why": "", "check_in_cadence": "weekly"}
    assert _change(client, goal, **changed).redirect_chain == [(reverse("goals:goal", args=[goal.pk]), 302)]
    draft = client.post(reverse(ADD), values(owner=manager.pk, state="draft"))
    assert draft.url == reverse(LIST)
    Goal.objects.update(state="closed")
    on = client.post(reverse(ADD), values(owner=manager.pk, _addanother="1"))
    assert on.url == reverse(ADD)
