"""Rules are checked when they are due, and alarms begin and end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from goals.alarms import readings, watch
from goals.models import Alarm, AlertRule
from kpiproject.lib.periods import Grain
from metrics.models import DirtyDay
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.factories import AnswerFactory
from tests.goals.measured import TODAY, house, rollup, share, tickets, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
Kind, State = AlertRule.Kind, AlertRule.State


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def check(rule: AlertRule, now: datetime = NOW) -> AlertRule:
    """As the sweep does when its time has come."""
    AlertRule.objects.filter(pk=rule.pk).update(next_check_at=now)
    watch.check_due(now)
    rule.refresh_from_db()
    return rule


def alarms() -> list[tuple[str, float | None, bool]]:
    return [(alarm.kind, alarm.value, alarm.is_open) for alarm in Alarm.objects.order_by("pk")]


# --- Limits -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([90, 84], State.FIRING),
        ([80, 90], State.QUIET),
        ([90, 85], State.QUIET),
        ([80, None], State.QUIET),
    ],
)
def test_the_last_complete_week_decides(values: list[float | None], state: str) -> None:
    weeks("csat", values)
    rule = check(AlertRuleFactory())
    assert rule.state == state
    assert Alarm.objects.count() == (state == State.FIRING)


def test_the_week_that_runs_says_nothing() -> None:
    weeks("csat", [90])
    share("csat", TODAY, 10)
    assert check(AlertRuleFactory()).state == State.QUIET


def test_what_an_alarm_knows() -> None:
    weeks("csat", [90, 80])
    rule = check(AlertRuleFactory(name="Satisfaction"))
    alarm = Alarm.objects.get()
    assert (alarm.rule, alarm.title, alarm.value, alarm.worst, alarm.n, alarm.limit) == (
        rule, "Satisfaction", 80, 80, 100, 85,
    )  # fmt: skip
    assert (alarm.period_start, alarm.period_end) == (date(2026, 5, 25), date(2026, 6, 1))
    assert (alarm.low, alarm.high) == (pytest.approx(71.1, abs=0.05), pytest.approx(86.7, abs=0.05))
    assert (alarm.opened_at, alarm.told_at) == (NOW, None)
    assert [event.kind for event in alarm.events.all()] == ["opened"]


def test_lower_is_better() -> None:
    weeks("transfer_rate", [4, 9])
    rule = check(AlertRuleFactory(kpi="transfer_rate", side="above", fire_level=8, clear_level=6))
    assert (rule.state, Alarm.objects.get().side, Alarm.objects.get().worst) == (State.FIRING, "above", 9)
    for week, (value, state) in enumerate([(7, "firing"), (6, "recovering"), (2, "quiet")], start=1):
        monday = NOW + timedelta(weeks=week)
        with time_machine.travel(monday, tick=False):
            weeks("transfer_rate", [value], before=monday.date())
            assert check(rule, monday).state == state
    assert (Alarm.objects.get().worst, Alarm.objects.get().value) == (9, 2)


def test_few_answers_say_nothing() -> None:
    weeks("csat", [0], n=4)
    rule = check(AlertRuleFactory())
    assert (rule.state, Alarm.objects.count()) == (State.QUIET, 0)


def test_two_of_three_weeks() -> None:
    weeks("csat", [80, 90, 80])
    assert check(AlertRuleFactory(breaches=2, of=3)).state == State.FIRING


def test_weeks_that_were_missed_are_caught_up_one_by_one() -> None:
    """The worker stood still for four weeks: an alarm began and ended meanwhile."""
    weeks("csat", [90], before=date(2026, 5, 4))
    rule = check(AlertRuleFactory(), datetime(2026, 5, 4, 9, tzinfo=UTC) + timedelta(days=1))
    weeks("csat", [70, 60, 90, 95])
    check(rule)
    [(kind, value, is_open)] = alarms()
    assert (kind, value, is_open) == ("threshold", 95, False)
    assert (Alarm.objects.get().worst, Alarm.objects.get().ended_because) == (60, "recovered")


def test_over_after_two_good_weeks_past_the_clear_level() -> None:
    weeks("csat", [80])
    rule = check(AlertRuleFactory(clear_level=88))
    for week, (value, state) in enumerate([(86, "firing"), (89, "recovering"), (90, "quiet")], start=1):
        monday = NOW + timedelta(weeks=week)
        with time_machine.travel(monday, tick=False):
            weeks("csat", [value], before=monday.date())
            assert check(rule, monday).state == state
    assert Alarm.objects.get().ended_at == NOW + timedelta(weeks=3)


def test_checked_again_without_anything_new() -> None:
    weeks("csat", [80])
    rule = check(AlertRuleFactory(breaches=1, of=1))
    for hour in range(1, 5):
        check(rule, NOW + timedelta(hours=hour))
    assert Alarm.objects.count() == 1


def test_of_one_member() -> None:
    weeks("csat", [90])
    weeks("csat", [70], of=("channel", "chat"))
    weeks("csat", [95], of=("channel", "phone"))
    chat, phone, nowhere = (AlertRuleFactory(dimension="channel", member=name) for name in ("chat", "phone", "fax"))
    watch.check_due(NOW)
    states = dict(AlertRule.objects.values_list("member", "state"))
    assert states == {"chat": "firing", "phone": "quiet", "fax": "quiet"}
    assert Alarm.objects.get().rule == chat
    assert (phone.pk, nowhere.pk) == tuple(AlertRule.objects.exclude(pk=chat.pk).values_list("pk", flat=True))


def test_numbers_of_tickets_before_and_after_all_facts_are_not_zero() -> None:
    tickets(date(2026, 5, 11), date(2026, 5, 20))
    for day in ("2026-05-11", "2026-05-20"):
        rollup("ticket_volume", date.fromisoformat(day), whole=40)
    rule = check(AlertRuleFactory(kpi="ticket_volume", side="below", fire_level=10, of=4, breaches=1))
    assert (rule.state, Alarm.objects.count()) == (State.QUIET, 0)


def test_figures_that_are_being_computed_are_waited_for() -> None:
    weeks("csat", [80])
    DirtyDay.objects.create(frame="answers", day=date(2026, 5, 26))
    rule = check(AlertRuleFactory())
    assert (rule.state, rule.checked_at, rule.next_check_at) == (State.QUIET, None, NOW + timedelta(minutes=2))


def test_the_time_zone_of_the_house_changes_under_an_alarm() -> None:
    weeks("csat", [80])
    rule = check(AlertRuleFactory())
    house(time_zone="Pacific/Auckland")
    assert check(rule, NOW + timedelta(hours=1)).state == State.FIRING
    assert Alarm.objects.count() == 1


# --- What cannot be checked ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kpi": "gone"}, "kpi_retired"),
        ({"dimension": "planet", "member": "Mars"}, "no_dimension"),
        ({"kpi": "resolution_time", "clock": "business"}, "no_calendar"),
        ({"fire_level": None}, "no_limit"),
    ],
)
def test_it_says_why(fields: dict[str, Any], problem: str) -> None:
    rule = check(AlertRuleFactory(**fields))
    assert (rule.state, rule.problem) == (State.ERRORED, problem)


def test_errors_never_end_an_alarm_and_break_the_rule_after_five() -> None:
    weeks("csat", [80])
    rule = check(AlertRuleFactory())
    AlertRule.objects.update(kpi="gone")
    for hour in range(1, 8):
        check(rule, NOW + timedelta(hours=hour))
    assert (rule.state, rule.memory["is_broken"], alarms()) == (State.FIRING, True, [("threshold", 80, True)])


def test_a_quiet_rule_that_is_broken_is_not_checked_any_more() -> None:
    rule = AlertRuleFactory(kpi="gone")
    for hour in range(7):
        check(rule, NOW + timedelta(hours=hour))
    assert (rule.state, rule.checked_at) == (State.BROKEN, NOW + timedelta(hours=4))


def test_one_that_fails_keeps_no_other_from_being_checked(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    weeks("csat", [80])
    rule, other = AlertRuleFactory(), AlertRuleFactory(kind=Kind.IMPORT, kpi="")
    monkeypatch.setitem(readings._READERS, Kind.IMPORT, lambda *_given: 1 // 0)
    watch.check_due(NOW)
    rule.refresh_from_db()
    other.refresh_from_db()
    assert (rule.state, other.state, other.problem) == (State.FIRING, State.ERRORED, "failed")
    assert "could not be checked" in caplog.text


def test_a_rule_that_is_changed_while_it_is_checked_is_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    weeks("csat", [80])
    rule = AlertRuleFactory()
    read = readings.read

    def meanwhile(*given: Any) -> Any:
        AlertRule.objects.update(fire_level=70)
        return read(*given)

    monkeypatch.setattr(readings, "read", meanwhile)
    watch.check_due(NOW)
    rule.refresh_from_db()
    assert (rule.state, Alarm.objects.count(), rule.next_check_at) == (State.QUIET, 0, NOW)


# --- Rules that end -----------------------------------------------------------------------------------------------
def test_a_rule_that_was_deleted_ends_its_alarm_and_keeps_it() -> None:
    alarm = AlarmFactory()
    AlertRule.objects.all().delete()
    watch.check_due(NOW)
    alarm.refresh_from_db()
    assert (alarm.rule, alarm.ended_at, alarm.ended_because) == (None, NOW, "gone")


def test_a_rule_that_was_switched_off_ends_its_alarm() -> None:
    alarm = AlarmFactory()
    AlertRule.objects.update(is_active=False)
    watch.check_due(NOW)
    alarm.refresh_from_db()
    assert (alarm.ended_because, alarm.rule.state, alarm.rule.has_news) == ("off", "quiet", False)


def test_never_two_open_alarms_of_a_rule() -> None:
    alarm = AlarmFactory()
    with pytest.raises(IntegrityError):
        Alarm.objects.create(rule=alarm.rule, opened_at=NOW)


# --- Signals ------------------------------------------------------------------------------------------------------
STEADY = [85, 86, 84, 85, 87, 85, 84, 86, 85, 84]


@pytest.mark.parametrize(
    ("values", "side", "signal"),
    [
        ([*STEADY, 60], "below", "beyond"),
        ([*STEADY, 99], "below", ""),  # better
        ([*STEADY, 99], "above", "beyond"),
        ([*STEADY, 99], "", "beyond"),
        ([*STEADY, 85], "below", ""),
        ([84, 86, 84, 86, 84, 86, 84, 86, 85.8, 85.6, 85.3, 85.1, 84.9, 84.6], "below", "trend"),
        ([85, 60], "below", ""),  # of two weeks nobody knows what is normal
    ],
)
def test_only_a_real_change_for_the_worse(values: list[float], side: str, signal: str) -> None:
    weeks("csat", values)
    rule = check(AlertRuleFactory(kind=Kind.SIGNAL, side=side, fire_level=None))
    assert rule.state == (State.FIRING if signal else State.QUIET)
    assert [alarm.facts["signal"] for alarm in Alarm.objects.all()] == [signal] * bool(signal)


# --- No data ------------------------------------------------------------------------------------------------------
def test_nothing_is_measured_any_more() -> None:
    AnswerFactory(answered_at=datetime(2026, 5, 12, tzinfo=UTC))
    weeks("csat", [90], before=date(2026, 5, 18))
    rule = check(AlertRuleFactory(kind=Kind.NO_DATA, fire_level=None, breaches=2, of=2))
    assert (rule.state, Alarm.objects.get().feeds) == (State.FIRING, ["answers"])


def test_before_the_first_fact_nothing_is_missing() -> None:
    AnswerFactory(answered_at=datetime(2026, 5, 26, tzinfo=UTC))
    share("csat", date(2026, 5, 26), 90)
    assert check(AlertRuleFactory(kind=Kind.NO_DATA, fire_level=None, breaches=1, of=6)).state == State.QUIET


def test_a_day_without_anything() -> None:
    tickets(date(2026, 5, 11), date(2026, 5, 30))
    rollup("ticket_volume", date(2026, 5, 30), whole=1)
    rule = AlertRuleFactory(kind=Kind.NO_DATA, kpi="ticket_volume", grain=Grain.DAY, fire_level=None)
    assert check(rule).state == State.FIRING
    assert Alarm.objects.get().period_start == date(2026, 5, 31)


# --- Many ---------------------------------------------------------------------------------------------------------
def test_many_rules_of_one_figure_share_its_question(django_assert_max_num_queries: Any) -> None:
    for name in ("chat", "phone", "mail"):
        weeks("csat", [90, 80], of=("channel", name))
    for level in range(60, 70):
        AlertRuleFactory(dimension="channel", member="chat", fire_level=level)
    with django_assert_max_num_queries(60) as few:
        watch.check_due(NOW)
    AlertRule.objects.update(next_check_at=NOW)
    for level in range(200):
        AlertRuleFactory(dimension="channel", member=("chat", "phone", "mail")[level % 3], fire_level=level / 3)
    with django_assert_max_num_queries(len(few) + 15):
        watch.check_due(NOW)


def test_who_claims_a_rule_has_it_alone() -> None:
    weeks("csat", [80])
    AlertRuleFactory()
    assert (watch.check_due(NOW), watch.check_due(NOW)) == (1, 0)
    assert (watch.check_due(NOW + timedelta(hours=1)), Alarm.objects.count()) == (1, 1)
