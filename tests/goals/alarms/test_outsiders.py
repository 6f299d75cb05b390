"""Stakeholders without an account: told in a few words about many together, and gone with one click."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from goals.alarms import actions, leaving, links, telling
from goals.models import Alarm, AlarmLeft, AlarmNotice, AlertRule, EscalationStep, Stakeholder
from kpiproject.models import Mail
from tests.alarm_factories import AlarmFactory, AlertRuleFactory, EscalationChainFactory
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, StakeholderFactory
from tests.goals.alarms.test_telling import recover

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
Kind = AlertRule.Kind


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bea() -> Stakeholder:
    found: Stakeholder = StakeholderFactory(name="Bea", email="bea@example.net")
    return found


def fire(**fields: Any) -> Alarm:
    alarm: Alarm = AlarmFactory(rule=AlertRuleFactory(**fields), opened_at=NOW)
    return alarm


def told() -> list[tuple[str, str]]:
    notices = AlarmNotice.objects.select_related("recipient", "stakeholder").order_by("pk")
    return [(notice.kind, notice.reader.email) for notice in notices if notice.stakeholder]


def letter() -> Mail:
    return Mail.objects.filter(recipient="bea@example.net").latest("pk")


# --- Who ----------------------------------------------------------------------------------------------------------
def test_with_the_owner_at_once_and_once(bea: Stakeholder) -> None:
    fire(stakeholders=[bea])
    assert [telling.tell(NOW + timedelta(hours=hour)) for hour in range(3)] == [2, 0, 0]
    assert told() == [("fire", "bea@example.net")]


def test_as_a_step_of_a_chain_and_when_it_is_over(bea: Stakeholder) -> None:
    chain = EscalationChainFactory()
    step = chain.steps.get(position=2)
    EscalationStep.objects.filter(pk=step.pk).update(role="outside")
    step.stakeholders.set([bea])
    alarm = fire(chain=chain)
    telling.tell(NOW)
    assert told() == []
    telling.tell(NOW + timedelta(hours=1))
    assert (told(), letter().subject) == ([("escalate", "bea@example.net")], f"Alarm: {alarm.title}")
    recover(alarm.rule, NOW + timedelta(days=14))
    telling.tell(NOW + timedelta(days=14))
    assert told()[1:] == [("recover", "bea@example.net")]
    assert letter().subject == f"Over: {alarm.title}"


@pytest.mark.parametrize("why", ["inactive", "left"])
def test_who_is_gone_is_replaced_by_the_managers(bea: Stakeholder, why: str) -> None:
    chain = EscalationChainFactory()
    chain.steps.filter(position=1).update(role="outside")
    chain.steps.get(position=1).stakeholders.set([bea])
    if why == "left":
        AlarmLeft.objects.create(stakeholder=bea)
    else:
        Stakeholder.objects.update(is_active=False)
    manager = ManagerFactory()
    fire(chain=chain, stakeholders=[bea], owner=manager)
    assert telling.tell(NOW) == 1
    assert (told(), AlarmNotice.objects.get().recipient) == ([], manager)


@pytest.mark.parametrize(
    "fields",
    [{"kind": Kind.ANSWER}, {"kind": Kind.GOAL, "kpi": "", "goal": "agent"}],
    ids=["single answers", "goal of an agent"],
)
def test_nobody_outside_hears_of_single_answers_and_agents(bea: Stakeholder, fields: dict[str, Any]) -> None:
    if fields.get("goal"):
        fields = fields | {"goal": GoalFactory(dimension="agent", member="ada", status="off_track")}
    chain = EscalationChainFactory()
    chain.steps.filter(position=2).update(role="outside")
    chain.steps.get(position=2).stakeholders.set([bea])
    fire(stakeholders=[bea], chain=chain, **fields)
    telling.tell(NOW)
    telling.tell(NOW + timedelta(hours=1))
    assert told() == []
    assert AlarmNotice.objects.filter(kind="escalate").exists()


def test_failures_of_a_rule_stay_in_the_house(bea: Stakeholder) -> None:
    AlertRuleFactory(
        stakeholders=[bea], problem="failed", memory={"failures": 5, "is_broken": True}, state="broken", has_news=True
    )
    telling.tell(NOW)
    assert (told(), AlarmNotice.objects.get().kind) == ([], "broken")


def test_a_notice_has_one_reader(bea: Stakeholder) -> None:
    with pytest.raises(IntegrityError):
        AlarmNotice.objects.create(kind="fire", recipient=StaffFactory(), stakeholder=bea)


# --- In which words -----------------------------------------------------------------------------------------------
def test_no_way_into_the_house_and_nothing_of_what_is_only_for_it(bea: Stakeholder) -> None:
    fire(stakeholders=[bea], advice="Ask Tom what he did.", name="Satisfaction")
    telling.tell(NOW)
    text = letter().text + letter().html
    words = ["80.0\xa0% in the week of 25 May 2026", "100 answers", "See how it stands"]
    assert [word for word in words if word not in text] == []
    secrets = ["Ask Tom", "/kpis/", "/alerts/?", '/alerts/"', "/manual/", "Snooze"]
    assert [word for word in secrets if word in text] == []


@pytest.mark.parametrize(
    ("fields", "facts", "sentence"),
    [
        (
            {"kind": Kind.BUDGET},
            {"bad": 6, "short_bad": 4, "short_n": 8, "at_n": 40, "rate": 3.0},
            (
                "Customer satisfaction (CSAT): among the last ones, more are bad than chance explains, if it is to be "
                "at least 85.0\xa0%."
            ),
        ),
        (
            {"kind": Kind.IMPORT, "kpi": ""},
            {"kind": "tickets", "source": "zendesk", "error": "Ada Lovelace has no ticket"},
            "Data did not arrive as they should, so that figures may be missing.",
        ),
        (
            {"kind": Kind.THRESHOLD},
            {"at_value": 50.0, "at_n": 4, "at_start": "2026-05-25"},
            "Customer satisfaction (CSAT) is past its limit.",
        ),
    ],
    ids=["budget", "import", "few"],
)
def test_never_a_few(bea: Stakeholder, fields: dict[str, Any], facts: dict[str, Any], sentence: str) -> None:
    alarm = fire(stakeholders=[bea], **fields)
    Alarm.objects.update(facts=facts, n=4)
    telling.tell(NOW)
    lines = [line.strip() for line in letter().text.splitlines()]
    assert sentence in lines
    assert [word for word in ("Lovelace", "4 answers", "of the last 8", "50.0") if word in letter().text] == []
    recover(alarm.rule, NOW + timedelta(days=14))
    telling.tell(NOW + timedelta(days=14))
    assert "It was there for 14 days." in [line.strip() for line in letter().text.splitlines()]


# --- Acknowledging ------------------------------------------------------------------------------------------------
def path(alarm: Alarm, reader: Stakeholder) -> str:
    return "/" + links.url(alarm, reader).split("/", 3)[3]


def test_only_if_the_link_says_so(client: Client, bea: Stakeholder) -> None:
    alarm = fire(stakeholders=[bea])
    telling.tell(NOW)
    address = path(alarm, bea)
    page = client.get(address).content.decode()
    assert ("I work on it" in page, "Leave it alone" in page, "This page shows how it stands" in page) == (
        False, False, True,
    )  # fmt: skip
    given = {"action": "acknowledge", "span": "1d"}
    assert client.post(address, given).status_code == 403
    AlertRule.objects.update(lets_outsiders_acknowledge=True)
    assert client.post(address, given).status_code == 403  # the link in their mail still says that they may not
    alarm.refresh_from_db()
    assert (alarm.carer, alarm.acknowledged_until) == (None, None)


def test_who_may_acknowledge_stops_the_chain_and_is_named(client: Client, bea: Stakeholder) -> None:
    alarm = fire(
        stakeholders=[bea], lets_outsiders_acknowledge=True, chain=EscalationChainFactory(), owner=ManagerFactory()
    )
    telling.tell(NOW)
    answer = client.post(path(alarm, bea), {"action": "acknowledge", "span": "1d"}, follow=True)
    assert "Bea works on it until 2 Jun 2026, 09:00." in answer.content.decode()
    telling.tell(NOW + timedelta(hours=2))
    assert not AlarmNotice.objects.filter(kind="escalate").exists()
    alarm.refresh_from_db()
    assert (alarm.acknowledged_by, alarm.acknowledged_outside) == (None, bea)
    client.force_login(ManagerFactory())
    page = client.get(f"/alerts/{alarm.pk}/").content.decode()
    assert 'Bea <span class="muted">(outside)</span>' in page
    telling.tell(NOW + timedelta(days=1))
    alarm.refresh_from_db()
    assert (alarm.carer, told()[-1]) == (None, ("remind", "bea@example.net"))


def test_somebody_of_the_house_takes_over(bea: Stakeholder) -> None:
    alarm = fire(stakeholders=[bea])
    owner, until = alarm.rule.owner, NOW + timedelta(days=1)
    actions.acknowledge(alarm.pk, bea, until=until, now=NOW)
    assert actions.acknowledge(alarm.pk, owner, until=until, now=NOW).carer == owner


@pytest.mark.parametrize("action", ["snooze", "wake"])
def test_what_people_hear_is_not_for_outsiders_to_say(client: Client, bea: Stakeholder, action: str) -> None:
    alarm = fire(stakeholders=[bea], lets_outsiders_acknowledge=True)
    telling.tell(NOW)
    assert client.post(path(alarm, bea), {"action": action, "span": "1d"}).status_code == 403
    assert AlertRule.objects.get().snoozed_until is None


def test_a_link_of_somebody_who_was_never_told_or_has_left(client: Client, bea: Stakeholder) -> None:
    alarm = fire(stakeholders=[bea])
    telling.tell(NOW)
    assert client.get(path(alarm, StakeholderFactory())).status_code == 404
    leaving.leave(bea)
    assert client.get(path(alarm, bea)).status_code == 404


def test_the_link_of_a_person_is_not_that_of_the_stakeholder_with_the_same_number(client: Client) -> None:
    alarm = fire(owner=StaffFactory())
    telling.tell(NOW)
    twin = StakeholderFactory(pk=alarm.rule.owner_id)
    assert client.get(path(alarm, twin)).status_code == 404


# --- Leaving ------------------------------------------------------------------------------------------------------
def test_one_click_is_enough_and_a_look_is_none(client: Client, bea: Stakeholder) -> None:
    fire(stakeholders=[bea])
    telling.tell(NOW)
    headers = letter().headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = "/" + headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert client.get(address).status_code == 200
    assert not AlarmLeft.objects.exists()
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "You will no longer be told of alarms" in answer.content.decode()) == (200, True)
    assert (AlarmLeft.objects.get().stakeholder, letter().state) == (bea, "cancelled")
    assert client.post(address).status_code == 200
    fire(stakeholders=[bea])
    telling.tell(NOW + timedelta(hours=1))
    assert told() == [("fire", "bea@example.net")]


def test_the_link_never_expires_and_belongs_to_one(client: Client, bea: Stakeholder) -> None:
    address = "/" + leaving.url(bea).split("/", 3)[3]
    with time_machine.travel(NOW + timedelta(days=3650), tick=False):
        assert client.get(address).status_code == 200
    assert client.post(address[:-3] + "xx/").status_code == 404
    Stakeholder.objects.all().delete()
    assert client.post(address).status_code == 404


def test_mails_to_people_of_the_house_have_no_such_link() -> None:
    fire()
    telling.tell(NOW)
    assert Mail.objects.get().headers == {}
