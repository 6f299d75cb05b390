from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from goals.models import Goal
from metrics.models import DirtyDay
from tests.factories import AgentFactory, CalendarFactory, ManagerFactory, UserFactory
from tests.goals.entry import ADD, NOW, OTHER, errors, values
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


def test_only_active_people_can_own_a_goal(client, manager):
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
def test_what_cannot_be_a_goal_is_said(client, manager, changed, field, sentence):
    weeks("csat", [85] * 13)
    weeks("nps", [20, 25])
    for member in ("chat", "phone"):
        weeks("csat", [85] * 13, of=("channel", member))
    for place in (("channel", "email"), ("tier", "plus")):
        rollup("ticket_volume", date(2026, 5, 1), whole=1, of=place)
    answer = client.post(reverse(ADD), values(**changed))
    assert errors(answer) == {field: [sentence]}
    assert not Goal.objects.exists()
    assert answer.context["adminform"].form["statement"].value() == "Nine of ten customers are satisfied"


def test_less_being_better_a_target_above_the_baseline_is_refused(client, manager):
    weeks("escalation_rate", [10] * 13)
    answer = client.post(reverse(ADD), values(kpi="escalation_rate", target="12"))
    assert errors(answer) == {
        "target": [
            "Lower is better here, but 12.0\u00a0% lies above the baseline of 10.0\u00a0% (2 Mar – 31 May 2026)."
        ]
    }


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


def test_a_goal_due_tomorrow_is_not_over(client, manager):
    weeks("csat", [85] * 13)
    tomorrow = TODAY + timedelta(days=1)
    client.post(reverse(ADD), values(start="2026-04-01", due=tomorrow.isoformat()))
    assert Goal.objects.get().due == tomorrow
