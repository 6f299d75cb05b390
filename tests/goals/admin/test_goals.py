from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals import changes
from goals.evaluation import evaluate
from goals.models import Goal, Objective
from metrics.models import DirtyDay
from tests.factories import (
    AgentFactory,
    CalendarFactory,
    GoalFactory,
    ManagerFactory,
    ObjectiveFactory,
    StaffFactory,
    UserFactory,
)
from tests.goals.measured import TODAY, rollup, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ADD = "admin:goals_goal_add"
OTHER = " Choose another target."
LIST = "admin:goals_goal_changelist"


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


def _values(**other):
    """A form as a manager would fill it in."""
    objective = Objective.objects.first() or ObjectiveFactory()
    return {
        "statement": "Nine of ten customers are satisfied",
        "objective": objective.pk,
        "owner": ManagerFactory().pk,
        "state": "active",
        "kpi": "csat",
        "only_for": "",
        "grain": "week",
        "target": "90",
        "start": "2026-06-01",
        "due": "2026-12-27",
    } | other


def _empty_inlines():
    names = ("target_changes", "status_changes")
    return {f"{name}-{part}_FORMS": "0" for name in names for part in ("TOTAL", "INITIAL")}


def _errors(answer):
    assert answer.status_code == 200
    return {name: [str(error) for error in errors] for name, errors in answer.context["adminform"].errors.items()}


def _told(answer):
    return [str(message) for message in answer.context["messages"]]


def _change(client, goal, **values):
    values = _empty_inlines() | values
    return client.post(reverse("admin:goals_goal_change", args=[goal.pk]), values, follow=True)


def test_a_goal_gets_its_baseline_by_itself(client, manager, nudged, django_capture_on_commit_callbacks):
    weeks("csat", [84, 86] * 7)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse(ADD), _values(owner=manager.pk), follow=True)
    goal = Goal.objects.get()
    assert (goal.baseline, goal.baseline_n, goal.direction, goal.revision) == (1106 / 13, 1300, "higher", 2)
    assert (goal.baseline_start, goal.baseline_end) == (date(2026, 3, 2), TODAY)
    assert (goal.created_by, goal.owner, goal.target, goal.state) == (manager, manager, 90, "active")
    assert (goal.baseline_at, goal.next_evaluation_at) == (NOW, NOW)
    assert _told(answer)[0] == (
        "Baseline: 85.1\u00a0% (1,300 answers; 83.0\u00a0% to 86.9\u00a0%; 2 Mar – 31 May 2026)."
    )
    assert nudged == [("goals.evaluate_goal", goal.pk)]
    evaluate(goal)
    assert goal.status == "off_track"


def test_the_form_starts_with_me_and_today(client, manager):
    form = client.get(reverse(ADD)).context["adminform"].form
    assert form["owner"].value() == manager.pk
    assert str(form["start"].value()) == "2026-06-01"
    assert [code for code, _ in form.fields["state"].choices] == ["draft", "active"]
    assert "why" not in form.fields


def test_only_active_people_can_own_a_goal(client, manager):
    gone = UserFactory(is_active=False)
    assert _errors(client.post(reverse(ADD), _values(owner=gone.pk))) == {
        "owner": ["Select a valid choice. That choice is not one of the available choices."]
    }


