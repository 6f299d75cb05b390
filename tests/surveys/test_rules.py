from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from kpiproject.models import Organisation
from surveys import rules
from surveys.invitations import NotOpenError
from surveys.models import SendingRule
from surveys.rules import IncompleteRuleError, Plan
from surveys.windows import NeverOpenError
from tests.factories import CalendarFactory, RuleFactory, SurveyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.fixture(autouse=True)
def _berlin():
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": BERLIN})


def schedule(**values) -> SendingRule:
    given = {"starts_on": date(2026, 1, 31), "every": 1, "unit": "month", "is_active": False, "since": None}
    return RuleFactory(trigger="schedule", at=time(9), **(given | values))


def days(rule: SendingRule, count: int) -> list[str]:
    return [f"{at.astimezone(ZoneInfo(BERLIN)):%Y-%m-%d %H:%M}" for _n, at in islice(rules.rounds(rule, BERLIN), count)]


def test_months_that_are_too_short_have_it_on_their_last_day():
    assert days(schedule(), 4) == ["2026-01-31 09:00", "2026-02-28 09:00", "2026-03-31 09:00", "2026-04-30 09:00"]
    assert days(schedule(every=12), 3)[1:] == ["2027-01-31 09:00", "2028-01-31 09:00"]
    assert days(schedule(starts_on=date(2024, 2, 29), every=12), 2)[1] == "2025-02-28 09:00"
    assert days(schedule(starts_on=date(2025, 12, 31), every=2), 2)[1] == "2026-02-28 09:00"


def test_weeks_keep_the_hour_when_the_clocks_change():
    rule = schedule(starts_on=date(2026, 3, 23), unit="week", every=1)
    assert days(rule, 2) == ["2026-03-23 09:00", "2026-03-30 09:00"]
    first, second = (at for _n, at in islice(rules.rounds(rule, BERLIN), 2))
    assert second - first == timedelta(days=7, hours=-1)


def test_switched_on_waits_for_the_next_date_and_passes_over_old_ones():
    rule = schedule()
    rules.switch_on(rule, NOW)
    rule.refresh_from_db()
    assert (rule.is_active, rule.next_round) == (True, 2)
    assert rule.next_due == datetime(2026, 3, 31, 7, tzinfo=UTC)


def test_ticket_rule_begins_when_it_is_switched_on():
    rule = RuleFactory(is_active=False, since=None)
    rules.switch_on(rule, NOW)
    rule.refresh_from_db()
    assert (rule.is_active, rule.since, rule.next_due) == (True, NOW, None)


def test_what_lacks_something_is_not_switched_on():
    for rule, error in (
        (schedule(starts_on=None), IncompleteRuleError),
        (RuleFactory(is_active=False, weekdays=[]), NeverOpenError),
        (RuleFactory(is_active=False, survey=SurveyFactory(status="draft")), NotOpenError),
    ):
        with pytest.raises(error):
            rules.switch_on(rule, NOW)
        rule.refresh_from_db()
        assert not rule.is_active


def test_claim_is_for_one_and_moving_on_waits_for_the_next_date():
    rule = schedule(is_active=True, next_due=NOW, next_round=1)
    token = rules.claim(rule.pk, NOW)
    assert rules.claim(rule.pk, NOW) is None
    assert rules.go_on(rule.pk, token, NOW)
    rules.move_on(rule, token, NOW)
    rule.refresh_from_db()
    assert (rule.next_round, rule.lease_token) == (2, "")
    assert rules.claim(rule.pk, NOW) is not None


def test_whoever_lost_the_lease_moves_nothing():
    rule = schedule(is_active=True, next_due=NOW, next_round=1)
    token = rules.claim(rule.pk, NOW)
    later = NOW + rules.LEASE
    other = rules.claim(rule.pk, later)
    assert not rules.go_on(rule.pk, token, later)
    rules.move_on(rule, token, NOW)
    rule.refresh_from_db()
    assert (rule.next_due, rule.lease_token) == (NOW, other)


def test_holidays_of_the_default_calendar_are_left_out():
    calendar = CalendarFactory()
    calendar.holidays.create(date=date(2026, 3, 4), name="A feast")
    calendar.holidays.create(date=date(2026, 3, 5), name="Not observed", is_active=False)
    CalendarFactory(is_default=False).holidays.create(date=date(2026, 3, 5), name="Elsewhere")
    rule = RuleFactory()
    assert Plan(rule).send_at(NOW, "") == datetime(2026, 3, 4, 23, tzinfo=UTC)
    rule.skips_holidays = False
    assert Plan(rule).send_at(NOW, "") == NOW


def test_unknown_zone_of_a_person_is_ours():
    plan = Plan(RuleFactory(from_time=time(9), to_time=time(10), skips_holidays=False))
    assert plan.send_at(NOW, "Mars/Olympus") == plan.send_at(NOW, "") == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert plan.send_at(NOW, "America/New_York") == datetime(2026, 3, 4, 14, tzinfo=UTC)


def test_everybody_is_in_one_group_and_keeps_it():
    plan = Plan(schedule(waves=3))
    for person in ("ada@example.org", "ben@example.org"):
        turns = [number for number in range(9) if plan.is_in_group(person, number)]
        assert len(turns) == 3
        assert len({number % 3 for number in turns}) == 1


def test_sample_is_the_same_every_time():
    rule = RuleFactory(sample_percent=40)
    first, again = ([Plan(rule).is_drawn(f"ticket:{n}") for n in range(500)] for _ in range(2))
    assert first == again
    assert 150 < sum(first) < 250
