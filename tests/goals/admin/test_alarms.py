"""Alert rules and chains as a manager writes them down."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from goals.alarms import guidance
from goals.alarms.guidance import Chapter
from goals.models import Alarm, AlarmLeft, AlertRule, EscalationChain
from kpiproject.models import User
from metrics.models import ImportRun
from tests.alarm_factories import AlarmFactory, AlertRuleFactory, EscalationChainFactory
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, StakeholderFactory
from tests.goals.entry import errors, told
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ADD = "/admin/goals/alertrule/add/"


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client: Client) -> User:
    person: User = ManagerFactory(name="Mara")
    client.force_login(person)
    return person


def values(owner: User, **other: object) -> dict[str, object]:
    """A form as a manager would fill it in."""
    return {
        "name": "Satisfaction",
        "kind": "threshold",
        "severity": "serious",
        "is_active": "on",
        "kpi": "csat",
        "only_for": "",
        "grain": "week",
        "limit": "85",
        "danger": "off_track",
        "breaches": 2,
        "of": 3,
        "again": "88",
        "clears": 2,
        "owner": owner.pk,
        "quiet_hours": "22:00-07:00\n12:00 – 13:00",
    } | other


def added(client: Client, owner: User, **other: object) -> AlertRule:
    answer = client.post(ADD, values(owner, **other))
    assert answer.status_code == 302, errors(answer)
    return AlertRule.objects.get()


def test_a_limit(client: Client, manager: User) -> None:
    rule = added(client, manager)
    assert (rule.fire_level, rule.clear_level, rule.side, rule.breaches, rule.of) == (85, 88, "below", 2, 3)
    assert (rule.quiet_windows, rule.created_by) == ([["22:00", "07:00"], ["12:00", "13:00"]], manager)


def test_lower_is_better_and_times_have_units(client: Client, manager: User) -> None:
    rule = added(client, manager, kpi="first_response_time", limit="2 h 30 min", again="2 h")
    assert (rule.fire_level, rule.clear_level, rule.side, rule.clock) == (9000, 7200, "above", "calendar")


def test_where_neither_is_better_the_manager_says_so(client: Client, manager: User) -> None:
    given = values(manager, kpi="ticket_volume", limit="100", again="")
    assert errors(client.post(ADD, given)) == {
        "side": ["Neither more nor less of “Ticket volume” is better: say when it is an alarm."]
    }
    assert added(client, manager, kpi="ticket_volume", limit="100", again="", side="above").side == "above"


def test_what_is_saved_is_shown_as_it_was_written(client: Client, manager: User) -> None:
    rule = added(client, manager, kpi="first_response_time", limit="2 h 30 min", again="2 h")
    form = client.get(f"/admin/goals/alertrule/{rule.pk}/change/").context["adminform"].form
    assert [form.initial[name] for name in ("limit", "again", "kpi", "quiet_hours")] == [
        "2 h 30 min", "2 h", "first_response_time", "22:00-07:00\n12:00-13:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"kpi": ""}, "kpi", "Choose the KPI that is watched."),
        ({"limit": ""}, "limit", "Enter the limit."),
        (
            {"limit": "high"},
            "limit",
            "“high” is not a target of “Customer satisfaction (CSAT)”; write a percentage, for example 90 or 92.5.",
        ),
        (
            {"limit": "120"},
            "limit",
            "120 lies outside the scale of “Customer satisfaction (CSAT)”, which goes from 0.0\u00a0% to 100.0\u00a0%.",
        ),
        (
            {"again": "80"},
            "again",
            "It is an alarm below the limit, so that it can only be over at the limit or above it.",
        ),
        (
            {"kpi": "reopen_rate", "limit": "5", "again": "7"},
            "again",
            "It is an alarm above the limit, so that it can only be over at the limit or below it.",
        ),
        ({"breaches": 4}, "breaches", "4 of the last 3 can never be past the limit."),
        ({"quiet_hours": "22:00"}, "quiet_hours", "“22:00” is not a window such as 22:00-07:00."),
        (
            {"quiet_hours": "00:00-24:00"},
            "quiet_hours",
            "These quiet hours cover the whole day, so that nobody would ever be told.",
        ),
        (
            {"time_zone": "Mars/Base"},
            "time_zone",
            "“Mars/Base” is not a time zone; write a name such as Europe/Berlin.",
        ),
        ({"kind": "goal"}, "goal", "Choose the goal that is watched."),
        (
            {"kind": "budget", "kpi": "first_response_time", "limit": "2 h"},
            "kpi",
            "“First response time” is no share of single answers or tickets, so that its last ones cannot be counted.",
        ),
        (
            {"kind": "budget", "limit": "100"},
            "limit",
            "Enter a percentage between 0 and 100, neither of them included.",
        ),
    ],
)
def test_refused_in_words(client: Client, manager: User, other: dict[str, object], field: str, sentence: str) -> None:
    assert errors(client.post(ADD, values(manager, **other))) == {field: [sentence]}


def test_single_answers_of_customers_only(client: Client, manager: User) -> None:
    [sentence] = errors(client.post(ADD, values(manager, kind="answer", kpi="reopen_rate")))["kpi"]
    assert sentence.startswith("Single answers are only watched of surveys of customers: ")


def test_never_a_single_person(client: Client, manager: User) -> None:
    weeks("csat", [90], of=("agent", "ada"))
    weeks("csat", [90], of=("channel", "chat"))
    form = client.get(ADD).context["adminform"].form
    assert "agent=ada" not in str(form["only_for"])
    assert "channel=chat" in str(form["only_for"])
    assert "only_for" in errors(client.post(ADD, values(manager, only_for="agent=ada")))


def test_of_one_channel(client: Client, manager: User) -> None:
    weeks("csat", [90], of=("channel", "chat"))
    rule = added(client, manager, only_for="channel=chat")
    assert (rule.dimension, rule.member) == ("channel", "chat")


def test_a_goal_and_an_import(client: Client, manager: User) -> None:
    goal = GoalFactory()
    rule = added(client, manager, kind="goal", goal=goal.pk, hours=3)
    assert (rule.goal, rule.kpi, rule.fire_level, rule.hours) == (goal, "", None, None)
    ImportRun.objects.create(kind="tickets", source="zendesk", file_name="t.csv")
    AlertRule.objects.all().delete()
    rule = added(client, manager, kind="import", source="zendesk", hours=30, goal=goal.pk)
    assert (rule.source, rule.hours, rule.goal, rule.kpi) == ("zendesk", 30, None, "")


def test_another_limit_is_another_alarm(client: Client, manager: User) -> None:
    alarm = AlarmFactory(rule=AlertRuleFactory(owner=manager))
    client.post(f"/admin/goals/alertrule/{alarm.rule_id}/change/", values(manager, limit="70", again=""))
    alarm.refresh_from_db()
    assert (alarm.ended_because, alarm.rule.state, alarm.rule.fire_level) == ("changed", "quiet", 70)


def test_another_name_leaves_the_alarm_alone(client: Client, manager: User) -> None:
    alarm = AlarmFactory(rule=AlertRuleFactory(owner=manager, breaches=2, of=3, clear_level=88))
    client.post(f"/admin/goals/alertrule/{alarm.rule_id}/change/", values(manager, name="Other"))
    alarm.refresh_from_db()
    assert (alarm.ended_at, alarm.rule.name, alarm.rule.state) == (None, "Other", "firing")


def test_switched_off_and_on(client: Client, manager: User) -> None:
    alarm = AlarmFactory()
    for action in ("switch_off", "switch_on"):
        chosen = {"action": action, "_selected_action": [alarm.rule_id]}
        answer = client.post("/admin/goals/alertrule/", chosen, follow=True)
    assert told(answer) == ["1 rule is switched on."]
    alarm.refresh_from_db()
    assert (alarm.ended_because, alarm.rule.is_active, alarm.rule.state) == ("off", True, "quiet")


def test_deleted_with_an_open_alarm(client: Client, manager: User) -> None:
    alarm = AlarmFactory()
    client.post(f"/admin/goals/alertrule/{alarm.rule_id}/delete/", {"post": "yes"})
    alarm.refresh_from_db()
    assert (alarm.rule, alarm.ended_because) == (None, "gone")


def test_the_list(client: Client, manager: User) -> None:
    AlertRuleFactory(value=84)
    page = client.get("/admin/goals/alertrule/").content.decode()
    assert "Customer satisfaction (CSAT) is below 85.0\xa0%" in page
    assert "84.0\xa0%" in page


def test_an_owner_who_has_left_stays_in_the_form(client: Client, manager: User) -> None:
    rule = AlertRuleFactory(owner=StaffFactory(is_active=False))
    form = client.get(f"/admin/goals/alertrule/{rule.pk}/change/").context["adminform"].form
    assert rule.owner in form.fields["owner"].queryset


# --- Outside of the house -----------------------------------------------------------------------------------------
def test_stakeholders_and_what_they_may(client: Client, manager: User) -> None:
    bea = StakeholderFactory()
    rule = added(client, manager, stakeholders=[bea.pk], lets_outsiders_acknowledge="on")
    assert (list(rule.stakeholders.all()), rule.lets_outsiders_acknowledge) == ([bea], True)
    alarm = AlarmFactory(rule=rule)
    client.post(f"/admin/goals/alertrule/{rule.pk}/change/", values(manager))
    alarm.refresh_from_db()
    assert (list(rule.stakeholders.all()), alarm.is_open) == ([], True)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"kind": "answer"}, "Single answers are nothing for people outside: remove the stakeholders."),
        ({"kind": "goal"}, "The goal of a single agent is nothing for people outside: remove the stakeholders."),
    ],
)
def test_what_nobody_outside_may_hear(client: Client, manager: User, other: dict[str, object], sentence: str) -> None:
    goal = GoalFactory(dimension="agent", member="ada")
    given = values(manager, stakeholders=[StakeholderFactory().pk], goal=goal.pk, **other)
    assert errors(client.post(ADD, given)) == {"stakeholders": [sentence]}


def test_who_has_left_is_named_and_may_be_let_back_in(client: Client, manager: User) -> None:
    left = AlarmLeft.objects.create(stakeholder=StakeholderFactory(name="Bea"))
    assert "Have unsubscribed from alarms by themselves: Bea." in client.get(ADD).content.decode()
    page = client.get("/admin/goals/alarmleft/").content.decode()
    assert left.stakeholder.email in page
    client.post(f"/admin/goals/alarmleft/{left.pk}/delete/", {"post": "yes"})
    assert not AlarmLeft.objects.exists()


def test_nobody_can_be_unsubscribed_here(client: Client, manager: User) -> None:
    assert client.get("/admin/goals/alarmleft/add/").status_code == 403


def test_a_chapter_of_the_manual(client: Client, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [Chapter(code="unhappy", title="Unhappy customers", path="/manual/unhappy/")]
    monkeypatch.setattr(guidance, "_FINDERS", [lambda: offered])
    assert added(client, manager, guidance="unhappy").guidance == "unhappy"
    offered.clear()
    rule = AlertRule.objects.get()
    form = client.get(f"/admin/goals/alertrule/{rule.pk}/change/").context["adminform"].form
    assert ("unhappy", "unhappy (no longer there)") in form.fields["guidance"].choices


# --- Chains -------------------------------------------------------------------------------------------------------
def steps(*rows: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = {"name": "Chain", "repeats": 0, "steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        known = {"position": number + 1, "role": "owner", "wait_minutes": 60}
        found |= {f"steps-{number}-{name}": value for name, value in (known | row).items()}
    return found


CHAIN = "/admin/goals/escalationchain/add/"


def test_a_chain(client: Client, manager: User) -> None:
    given = steps({"wait_minutes": 0}, {"role": "people", "people": [manager.pk], "by_hours": "on"})
    answer = client.post(CHAIN, given, follow=True)
    chain = EscalationChain.objects.get()
    assert [(step.role, step.wait_minutes, step.by_hours) for step in chain.steps.all()] == [
        ("owner", 0, False), ("people", 60, True),
    ]  # fmt: skip
    assert "There is no business calendar yet: until there is one, waiting is counted round the clock." in told(answer)
    assert "the owner of the rule → Mara" in answer.content.decode()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "A chain needs one step at least."),
        ([{}] * 9, "A chain has 8 steps at most."),
        ([{}, {"position": 1}], "Two steps have the same place in the order."),
        ([{}, {"wait_minutes": 0}], "Every step but the first one must wait for a minute at least."),
        ([{}, {"role": "people"}], "Choose whom this step tells."),
        ([{}, {"role": "outside"}], "Choose whom this step tells."),
        ([{}, {"role": "managers", "people": True}], "This step tells all managers, and nobody chosen here"),
        ([{}, {"role": "people", "people": True, "stakeholders": True}], "or let the step tell the stakeholders"),
    ],
)
def test_chains_that_make_no_sense(client: Client, manager: User, rows: list[dict[str, object]], sentence: str) -> None:
    chosen = {"people": [manager.pk], "stakeholders": [StakeholderFactory().pk]}
    known = [{name: chosen[name] if value is True else value for name, value in row.items()} for row in rows]
    answer = client.post(CHAIN, steps(*known))
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)


def test_a_chain_that_begins_again(client: Client, manager: User) -> None:
    given = steps({"wait_minutes": 30}, {"role": "outside", "stakeholders": [StakeholderFactory(name="Bea").pk]})
    answer = client.post(CHAIN, given | {"repeats": 2}, follow=True)
    assert EscalationChain.objects.get().repeats == 2
    assert "the owner of the rule → Bea, then 2 times more" in answer.content.decode()


@pytest.mark.parametrize(
    ("repeats", "wait", "sentence"),
    [
        (1, 0, "Say after how many minutes the first step is told again."),
        (6, 30, "Ensure this value is less than or equal to 5."),
        (-1, 30, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_rounds_that_make_no_sense(client: Client, manager: User, repeats: int, wait: int, sentence: str) -> None:
    answer = client.post(CHAIN, steps({"wait_minutes": wait}) | {"repeats": repeats})
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)


def test_a_chain_that_is_deleted_leaves_its_rules(client: Client, manager: User) -> None:
    rule = AlertRuleFactory(chain=EscalationChainFactory())
    client.post(f"/admin/goals/escalationchain/{rule.chain_id}/delete/", {"post": "yes"})
    rule.refresh_from_db()
    assert rule.chain is None


def test_staff_may_not(client: Client) -> None:
    client.force_login(StaffFactory())
    assert [client.get(path).status_code for path in (ADD, CHAIN)] == [403, 403]
    assert Alarm.objects.count() == 0
