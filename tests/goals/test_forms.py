from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from goals.models import Goal
from metrics.models import DirtyDay
from tests.factories import AgentFactory, CalendarFactory, GoalFactory, ManagerFactory, UserFactory
from tests.goals.entry import ADD, NOW, OTHER, empty_inlines, errors, values
from tests.goals.measured import TODAY, rollup, weeks

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


def test_the_form_starts_with_me_and_today(client, manager):
    form = client.get(reverse(ADD)).context["adminform"].form
    assert form["owner"].value() == manager.pk
    assert str(form["start"].value()) == "2026-06-01"
    assert [code for code, _ in form.fields["state"].choices] == ["draft", "active"]
    assert "why" not in form.fields
    assert (form["check_in_cadence"].value(), form["review_cadence"].value()) == ("two_weekly", None)


def test_only_active_people_can_own_a_goal(client, manager):
    weeks("csat", [85] * 13)
    gone = UserFactory(is_active=False)
    assert errors(client.post(reverse(ADD), values(owner=gone.pk))) == {
        "owner": ["Select a valid choice. That choice is not one of the available choices."]
    }


def test_kpis_are_chosen_by_family_and_scopes_by_dimension(client, manager):
    weeks("csat", [84, 86, 85], of=("channel", "chat"))
    weeks("csat", [84, 86, 85], of=("agent", "a-1"))
    weeks("ticket_volume", [0], of=("channel", "email"))
    AgentFactory(external_id="a-1", name="Ada")
    form = client.get(reverse(ADD)).context["adminform"].form
    families = [str(name) for name, _ in form.fields["kpi"].choices]
    assert families[:6] == [
        "",
        "Speed",
        "Quality of the solution",
        "Workload",
        "Satisfaction",
        "Not adopted: Speed",
    ]
    assert all(name.startswith("Not adopted: ") for name in families[5:])
    offered = {code for _, group in form.fields["kpi"].choices for code, _ in group}
    assert offered >= {"csat", "agent_utilisation"}
    assert not offered & {"channel_share", "exit_reasons"}  # they have no figure without a dimension
    assert form.fields["only_for"].choices == [
        ("", "everything"),
        ("Channel", [("channel=chat", "chat"), ("channel=email", "email")]),
        ("Agent", [("agent=a-1", "Ada")]),
    ]


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        (
            {"target": "85"},
            "target",
            "85.0\u00a0% is what was measured before (2 Mar – 31 May 2026), so there is nothing to reach." + OTHER,
        ),
        (
            {"target": "120"},
            "target",
            (
                "120.0\u00a0% lies outside the scale of “Customer satisfaction (CSAT)”, "
                "which goes from 0.0\u00a0% to 100.0\u00a0%."
            ),
        ),
        (
            {"target": "90", "target_high": "88"},
            "target_high",
            "The upper end of the range must lie above the target, its lower end.",
        ),
        (
            {"target": "soon"},
            "target",
            "“soon” is not a target of “Customer satisfaction (CSAT)”; write a percentage, for example 90 or 92.5.",
        ),
        ({"target": ""}, "target", "Say what is to be reached."),
        (
            {"kpi": ""},
            "kpi",
            "Choose the KPI of this target. A goal that is reached with its milestones has no target.",
        ),
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
        (
            {"due": "2026-12-30"},
            "due",
            (
                "30 Dec 2026 is in the middle of a week, whose last days would not count. "
                "Choose 27 Dec 2026 or 3 Jan 2027."
            ),
        ),
        ({"review_cadence": ""}, "review_cadence", "Choose how often the goal is reviewed."),
        (
            {"smart_note": " "},
            "smart_note",
            "The checks warn. Say in one sentence why the goal is right nevertheless, or change it.",
        ),
        (
            {"guardrail": "escalation_rate"},
            "guardrail_limit",
            "Say how far the guardrail may go: the worst value that you would still accept.",
        ),
        (
            {"guardrail": "escalation_rate", "guardrail_limit": "few"},
            "guardrail_limit",
            "“few” is not a target of “Escalation rate”; write a percentage, for example 90 or 92.5.",
        ),
        (
            {"guardrail": "csat", "guardrail_limit": "80"},
            "guardrail",
            "A goal cannot guard itself. Choose another KPI as its guardrail.",
        ),
        (
            {"guardrail": "ticket_volume"},
            "guardrail",
            "Select a valid choice. ticket_volume is not one of the available choices.",
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
def test_what_cannot_be_a_goal_is_said(client, manager, changed, field, sentence):
    weeks("csat", [85] * 30)
    weeks("nps", [20, 25])
    for member in ("chat", "phone"):
        weeks("csat", [85] * 13, of=("channel", member))
    for place in (("channel", "email"), ("tier", "plus")):
        rollup("ticket_volume", date(2026, 5, 1), whole=1, of=place)
    answer = client.post(reverse(ADD), values(**changed))
    assert errors(answer) == {field: [sentence]}
    assert not Goal.objects.exists()
    assert answer.context["adminform"].form["statement"].value() == "Nine of ten customers are satisfied"


@pytest.mark.parametrize(("kpi", "before", "target"), [("csat", 85, "80"), ("escalation_rate", 10, "12")])
def test_on_the_other_side_of_the_baseline_a_level_is_kept_which_needs_a_reason(client, manager, kpi, before, target):
    weeks(kpi, [before] * 13)
    answer = client.post(reverse(ADD), values(kpi=kpi, target=target, smart_note=""))
    assert list(errors(answer)) == ["smart_note"]
    warned = {check.code for check in answer.context["sheet"].warnings}
    assert warned == {"target"}
    assert "so the goal is to keep a level, not to reach one" in answer.content.decode()
    client.post(reverse(ADD), values(kpi=kpi, target=target))
    goal = Goal.objects.get()
    assert (goal.state, goal.was_met) == ("active", True)


def test_a_goal_is_not_made_active_on_figures_that_are_being_computed(client, manager):
    weeks("csat", [85] * 13)
    DirtyDay.objects.create(frame="answers", day=date(2026, 5, 27))
    assert errors(client.post(reverse(ADD), values())) == {
        "state": [
            "The figures of this KPI are just being computed. Save the goal as a draft, or try again in a minute."
        ]
    }
    client.post(reverse(ADD), values(state="draft"))
    assert Goal.objects.get().baseline == 85


@pytest.mark.parametrize(("written", "seconds"), [("45 min", 2700), ("2 h 30 min", 9000), ("16 h", 57600)])
def test_a_duration_is_written_with_its_units(client, manager, written, seconds):
    client.post(reverse(ADD), values(kpi="resolution_time", target=written, state="draft"))
    goal = Goal.objects.get()
    assert (goal.target, goal.clock, goal.direction) == (seconds, "calendar", "lower")
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    assert page.context["adminform"].form["target"].value() == written


def test_business_time_has_no_days(client, manager):
    CalendarFactory()
    given = values(kpi="resolution_time", target="2 d", state="draft")
    assert errors(client.post(reverse(ADD), given)) == {
        "target": ["Business time has no days: write the hours, for example 16 h."]
    }
    client.post(reverse(ADD), given | {"target": "16 h"})
    assert Goal.objects.get().clock == "business"


def test_where_neither_direction_is_better_the_target_says_which(client, manager):
    weeks("first_contact_resolution", [80] * 14)
    client.post(reverse(ADD), values(kpi="ticket_volume", target="100", state="draft"))
    goal = Goal.objects.get()
    assert (goal.direction, goal.baseline) == ("higher", None)


def test_a_goal_due_today_is_not_over(client, manager):
    weeks("csat", [85] * 30)
    today = TODAY - timedelta(days=1)
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        client.post(reverse(ADD), values(start="2026-04-01", due=today.isoformat()))
    assert Goal.objects.get().due == today


@pytest.mark.parametrize(
    "nonsense",
    [
        {"target": "85"},
        {"target": "120"},
        {"target": "90", "target_high": "88"},
        {"due": "2026-05-01"},
        {"due": "2026-06-03"},
        {"only_for": "channel=email"},
        {"kpi": "nps", "target": "30"},
        {"kpi": "resolution_time", "target": "4 h"},
        {"reviewer": "", "review_cadence": "", "smart_note": ""},
    ],
)
def test_a_draft_can_always_be_saved_and_says_what_blocks_it(client, manager, nonsense):
    weeks("csat", [85] * 13)
    for member in ("chat", "email"):
        weeks("ticket_volume", [85] * 13, of=("channel", member))
    weeks("csat", [85] * 13, of=("channel", "chat"))
    answer = client.post(reverse(ADD), values(state="draft") | nonsense)
    assert answer.status_code == 302
    page = client.get(reverse("admin:goals_goal_change", args=[Goal.objects.get().pk]))
    assert page.context["sheet"].blocks
    answer = client.post(reverse(ADD), values() | nonsense)
    assert errors(answer)
    assert Goal.objects.get().state == "draft"


def test_speed_needs_a_guardrail(client, manager):
    CalendarFactory()
    weeks("first_response_within_target", [80] * 13)
    weeks("csat", [88] * 13)
    fast = values(kpi="first_response_within_target", target="84")
    assert list(errors(client.post(reverse(ADD), fast))) == ["guardrail"]
    client.post(reverse(ADD), fast | {"guardrail": "csat", "guardrail_limit": "85 %", "has_incentive": "on"})
    goal = Goal.objects.get()
    assert (goal.guardrail, goal.guardrail_limit, goal.guardrail_clock, goal.has_incentive) == ("csat", 85, "", True)


def test_the_limit_of_a_guardrail_is_written_as_its_kpi_is(client, manager):
    CalendarFactory()
    weeks("csat", [85] * 13)
    client.post(reverse(ADD), values(guardrail="resolution_time", guardrail_limit="2 h 30 min", state="draft"))
    goal = Goal.objects.get()
    assert (goal.guardrail_limit, goal.guardrail_clock) == (9000, "business")
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    assert page.context["adminform"].form["guardrail_limit"].value() == "2 h 30 min"


def test_a_goal_about_money_can_be_written(client, manager):
    client.post(reverse(ADD), values(kpi="cost_per_contact", target="4.50", state="draft"))
    assert Goal.objects.get().target == 4.5


def test_what_is_stored_exactly_is_not_rounded_by_saving_again(client, manager):
    weeks("csat", [85] * 13)
    goal = GoalFactory(state="draft", owner=manager, target=90.12345678, start=TODAY, due=date(2026, 12, 27))
    address = reverse("admin:goals_goal_change", args=[goal.pk])
    form = client.get(address).context["adminform"].form
    kept = {name: form[name].value() or "" for name in form.fields}
    client.post(address, empty_inlines() | kept | {"statement": "Other words", "state": "draft"})
    goal.refresh_from_db()
    assert (goal.statement, goal.target) == ("Other words", 90.12345678)


def test_a_range_is_written_with_both_of_its_ends(client, manager):
    weeks("first_contact_resolution", [60] * 14)
    client.post(reverse(ADD), values(kpi="first_contact_resolution", target="70", target_high="80"))
    goal = Goal.objects.get()
    assert (goal.target, goal.target_high, goal.direction, goal.was_met) == (70, 80, "higher", False)
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk]))
    fields = list(page.context["adminform"].form.fields)
    assert fields.index("target_high") == fields.index("target") + 1