def test_kpis_are_chosen_by_family_and_scopes_by_dimension(client, manager):
    weeks("csat", [84, 86, 85], of=("channel", "chat"))
    weeks("csat", [84, 86, 85], of=("agent", "a-1"))
    weeks("ticket_volume", [0], of=("channel", "email"))
    AgentFactory(external_id="a-1", name="Ada")
    form = client.get(reverse(ADD)).context["adminform"].form
    assert [str(name) for name, _ in form.fields["kpi"].choices] == [
        "",
        "Speed",
        "Quality of the solution",
        "Workload",
        "Satisfaction",
    ]
    assert form.fields["only_for"].choices == [
        ("", "everything"),
        ("Channel", [("channel=chat", "chat"), ("channel=email", "email")]),
        ("Agent", [("agent=a-1", "Ada")]),
    ]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"target": "85"},
            "target",
            "85.0\u00a0% is what was measured before (2 Mar – 31 May 2026), so there is nothing to reach." + OTHER,
        ),
        (
            {"target": "80"},
            "target",
            "Higher is better here, but 80.0\u00a0% lies below the baseline of 85.0\u00a0% (2 Mar – 31 May 2026).",
        ),
        (
            {"target": "120"},
            "target",
            "120 lies outside the scale of “Customer satisfaction (CSAT)”; write a percentage, for example 90 or 92.5.",
        ),
        (
            {"target": "soon"},
            "target",
            "“soon” is not a target of “Customer satisfaction (CSAT)”; write a percentage, for example 90 or 92.5.",
        ),
        ({"target": ""}, "target", "This field is required."),
        ({"due": "2026-05-31"}, "due", "Due on 31 May 2026, it would end before it starts on 1 Jun 2026."),
        ({"due": "2026-06-01"}, "due", "Due on 1 Jun 2026, it would end before it starts on 1 Jun 2026."),
        (
            {"due": "2026-06-05"},
            "due",
            "Between start and due lies no complete week to judge it by; choose a later day.",
        ),
        (
            {"due": "2026-06-29", "grain": "month"},
            "due",
            "Between start and due lies no complete month to judge it by; choose a later day.",
        ),
        (
            {"start": "2026-04-01", "due": "2026-05-03"},
            "due",
            "This day is over, so the goal could no longer be reached; choose a later day.",
        ),
        (
            {"only_for": "channel=fax"},
            "only_for",
            "Select a valid choice. channel=fax is not one of the available choices.",
        ),
        (
            {"only_for": "tier=plus"},
            "only_for",
            (
                "“Customer satisfaction (CSAT)” cannot be told apart by customer tier; "
                "there are channel, category, team, agent, survey."
            ),
        ),
        (
            {"only_for": "channel=email"},
            "only_for",
            "“Customer satisfaction (CSAT)” has no figures for “channel: email”; it has some for chat, phone.",
        ),
        ({"kpi": "smiles"}, "kpi", "Select a valid choice. smiles is not one of the available choices."),
        (
            {"kpi": "nps", "target": "30"},
            "state",
            (
                "There is no baseline yet: “Net Promoter Score (NPS)” has data in 2 complete weeks before the start, "
                "and 3 are needed. Save the goal as a draft; make it active when there is."
            ),
        ),
    ],
)
def test_what_cannot_be_a_goal_is_said(client, manager, values, field, sentence):
    weeks("csat", [85] * 13)
    weeks("nps", [20, 25])
    for member in ("chat", "phone"):
        weeks("csat", [85] * 13, of=("channel", member))
    for place in (("channel", "email"), ("tier", "plus")):
        rollup("ticket_volume", date(2026, 5, 1), whole=1, of=place)
    answer = client.post(reverse(ADD), _values(**values))
    assert _errors(answer) == {field: [sentence]}
    assert not Goal.objects.exists()
    assert answer.context["adminform"].form["statement"].value() == "Nine of ten customers are satisfied"


def test_less_being_better_a_target_above_the_baseline_is_refused(client, manager):
    weeks("reopen_rate", [10] * 13)
    answer = client.post(reverse(ADD), _values(kpi="reopen_rate", target="12"))
    assert _errors(answer) == {
        "target": [
            "Lower is better here, but 12.0\u00a0% lies above the baseline of 10.0\u00a0% (2 Mar – 31 May 2026)."
        ]
    }


def test_a_draft_may_wait_for_data(client, manager):
    answer = client.post(reverse(ADD), _values(state="draft"), follow=True)
    goal = Goal.objects.get()
    assert (goal.baseline, goal.baseline_n, goal.state) == (None, 0, "draft")
    assert _told(answer)[0] == (
        "There is no baseline yet: “Customer satisfaction (CSAT)” has data in 0 complete weeks before the start, "
        "and 3 are needed."
    )
    weeks("csat", [85] * 4)
    answer = client.post(reverse(LIST), {"action": "measure_again", "_selected_action": [goal.pk]}, follow=True)
    goal.refresh_from_db()
    assert goal.baseline == 85
    assert _told(answer) == [
        f"{goal}: Baseline: 85.0\u00a0% (400 answers; 81.2\u00a0% to 88.2\u00a0%; 4 May – 31 May 2026).",
        f"{goal}: The baseline rests on 4 complete weeks with data; 13 would be better.",
    ]
    answer = _change(client, goal, **_values(state="active"))
    goal.refresh_from_db()
    assert goal.state == "active"


def test_a_goal_is_not_made_active_on_figures_that_are_being_computed(client, manager):
    weeks("csat", [85] * 13)
    DirtyDay.objects.create(frame="answers", day=date(2026, 5, 27))
    assert _errors(client.post(reverse(ADD), _values())) == {
        "state": [
            "The figures of this KPI are just being computed. Save the goal as a draft, or try again in a minute."
        ]
    }
    client.post(reverse(ADD), _values(state="draft"))
    assert Goal.objects.get().baseline == 85


@pytest.mark.parametrize(("written", "seconds"), [("45 min", 2700), ("2 h 30 min", 9000), ("16 h", 57600)])
def test_a_duration_is_written_with_its_units(client, manager, written, seconds):
    client.post(reverse(ADD), _values(kpi="resolution_time", target=written, state="draft"))
    goal = Goal.objects.get()
    assert (goal.target, goal.clock, goal.direction) == (seconds, "calendar", "lower")
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    assert page.context["adminform"].form["target"].value() == written


def test_business_time_has_no_days(client, manager):
    CalendarFactory()
    values = _values(kpi="resolution_time", target="2 d", state="draft")
    assert _errors(client.post(reverse(ADD), values)) == {
        "target": ["Business time has no days: write the hours, for example 16 h."]
    }
    client.post(reverse(ADD), values | {"target": "16 h"})
    assert Goal.objects.get().clock == "business"


