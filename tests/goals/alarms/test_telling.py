"""Who is told of what, when, once; and in which words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from goals.alarms import actions, keeping, lifecycle, mails, telling, watch
from goals.alarms.actions import NotPossibleError
from goals.models import Alarm, AlarmEvent, AlarmNotice, AlertRule, EscalationChain, EscalationStep
from kpiproject.mail import SECRET_KINDS
from kpiproject.models import Mail, User, WebhookDelivery
from tests.alarm_factories import AlarmFactory, AlertRuleFactory, EscalationChainFactory, WebhookTargetFactory
from tests.factories import CalendarFactory, ManagerFactory, StaffFactory
from tests.goals.measured import house, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday
Kind = AlertRule.Kind


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner() -> User:
    person: User = ManagerFactory(name="Mara", email="mara@example.org")
    return person


def fire(owner: User, **fields: Any) -> AlertRule:
    """A rule that has fired, and of which nobody was told yet."""
    return AlarmFactory(rule=AlertRuleFactory(owner=owner, **fields), opened_at=NOW).rule


def observe(rule: AlertRule, verdict: lifecycle.Verdict, now: datetime, key: str) -> None:
    """One more check, as the watch would write it."""
    rule.refresh_from_db()
    after = lifecycle.observe(keeping.memory(rule), verdict, key=key, policy=keeping.policy(rule), now=now)
    for alarm in keeping.open_alarms([rule]).values():
        if not after.is_firing:
            keeping.close(alarm, Alarm.End.RECOVERED, now)
    keeping.keep(rule, after, now)
    rule.save()


def recover(rule: AlertRule, now: datetime) -> None:
    observe(rule, lifecycle.Verdict.CLEAR, now, "2026-06-08")
    observe(rule, lifecycle.Verdict.CLEAR, now, "2026-06-15")


def told() -> list[tuple[str, str]]:
    return list(AlarmNotice.objects.order_by("pk").values_list("kind", "recipient__email"))


# --- Once ---------------------------------------------------------------------------------------------------------
def test_the_owner_is_told_once(owner: User) -> None:
    fire(owner)
    ManagerFactory()
    assert [telling.tell(NOW + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    assert (told(), Mail.objects.get().recipient) == ([("fire", "mara@example.org")], "mara@example.org")


def test_from_the_figure_to_the_mail(owner: User) -> None:
    weeks("csat", [90, 80])
    AlertRuleFactory(name="Satisfaction", owner=owner, advice="Look at the comments first.")
    watch.check_due(NOW)
    telling.tell(NOW)
    letter = Mail.objects.get()
    assert letter.subject == "Alarm: Satisfaction"
    lines = [line for line in letter.text.splitlines() if line and "http" not in line]
    assert lines == [
        "Alarm (serious): Satisfaction",
        (
            "  Customer satisfaction (CSAT): 80.0\xa0% in the week of 25 May 2026; it is an alarm when it is "
            "below 85.0\xa0%. That may be chance: the limit lies within the interval."
        ),
        "  Since: 1 Jun 2026, 09:00 (1 minute)",
        "  Rests on: 100 answers; 95 % interval 71.1\xa0% to 86.7\xa0%",
        "  What to do:",
        "    Look at the comments first.",
        "  The last 2 weeks; limit 85.0\xa0%.",
        "    18 May: 90.0\xa0% (100 answers)",
        "    25 May: 80.0\xa0% (100 answers)",
        "--",
        (
            "You get this mail because you own this alert rule. "
            "The links are yours alone: please do not forward this mail."
        ),
    ]
    assert letter.kind in SECRET_KINDS


def test_all_that_is_new_for_one_person_is_one_mail(owner: User) -> None:
    for name in ("One", "Two", "Three"):
        fire(owner, name=name)
    assert telling.tell(NOW) == 1
    assert (Mail.objects.get().subject, AlarmNotice.objects.count()) == ("3 alarms: One", 3)


def test_serious_ones_come_first(owner: User) -> None:
    fire(owner, name="Small", severity="warning")
    fire(owner, name="Great")
    telling.tell(NOW)
    assert Mail.objects.get().subject == "2 alarms: Great"


def test_many_are_counted_and_not_all_listed(owner: User) -> None:
    for _number in range(mails.MOST_IN_MAIL + 5):
        fire(owner)
    telling.tell(NOW)
    assert "and 5 more" in Mail.objects.get().text


def test_what_cannot_be_written_marks_nothing_as_told(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """State and mail are one transaction: a notification is never lost between them."""
    fire(owner)
    monkeypatch.setattr(mails, "_note", lambda *_given: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        telling.tell(NOW)
    monkeypatch.undo()
    assert (Mail.objects.count(), telling.tell(NOW)) == (0, 1)


def test_who_cannot_be_mailed_keeps_nobody_else_from_being_told(owner: User, caplog: Any) -> None:
    broken = ManagerFactory(name="Bo", email="bo@example.org")
    User.objects.filter(pk=broken.pk).update(email="no address")
    fire(broken)
    fire(owner)
    assert telling.tell(NOW) == 1
    assert (AlarmNotice.objects.filter(mail=None).count(), telling.tell(NOW)) == (1, 0)
    assert "could not be told of 1 alarms" in caplog.text


# --- Who ----------------------------------------------------------------------------------------------------------
def test_an_owner_who_has_left_is_replaced_by_the_managers(owner: User) -> None:
    gone = StaffFactory(is_active=False)
    fire(gone)
    telling.tell(NOW)
    assert told() == [("fire", "mara@example.org")]


def test_nobody_is_there_to_be_told_so_that_it_waits() -> None:
    fire(StaffFactory(is_active=False))
    assert (telling.tell(NOW), AlarmNotice.objects.count()) == (0, 0)
    ManagerFactory()
    assert telling.tell(NOW) == 1


def test_escalation(owner: User) -> None:
    second = ManagerFactory(email="second@example.org")
    fire(owner, chain=EscalationChainFactory())
    for minutes in (0, 59, 60, 61, 600):
        telling.tell(NOW + timedelta(minutes=minutes))
    assert told() == [
        ("fire", "mara@example.org"), ("escalate", "mara@example.org"), ("escalate", second.email),
    ]  # fmt: skip
    assert [notice.at for notice in AlarmNotice.objects.order_by("pk")][1] == NOW + timedelta(minutes=60)
    assert [event.kind for event in AlarmEvent.objects.all()] == ["told", "escalated"]


def test_the_chain_is_that_of_the_beginning(owner: User) -> None:
    chain = EscalationChainFactory()
    fire(owner, chain=chain)
    telling.tell(NOW)
    chain.steps.all().delete()
    chain.delete()
    telling.tell(NOW + timedelta(hours=1))
    assert [kind for kind, _person in told()] == ["fire", "escalate"]


def test_waiting_in_the_hours_of_the_calendar_as_they_were(owner: User) -> None:
    calendar = CalendarFactory()  # 9 to 17 from Monday to Friday
    chain = EscalationChainFactory(calendar=calendar)
    chain.steps.filter(position=2).update(by_hours=True, wait_minutes=10 * 60)
    fire(owner, chain=chain)
    telling.tell(NOW)
    calendar.delete()
    assert Alarm.objects.get().next_step_at == datetime(2026, 6, 2, 11, tzinfo=UTC)


def test_an_acknowledgement_stops_the_chain_until_its_time_is_over(owner: User) -> None:
    rule = fire(owner, chain=EscalationChainFactory())
    telling.tell(NOW)
    until = NOW + timedelta(hours=4)
    alarm = actions.acknowledge(Alarm.objects.get().pk, owner, until=until, now=NOW, text="On it")
    assert (telling.tell(NOW + timedelta(hours=3)), alarm.acknowledged_by) == (0, owner)
    telling.tell(until)
    assert [kind for kind, _person in told()] == ["fire", "remind"]
    telling.tell(until + timedelta(hours=1))
    assert [kind for kind, _person in told()] == ["fire", "remind", "escalate"]
    rule.refresh_from_db()
    assert (rule.state, Alarm.objects.get().acknowledged_until) == ("firing", None)


def test_a_chain_begins_again_as_long_as_nobody_acknowledges(owner: User) -> None:
    chain = EscalationChainFactory(repeats=1)
    chain.steps.filter(position=1).update(wait_minutes=30)
    fire(owner, chain=chain)
    for minutes in (0, 60, 89, 90, 149, 150, 600):
        telling.tell(NOW + timedelta(minutes=minutes))
    told_at = [(notice.kind, notice.level, notice.at - NOW) for notice in AlarmNotice.objects.order_by("pk")]
    assert told_at == [
        ("fire", 0, timedelta(0)),
        ("escalate", 1, timedelta(minutes=60)),
        ("escalate", 2, timedelta(minutes=90)),
        ("escalate", 3, timedelta(minutes=150)),
    ]
    subjects = list(Mail.objects.order_by("pk").values_list("subject", flat=True))
    assert [subject.rpartition(":")[0] for subject in subjects] == [
        "Alarm",
        "Nobody has acknowledged it (round 1 of 2)",
        "Nobody has acknowledged it (round 2 of 2)",
        "Nobody has acknowledged it (round 2 of 2)",
    ]


def test_the_rounds_are_those_of_the_beginning(owner: User) -> None:
    chain = EscalationChainFactory(repeats=1)
    fire(owner, chain=chain)
    telling.tell(NOW)
    EscalationChain.objects.update(repeats=5)
    for hour in range(1, 12):
        telling.tell(NOW + timedelta(hours=hour))
    assert [kind for kind, _person in told()] == ["fire", "escalate", "escalate", "escalate"]


@pytest.mark.parametrize("is_over", [False, True], ids=["acknowledged", "recovered"])
def test_no_round_begins_once_somebody_works_on_it_or_it_is_over(owner: User, is_over: bool) -> None:
    rule = fire(owner, chain=EscalationChainFactory(repeats=5))
    telling.tell(NOW)
    telling.tell(NOW + timedelta(hours=1))
    if is_over:
        recover(rule, NOW + timedelta(hours=1))
    else:
        until = NOW + timedelta(days=9)
        actions.acknowledge(Alarm.objects.get().pk, owner, until=until, now=NOW + timedelta(hours=1))
    for hour in range(2, 20):
        telling.tell(NOW + timedelta(hours=hour))
    assert [kind for kind, _person in told()] == ["fire", "escalate", *(["recover"] * is_over)]


def test_a_step_waits_until_somebody_is_there_to_be_told(owner: User) -> None:
    chain = EscalationChainFactory()
    fire(owner, chain=chain)
    telling.tell(NOW)
    User.objects.update(is_active=False)
    telling.tell(NOW + timedelta(hours=1))
    assert Alarm.objects.get().level == 0
    ManagerFactory(email="new@example.org")
    telling.tell(NOW + timedelta(hours=2))
    assert told() == [("fire", "mara@example.org"), ("escalate", "new@example.org")]


def test_who_can_be_told_of_an_alarm_hears_of_it_once_although_nobody_can_be_told_of_the_failure() -> None:
    """The owner has left and there is no manager, but the chain begins with somebody who is there."""
    chain = EscalationChainFactory()
    step = chain.steps.get(position=1)
    EscalationStep.objects.filter(pk=step.pk).update(role="people")
    step.people.set([StaffFactory(email="bo@example.org")])
    rule = fire(StaffFactory(is_active=False), chain=chain)
    observe(rule, lifecycle.Verdict.ERROR, NOW, "x")
    assert [telling.tell(NOW + timedelta(minutes=minute)) for minute in range(3)] == [1, 0, 0]
    assert told() == [("fire", "bo@example.org")]


def test_a_person_of_a_step_who_has_left_is_replaced_by_the_managers(owner: User) -> None:
    chain = EscalationChainFactory()
    step = chain.steps.get(position=2)
    step.role = "people"
    step.save()
    step.people.set([StaffFactory(is_active=False)])
    fire(StaffFactory(email="staff@example.org"), chain=chain)
    telling.tell(NOW)
    telling.tell(NOW + timedelta(hours=1))
    assert told() == [("fire", "staff@example.org"), ("escalate", "mara@example.org")]


# --- Over ---------------------------------------------------------------------------------------------------------
def test_the_end_is_told_to_those_who_were_alarmed(owner: User) -> None:
    rule = fire(owner)
    telling.tell(NOW)
    ManagerFactory()
    recover(rule, NOW + timedelta(days=14))
    telling.tell(NOW + timedelta(days=14))
    assert told() == [("fire", "mara@example.org"), ("recover", "mara@example.org")]
    letter = Mail.objects.order_by("pk").last()
    assert letter is not None
    assert "It was there for 14 days; at worst it was 80.0\xa0%." in letter.text
    assert (letter.subject, telling.tell(NOW + timedelta(days=15))) == (f"Over: {rule.name}", 0)


def test_an_alarm_that_nobody_heard_of_ends_in_silence(owner: User) -> None:
    rule = fire(owner, quiet_windows=[["08:00", "18:00"]])
    telling.tell(NOW)
    recover(rule, NOW + timedelta(hours=1))
    assert (telling.tell(NOW + timedelta(hours=12)), told()) == (0, [])


# --- Held ---------------------------------------------------------------------------------------------------------
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


# --- Webhooks -----------------------------------------------------------------------------------------------------
def test_other_systems_are_told(owner: User) -> None:
    chat = WebhookTargetFactory(kind="slack", name="Chat")
    signed = WebhookTargetFactory()
    rule = fire(owner, name="Satisfaction <!channel>", webhooks=[chat, signed, WebhookTargetFactory(is_active=False)])
    telling.tell(NOW)
    payloads = dict(WebhookDelivery.objects.values_list("target__kind", "payload"))
    assert payloads["slack"]["text"].startswith("Satisfaction &lt;!channel&gt;: alarm. Customer satisfaction")
    assert list(payloads["slack"]) == ["text"]
    assert (payloads["signed"]["event"], payloads["signed"]["alarm"]["value"]) == ("fire", 80)
    assert "/alerts/mail/" not in str(payloads)
    recover(rule, NOW + timedelta(days=14))
    telling.tell(NOW + timedelta(days=14))
    assert WebhookDelivery.objects.count() == 4


def test_a_webhook_alone_is_enough() -> None:
    fire(StaffFactory(is_active=False), webhooks=[WebhookTargetFactory()])
    assert (telling.tell(NOW), Alarm.objects.get().told_at) == (1, NOW)


# --- Answers ------------------------------------------------------------------------------------------------------
def test_what_is_over_cannot_be_acknowledged(owner: User) -> None:
    rule = fire(owner)
    recover(rule, NOW)
    with pytest.raises(NotPossibleError, match=r"^This alarm is over already; there is nothing left to acknowledge\.$"):
        actions.acknowledge(Alarm.objects.get().pk, owner, until=NOW + timedelta(hours=4), now=NOW)


def test_in_the_language_and_time_zone_of_the_reader(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    fire(owner)
    telling.tell(NOW)
    assert "Since: 1 Jun 2026, 18:00" in Mail.objects.get().text


def test_what_somebody_typed_is_escaped(owner: User) -> None:
    fire(owner, name="<b>Bad</b>", advice="<script>alert(1)</script>")
    telling.tell(NOW)
    html = Mail.objects.get().html
    assert "<b>Bad</b>" not in html
    assert "<script>" not in html
    assert "&lt;b&gt;Bad&lt;/b&gt;" in html


def test_queries_do_not_grow_with_rules(owner: User, django_assert_max_num_queries: Any) -> None:
    for _number in range(3):
        fire(owner)
    with django_assert_max_num_queries(400) as few:
        telling.tell(NOW)
    for _number in range(6):
        fire(owner)
    # What is written for each alarm: its row, and a line of its history.
    with django_assert_max_num_queries(len(few) + 3 * 4):
        telling.tell(NOW + timedelta(minutes=1))
