"""The whole machine over sequences of checks that nobody would think of: rows, notices and mails against the rules."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from goals.alarms import actions, readings, surroundings, telling, watch
from goals.alarms.actions import NotPossibleError
from goals.alarms.judging import Reading
from goals.alarms.lifecycle import Verdict
from goals.models import Alarm, AlarmNotice, AlertRule
from kpiproject.models import User
from tests.alarm_factories import AlertRuleFactory, EscalationChainFactory
from tests.factories import ManagerFactory, StakeholderFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
RULES, STEPS = 12, 18
VERDICTS = {
    "B": Verdict.BREACH,
    "c": Verdict.CLEAR,
    "-": Verdict.BETWEEN,
    "E": Verdict.ERROR,
    "?": Verdict.INCONCLUSIVE,
}


class Plain:
    """A rule that needs 1 breach and 2 good periods, kept as plainly as can be."""

    def __init__(self) -> None:
        self.goods = self.failures = self.alarms = 0
        self.is_firing = self.is_broken = False

    def see(self, letter: str) -> None:
        if self.is_broken or letter == "?":
            return
        self.failures = self.failures + 1 if letter == "E" else 0
        self.is_broken = self.failures == 5
        if letter == "E":
            return
        self.goods = self.goods + 1 if letter == "c" else 0
        if self.is_firing and self.goods >= 2:
            self.is_firing = False
        elif not self.is_firing and letter == "B":
            self.is_firing, self.alarms = True, self.alarms + 1


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[str, str]]:
    """What the next check of each rule finds, by its number: a name of the period, and a letter."""
    found: dict[int, tuple[str, str]] = {}

    def read(rules: list[AlertRule], _now: datetime) -> dict[int, list[Reading]]:
        return {rule.pk: [reading(*found[rule.pk])] for rule in rules}

    def reading(key: str, letter: str) -> Reading:
        problem = "failed" if letter == "E" else ""
        return Reading(verdict=VERDICTS[letter], key=key, value=80.0, n=100, problem=problem)

    monkeypatch.setattr(readings, "read", read)
    monkeypatch.setattr(surroundings, "gather", lambda _alarms, _now: {})
    return found


@pytest.mark.parametrize("seed", range(3))
def test_no_alarm_is_lost_and_none_told_twice(verdicts: dict[int, tuple[str, str]], seed: int) -> None:
    dice = random.Random(seed)
    owner, bea = ManagerFactory(), StakeholderFactory()
    chain = EscalationChainFactory(repeats=1)
    rules = [
        AlertRuleFactory(owner=owner, severity="serious", chain=dice.choice([None, chain]), stakeholders=[bea])
        for _number in range(RULES)
    ]
    plain = {rule.pk: Plain() for rule in rules}
    now = NOW
    for step in range(STEPS):
        now += timedelta(hours=dice.choice([1, 30, 200]))
        with time_machine.travel(now, tick=False):
            for rule in rules:
                letter = dice.choice("BBBccc-E?")
                verdicts[rule.pk] = (str(step), letter)
                plain[rule.pk].see(letter)
            AlertRule.objects.update(next_check_at=now)
            watch.check_due(now)
            telling.tell(now)
            someone_answers(dice, owner, now)
            telling.tell(now)
            as_it_should_be(plain)
    with time_machine.travel(now + timedelta(days=60), tick=False):
        telling.tell(now + timedelta(days=60))
    everybody_knows(owner)


def someone_answers(dice: random.Random, owner: User, now: datetime) -> None:
    until = now + timedelta(hours=20)
    for alarm in Alarm.objects.filter(ended_at__isnull=True):
        try:
            if dice.random() < 0.2:
                actions.acknowledge(alarm.pk, owner, until=until, now=now)
            elif dice.random() < 0.2:
                actions.snooze(alarm.rule_id or 0, owner, until=until, now=now)
        except NotPossibleError:
            continue


def as_it_should_be(plain: dict[int, Plain]) -> None:
    """Rows and rules say the same, and it is what the letters say."""
    for rule in AlertRule.objects.prefetch_related("alarms"):
        alarms = list(rule.alarms.all())
        expected = plain[rule.pk]
        assert len(alarms) == expected.alarms
        assert sum(alarm.is_open for alarm in alarms) == expected.is_firing == ("firing_since" in rule.memory)
        assert rule.memory.get("is_broken", False) == expected.is_broken


def everybody_knows(owner: User) -> None:
    """Of what fires everybody has heard once; whoever heard that it fires has heard that it is over."""
    for rule in AlertRule.objects.prefetch_related("alarms__notices"):
        last = None
        for alarm in sorted(rule.alarms.all(), key=lambda one: one.pk):
            kinds = [notice.kind for notice in alarm.notices.all() if notice.recipient_id == owner.pk]
            assert kinds.count("fire") == (1 if alarm.told_at else 0)
            assert kinds.count("recover") <= 1
            assert alarm.told_at or not alarm.is_open
            last = alarm if alarm.told_at else last
        if last is not None and not any(alarm.is_open for alarm in rule.alarms.all()):
            assert AlarmNotice.objects.filter(rule=rule, kind="recover", recipient=owner, alarm=last).count() == 1