def test_where_neither_direction_is_better_the_target_says_which(client, manager):
    weeks("first_contact_resolution", [80] * 14)
    client.post(reverse(ADD), _values(kpi="ticket_volume", target="100", state="draft"))
    goal = Goal.objects.get()
    assert (goal.direction, goal.baseline) == ("higher", None)


def test_an_active_goal_keeps_what_it_is_judged_by(client, manager):
    weeks("csat", [85] * 13)
    goal = GoalFactory(baseline=80, target=90)
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    assert list(page.context["adminform"].form.fields) == ["statement", "objective", "owner", "state", "target", "why"]
    _change(client, goal, **_values(statement="Better", kpi="nps", due="2030-01-01", start="2020-01-01", grain="month"))
    goal.refresh_from_db()
    assert (goal.statement, goal.kpi, goal.due, goal.start) == ("Better", "csat", date(2026, 6, 30), date(2026, 1, 1))
    assert (goal.grain, goal.baseline, goal.baseline_n) == ("week", 80, 400)


def test_a_target_is_moved_with_a_reason_that_stays(client, manager):
    weeks("csat", [85] * 13)
    goal = evaluate(GoalFactory(target=90, baseline=80, due=date(2026, 12, 27)))
    assert goal.status == "off_track"
    answer = _change(client, goal, **_values(target="84"))
    assert _errors(answer) == {"why": ["Say why the target is moved; the reason stays with the goal."]}
    answer = _change(client, goal, **_values(target="79", why="Too hard"))
    assert _errors(answer) == {
        "target": [
            "Higher is better here, but 79.0\u00a0% lies below the baseline of 80.0\u00a0% (29 Sep – 28 Dec 2025)."
        ]
    }
    _change(client, goal, **_values(target="84", why="We took on another market"))
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
    _change(client, goal, **_values(target="90", statement="Other words"))
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
    _change(client, goal, **_values())
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
    told = _told(client.post(reverse(LIST), chosen, follow=True))
    measured = "Baseline: 85.0\u00a0% (1,300 answers; 83.0\u00a0% to 86.8\u00a0%; 2 Mar – 31 May 2026)."
    assert [sentence for sentence in sorted(told) if not sentence.startswith("Gone")] == [
        "Active: The baseline stays as it was when the goal was made active.",
        f"Draft: {measured}",
        f"Equal: 85.0\u00a0% is what was measured before (2 Mar – 31 May 2026), so there is nothing to reach.{OTHER}",
        f"Stuck: {measured}",
    ]
    for goal in (equal, stuck):
        goal.refresh_from_db()
    assert (equal.baseline, stuck.baseline, stuck.revision) == (80, 85, 2)
    assert evaluate(stuck).status == "off_track"


def test_only_a_judged_goal_can_be_closed(client, manager):
    done = GoalFactory(status="achieved", statement="Done")
    open_one = GoalFactory(status="on_track", statement="Open")
    draft = GoalFactory(state="draft", statement="Draft")
    chosen = {"action": "close", "_selected_action": [done.pk, open_one.pk, draft.pk]}
    told = _told(client.post(reverse(LIST), chosen, follow=True))
    assert sorted(told) == [
        "Done: closed as achieved.",
        "Draft: Only active goals can be closed.",
        "Open: It is not judged for good before it is due on 30 Jun 2026; cancel it if it is no longer wanted.",
    ]
    done.refresh_from_db()
    assert (done.state, done.status) == ("closed", "achieved")
    page = client.get(reverse("admin:goals_goal_change", args=[done.pk]))
    assert list(page.context["adminform"].form.fields) == ["statement", "objective", "owner", "state"]


def test_only_drafts_are_deleted(client, manager):
    draft, active = GoalFactory(state="draft"), GoalFactory()
    chosen = {"action": "delete_selected", "_selected_action": [draft.pk, active.pk], "post": "yes"}
    assert client.post(reverse(LIST), chosen).status_code == 403
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
    answer = _change(client, draft, **_values(kpi="smiles", state="draft"))
    assert _errors(answer) == {"kpi": ["This KPI does not exist any more; choose another one."]}
    answer = _change(client, goal, **_values(target="15", statement="Other words"))
    goal.refresh_from_db()
    assert goal.statement == "Other words"


def test_goals_are_the_managers(client):
    client.force_login(StaffFactory())
    assert client.get(reverse(LIST)).status_code == 403
    assert client.post(reverse(ADD), _values()).status_code == 403


def test_a_goal_due_tomorrow_is_not_over(client, manager):
    weeks("csat", [85] * 13)
    tomorrow = TODAY + timedelta(days=1)
    client.post(reverse(ADD), _values(start="2026-04-01", due=tomorrow.isoformat()))
    assert Goal.objects.get().due == tomorrow
