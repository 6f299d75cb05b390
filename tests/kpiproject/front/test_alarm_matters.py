"""Alarms among what waits for a manager."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from goals.alarms import actions
from goals.models import Alarm
from kpiproject.front import alarm_matters
from kpiproject.front.matters import Matter, Moment
from kpiproject.models import User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.factories import ManagerFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    person: User = ManagerFactory()
    return person


def matters() -> list[Matter]:
    return list(alarm_matters.alarms(Moment(now=NOW, today=date(2026, 6, 1), yesterday_at=NOW - timedelta(days=1))))


def test_nothing_fires() -> None:
    AlertRuleFactory()
    assert matters() == []


@pytest.mark.parametrize(("severity", "tone"), [("serious", "bad"), ("warning", "warn")])
def test_what_fires(severity: str, tone: str) -> None:
    alarm = AlarmFactory(rule=AlertRuleFactory(severity=severity, name="Satisfaction"))
    [matter] = matters()
    assert (matter.text, matter.url, matter.tone) == ("1 alarm that nobody works on", "/alerts/", tone)
    assert [(one.text, one.url) for one in matter.details] == [("Satisfaction", f"/alerts/{alarm.pk}/")]
    assert matter.details[0].note.startswith("Customer satisfaction (CSAT): 80.0")


def test_what_somebody_works_on_or_has_snoozed_waits_for_nobody(manager: User) -> None:
    worked_on, snoozed, over = AlarmFactory(), AlarmFactory(), AlarmFactory()
    until = NOW + timedelta(hours=4)
    actions.acknowledge(worked_on.pk, manager, until=until, now=NOW)
    actions.snooze(snoozed.rule_id, manager, until=until, now=NOW)
    Alarm.objects.filter(pk=over.pk).update(ended_at=NOW)
    assert matters() == []
    with time_machine.travel(until, tick=False):
        moment = Moment(now=until, today=date(2026, 6, 1), yesterday_at=NOW)
        assert [matter.text for matter in alarm_matters.alarms(moment)] == ["2 alarms that nobody works on"]
