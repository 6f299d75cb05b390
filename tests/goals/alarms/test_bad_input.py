"""What becomes of open alarms when the ground under them moves: a clear answer each, and nothing lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from goals.alarms import keeping, telling, watch
from goals.models import Alarm, AlarmNotice, AlertRule, Goal
from kpiproject.models import Mail, User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.factories import GoalFactory, ManagerFactory, StaffFactory
from tests.goals.alarms.test_telling import recover
from tests.goals.measured import house, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
Kind, State = AlertRule.Kind, AlertRule.State


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner() -> User:
    person: User = ManagerFactory(email="mara@example.org")
    return person


def tick(now: datetime) -> None:
    """As the worker does when the time of every rule has come."""
    AlertRule.objects.update(next_check_at=now)
    watch.check_due(now)
    telling.tell(now)


def told() -> list[str]:
    return list(AlarmNotice.objects.order_by("pk").values_list("kind", flat=True))


def test_goal_deleted_with_an_alert_open(owner: User) -> None:
    """The alarm is over and stays in the history with its words; nobody hears that all is well."""
    goal = GoalFactory(status="off_track", statement="Nine of ten")
    rule = AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal, owner=owner)
    tick(NOW)
    Goal.objects.all().delete()
    tick(NOW + HOUR)
    alarm = Alarm.objects.get()
    rule.refresh_from_db()
    assert (alarm.ended_because, alarm.goal, alarm.facts["statement"]) == ("gone", None, "Nine of ten")
    assert (rule.is_active, rule.state, told()) == (False, State.QUIET, ["fire"])


def test_goal_deleted_before_anybody_was_told_of_its_alert(owner: User) -> None:
    goal = GoalFactory(status="off_track")
    AlertRuleFactory(kind=Kind.GOAL, kpi="", goal=goal, owner=owner)
    watch.check_due(NOW)
    Goal.objects.all().delete()
    telling.tell(NOW)
    assert told() == ["fire"]  # what was seen is told, with the goal in words
    assert "is off track" in Mail.objects.get().text


def test_owner_deactivated_with_an_open_alarm() -> None:
    """The managers hear of everything from then on; whoever left hears nothing more."""
    gone, manager = StaffFactory(email="gone@example.org"), ManagerFactory(email="mara@example.org")
    rule = AlarmFactory(rule=AlertRuleFactory(owner=gone, renotify_hours=1), opened_at=NOW).rule
    telling.tell(NOW)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    telling.tell(NOW + HOUR)
    recover(rule, NOW + timedelta(days=14))
    telling.tell(NOW + timedelta(days=14))
    assert list(AlarmNotice.objects.order_by("pk").values_list("kind", "recipient")) == [
        ("fire", gone.pk), ("remind", manager.pk), ("recover", manager.pk),
    ]  # fmt: skip


def test_time_zone_changed_with_an_open_alarm(owner: User) -> None:
    """The weeks have other borders now: the alarm goes on as one and is told of once."""
    weeks("csat", [80])
    rule = AlertRuleFactory(owner=owner)
    tick(NOW)
    for hours, zone in enumerate(["Pacific/Auckland", "America/Los_Angeles", "UTC"], start=1):
        house(time_zone=zone)
        tick(NOW + hours * HOUR)
    rule.refresh_from_db()
    assert (rule.state, Alarm.objects.count(), told()) == (State.FIRING, 1, ["fire"])


def test_time_zone_changed_in_quiet_hours(owner: User) -> None:
    """They are hours of the clocks as they are now: what is no longer quiet is told at once."""
    AlarmFactory(rule=AlertRuleFactory(owner=owner, quiet_windows=[["08:00", "18:00"]]), opened_at=NOW)
    telling.tell(NOW)
    assert told() == []
    house(time_zone="Asia/Tokyo")  # where it is 18:00
    telling.tell(NOW)
    assert told() == ["fire"]


def test_time_zone_that_no_longer_exists_holds_nothing(owner: User) -> None:
    rule = AlertRuleFactory(owner=owner, quiet_windows=[["08:00", "18:00"]], time_zone="Mars/Base")
    AlarmFactory(rule=rule, opened_at=NOW)
    telling.tell(NOW)
    assert told() == ["fire"]


def test_kpi_retired_under_a_rule_with_an_open_alarm(owner: User) -> None:
    """The alarm stays and can still be answered; its owner is told once why it cannot be checked, and once that nobody
    tries any more."""
    weeks("csat", [80])
    rule = AlertRuleFactory(owner=owner)
    tick(NOW)
    AlertRule.objects.update(kpi="gone")
    Alarm.objects.update(kpi="gone")
    for hour in range(1, 9):
        tick(NOW + hour * HOUR)
    rule.refresh_from_db()
    assert (rule.state, rule.problem, Alarm.objects.get().is_open) == (State.FIRING, "kpi_retired", True)
    assert told() == ["fire", "error", "broken"]


def test_kpi_retired_between_firing_and_telling(owner: User) -> None:
    """The words have its code instead of its name, and what stands around it is missing by name."""
    AlarmFactory(rule=AlertRuleFactory(owner=owner, kpi="gone"), opened_at=NOW)
    telling.tell(NOW)
    letter = Mail.objects.get()
    assert "gone: 80 in the week of 25 May 2026" in letter.text
    assert "The chart could not be drawn." in letter.text


def test_rule_switched_off_between_firing_and_telling(owner: User) -> None:
    rule = AlarmFactory(rule=AlertRuleFactory(owner=owner), opened_at=NOW).rule
    AlertRule.objects.update(is_active=False)
    keeping.restart(AlertRule.objects.get(pk=rule.pk), Alarm.End.OFF, NOW)
    assert (telling.tell(NOW), told()) == (0, [])
