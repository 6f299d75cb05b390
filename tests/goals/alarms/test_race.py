"""Several workers watch and tell at the same moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from goals.alarms import actions, telling, watch
from goals.models import Alarm, AlarmNotice, AlertRule, Goal
from kpiproject.models import Mail, User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.factories import GoalFactory, ManagerFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
AtOnce = Callable[..., list[Any]]


def tick() -> tuple[int, int]:
    return watch.check_due(NOW), telling.tell(NOW)


def test_what_several_workers_find_is_one_alarm_and_one_mail(at_once: AtOnce) -> None:
    goal, owner = GoalFactory(status="off_track"), ManagerFactory()
    for _number in range(12):
        AlertRuleFactory(kind="goal", kpi="", goal=goal, owner=owner, next_check_at=NOW)
    checked = [count for count, _told in at_once(*[tick] * 4)]
    assert sum(checked) >= 12
    at_once(lambda: telling.tell(NOW + timedelta(minutes=1)))
    [found] = at_once(lambda: (Alarm.objects.count(), AlarmNotice.objects.count()))
    assert found == (12, 12)
    [told] = at_once(lambda: list(AlarmNotice.objects.values_list("mail", flat=True)))
    [mails] = at_once(lambda: list(Mail.objects.values_list("pk", flat=True)))
    assert set(told) == set(mails)


def test_an_acknowledgement_at_the_moment_of_telling_is_kept(at_once: AtOnce) -> None:
    owner = ManagerFactory()
    alarm = AlarmFactory(rule=AlertRuleFactory(owner=owner, next_check_at=NOW + timedelta(days=1)), opened_at=NOW)
    until = NOW + timedelta(hours=4)
    at_once(
        lambda: actions.acknowledge(alarm.pk, owner, until=until, now=NOW),
        lambda: telling.tell(NOW),
        lambda: telling.tell(NOW),
    )
    at_once(lambda: telling.tell(NOW + timedelta(minutes=1)))
    [found] = at_once(lambda: (Alarm.objects.get().acknowledged_until, AlertRule.objects.get().state))
    assert found == (until, "acknowledged")
    assert at_once(Mail.objects.count) == [1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock for the whole database.")
def test_a_rule_that_another_holds_waits_for_the_next_tick_and_nobody_waits_for_it(at_once: AtOnce) -> None:
    """Rules come with their owners and goals, which are not locked with them."""
    owner, goal = ManagerFactory(), GoalFactory(status="off_track")
    given = {"owner": owner, "kind": "goal", "kpi": "", "goal": goal, "next_check_at": NOW}
    held, free = AlertRuleFactory(**given), AlertRuleFactory(**given)
    is_held, is_done = Event(), Event()

    def hold() -> str:
        with transaction.atomic():
            AlertRule.objects.select_for_update().get(pk=held.pk)
            User.objects.select_for_update(no_key=True).get(pk=owner.pk)
            Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
            is_held.set()
            return "free" if is_done.wait(timeout=20) else "waited"

    def work() -> list[int]:
        is_held.wait(timeout=20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        tick()
        is_done.set()
        return list(Alarm.objects.filter(told_at=NOW).values_list("rule", flat=True))

    assert at_once(hold, work) == ["free", [free.pk]]
    later = NOW + timedelta(minutes=1)
    at_once(lambda: (watch.check_due(later), telling.tell(later)))
    assert at_once(lambda: set(AlarmNotice.objects.values_list("rule", flat=True))) == [{held.pk, free.pk}]
