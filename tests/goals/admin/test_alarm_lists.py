"""What is done to several alert rules at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from goals.models import AlarmEvent, AlertRule
from kpiproject.models import User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.factories import GoalFactory, ManagerFactory, UserFactory
from tests.goals.entry import told

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client: Client) -> User:
    person: User = ManagerFactory(name="Mara")
    client.force_login(person)
    return person


def do(client: Client, action: str, *rules: AlertRule, **more: object) -> Any:
    given = {"action": action, "_selected_action": [rule.pk for rule in rules], **more}
    return client.post("/admin/goals/alertrule/", given, follow=True)


def history(rule: AlertRule) -> list[str]:
    return [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=str(rule.pk)).order_by("id")]


def test_rules_are_snoozed_for_a_while_and_woken(client: Client, manager: User) -> None:
    alarm, quiet = AlarmFactory(), AlertRuleFactory(name="Quiet")
    page = do(client, "snooze", alarm.rule, quiet).content.decode()
    assert "Snooze these rules?" in page
    assert "Quiet" in page
    assert AlertRule.objects.filter(snoozed_until__isnull=False).count() == 0
    assert do(client, "snooze", alarm.rule, quiet, span="for ever", confirmed="Snooze").status_code == 422
    assert told(do(client, "snooze", alarm.rule, quiet, span="1d", confirmed="Snooze")) == ["2 rules are snoozed."]
    until = NOW + timedelta(days=1)
    assert set(AlertRule.objects.values_list("snoozed_until", flat=True)) == {until}
    assert AlarmEvent.objects.filter(alarm=alarm, kind=AlarmEvent.Kind.SNOOZED, by=manager, until=until).count() == 1
    alarm.refresh_from_db()
    assert alarm.ended_at is None
    assert told(do(client, "wake", alarm.rule, quiet)) == ["2 rules are awake again."]
    assert told(do(client, "wake", alarm.rule, quiet)) == ["0 rules are awake again."]
    assert set(AlertRule.objects.values_list("snoozed_until", flat=True)) == {None}
    assert history(quiet) == ["Snoozed until 2 Jun 2026, 09:00.", "The snooze was ended."]


def test_switching_is_noted_in_the_history(client: Client, manager: User) -> None:
    rule = AlertRuleFactory()
    do(client, "switch_off", rule)
    do(client, "switch_off", rule)
    assert history(rule) == ["Switched off."]


@pytest.mark.parametrize("action", ["snooze", "wake", "switch_off", "check_again"])
def test_whoever_may_only_look_changes_nothing(client: Client, action: str) -> None:
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_alertrule"))
    client.force_login(clerk)
    rule = AlertRuleFactory(snoozed_until=NOW + timedelta(hours=1))
    before = AlertRule.objects.filter(pk=rule.pk).values().get()
    do(client, action, rule, span="1d", confirmed="Snooze")
    assert AlertRule.objects.filter(pk=rule.pk).values().get() == before
    assert history(rule) == []


def test_the_last_value_of_a_goal_has_the_unit_of_its_figure(client: Client, manager: User) -> None:
    AlertRuleFactory(kind="goal", kpi="", goal=GoalFactory(kpi="first_response_time", clock="business"), value=1020.0)
    assert "17\u00a0min" in client.get("/admin/goals/alertrule/").content.decode()
