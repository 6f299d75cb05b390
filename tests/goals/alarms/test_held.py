"""What is not told although it is so: in quiet hours, snoozed, without data; and rules that cannot be checked."""

from datetime import timedelta

import pytest

from goals.alarms import actions, keeping, telling, watch
from goals.models import Alarm, AlarmNotice, AlertRule
from kpiproject.models import Mail, User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.goals.alarms.fired import NOW, fire, told
from tests.goals.measured import house, weeks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_monday")]
Kind = AlertRule.Kind


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 18), ("Europe/Berlin", 16), ("", 1)])
def test_quiet_hours_hold_what_is_still_true_until_they_are_over(owner: User, zone: str, hour: int) -> None:
    house(time_zone="Asia/Tokyo")  # where 9:00 UTC is 18:00
    windows = [["08:00", "18:00"]] if zone else [["18:00", "10:00"]]
    rule = fire(owner, quiet_windows=windows, time_zone=zone)
    assert telling.tell(NOW) == 0
    moment = NOW.replace(hour=hour) + timedelta(days=not zone)
    assert (telling.tell(moment - timedelta(minutes=1)), telling.tell(moment)) == (0, 1)
    assert telling.free_at(rule, NOW) == moment


def test_quiet_hours_that_cannot_be_read_hold_nothing(owner: User) -> None:
    fire(owner, quiet_windows=[["nonsense"]])
    assert telling.tell(NOW) == 1


def test_a_snooze_holds_and_then_tells_what_is_still_true(owner: User) -> None:
    rule = fire(owner)
    actions.snooze(rule.pk, owner, until=NOW + timedelta(days=1), now=NOW)
    rule.refresh_from_db()
    assert (rule.state, telling.tell(NOW + timedelta(hours=23))) == ("snoozed", 0)
    assert telling.tell(NOW + timedelta(days=1)) == 1


def test_a_figure_whose_data_are_missing_is_no_news(owner: User) -> None:
    fire(owner, name="Satisfaction")
    feed = AlarmFactory(
        rule=AlertRuleFactory(owner=owner, name="Answers", kind=Kind.NO_DATA), feeds=["answers"], opened_at=NOW
    )
    telling.tell(NOW)
    assert [notice.alarm for notice in AlarmNotice.objects.all()] == [feed]
    keeping.restart(feed.rule, Alarm.End.OFF, NOW)
    telling.tell(NOW + timedelta(minutes=1))
    assert [notice.rule.name for notice in AlarmNotice.objects.order_by("pk") if notice.rule] == [
        "Answers", "Satisfaction",
    ]  # fmt: skip


def test_data_that_are_missing_for_long_hold_nothing_any_more(owner: User) -> None:
    fire(owner, name="Satisfaction")
    AlarmFactory(rule=AlertRuleFactory(owner=owner, kind=Kind.NO_DATA), feeds=["answers"], opened_at=NOW)
    counts = [telling.tell(NOW + timedelta(days=days)) for days in (0, 6, 7)]
    assert (counts, Mail.objects.order_by("pk").last()) == ([1, 0, 1], Mail.objects.get(subject="Alarm: Satisfaction"))


def test_missing_data_of_another_kind_hold_nothing(owner: User) -> None:
    fire(owner, name="Satisfaction")
    AlarmFactory(rule=AlertRuleFactory(owner=owner, kind=Kind.NO_DATA), feeds=["orders"])
    telling.tell(NOW)
    assert len(told()) == 2


def test_reminders_as_long_as_nobody_acknowledges(owner: User) -> None:
    fire(owner, renotify_hours=24)
    for hour in (0, 23, 24, 47, 48):
        telling.tell(NOW + timedelta(hours=hour))
    assert [kind for kind, _person in told()] == ["fire", "remind", "remind"]
    assert Mail.objects.count() == 3


# --- Rules that fail ----------------------------------------------------------------------------------------------
def test_a_rule_that_cannot_be_checked_is_told_once_and_once_more_when_it_is_given_up(owner: User) -> None:
    AlertRuleFactory(owner=owner, kpi="gone", name="Lost", quiet_windows=[["08:00", "18:00"]])
    for hour in range(8):
        watch.check_due(NOW + timedelta(hours=hour))
        telling.tell(NOW + timedelta(hours=hour))
    assert told() == [("error", "mara@example.org"), ("broken", "mara@example.org")]
    first = Mail.objects.order_by("pk").first()
    assert first is not None
    assert first.subject == "Cannot be checked: Lost"
    assert "The KPI “gone” no longer exists; choose another one, or delete the rule." in first.text


def test_reset(owner: User) -> None:
    weeks("csat", [80])
    rule = AlertRuleFactory(owner=owner, kpi="gone")
    for hour in range(5):
        watch.check_due(NOW + timedelta(hours=hour))
    AlertRule.objects.update(kpi="csat")
    actions.reset(rule.pk, NOW + timedelta(hours=5))
    watch.check_due(NOW + timedelta(hours=5))
    rule.refresh_from_db()
    assert (rule.state, rule.problem) == ("firing", "")
