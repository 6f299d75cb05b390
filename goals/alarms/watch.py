"""The watch: every rule that is due is checked, and alarms begin and end. Nobody is told anything here.

A rule is claimed by moving its date. Figures are read outside of any transaction; what comes of them is written only
to rules that nobody has changed meanwhile, and the others are checked again at once.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Manager

from goals.alarms import judging, keeping, lifecycle, readings
from goals.alarms.judging import Reading
from goals.alarms.lifecycle import Memory, Verdict
from goals.models import Alarm, AlarmEvent, AlertRule, Goal

logger = logging.getLogger(__name__)
Kind, Side = AlertRule.Kind, AlertRule.Side

MOST_AT_ONCE: Final = 2000
_CHUNK: Final = 200
_SOON: Final = timedelta(minutes=2)
"""When figures that are being computed may be there."""
EVERY: Final = {
    Kind.THRESHOLD: timedelta(hours=1),
    Kind.SIGNAL: timedelta(hours=1),
    Kind.NO_DATA: timedelta(hours=1),
    Kind.BUDGET: timedelta(minutes=15),
    Kind.GOAL: timedelta(minutes=5),
    Kind.IMPORT: timedelta(minutes=1),
    Kind.ANSWER: timedelta(minutes=1),
}
_ASKED: Final = (
    "is_active", "kind", "kpi", "dimension", "member", "grain", "clock", "goal_id", "danger", "source", "hours", "side",
    "fire_level", "clear_level", "breaches", "of", "clears", "memory",
)  # fmt: skip
_WRITTEN: Final = (*keeping.KEPT, "problem", "value", "value_n", "value_start", "value_end", "is_active")
_SEEN: Final = ("value", "low", "high", "n", "period_start", "period_end", "worst", "facts", "feeds")


def check_due(now: datetime) -> int:
    """Check every rule whose time has come; how many were."""
    keeping.close_orphans(now)
    rules = _claim(now)
    if not rules:
        return 0
    found = readings.read(rules, now)
    for first in range(0, len(rules), _CHUNK):
        _store(rules[first : first + _CHUNK], found, now)
    return len(rules)


def _claim(now: datetime) -> list[AlertRule]:
    """Those that no other watch has in hand, the ones that wait longest first."""
    with transaction.atomic():
        due = AlertRule.objects.select_for_update(of=("self",), skip_locked=True)
        due = due.filter(is_active=True, next_check_at__lte=now).exclude(state=AlertRule.State.BROKEN)
        rules = list(due.select_related("goal").order_by("next_check_at", "pk")[:MOST_AT_ONCE])
        for kind in {rule.kind for rule in rules}:
            mine = [rule.pk for rule in rules if rule.kind == kind]
            AlertRule.objects.filter(pk__in=mine).update(next_check_at=now + EVERY[Kind(kind)])
    return rules


def _store(rules: Sequence[AlertRule], found: readings.Readings, now: datetime) -> None:
    """Rules, alarms and their history, all or none. Most rules stand as they stood, and are not written again."""
    with transaction.atomic():
        rows = AlertRule.objects.select_for_update(of=("self",)).in_bulk([rule.pk for rule in rules])
        unchanged = [rule for rule in rules if rule.pk in rows and _asked(rows[rule.pk]) == _asked(rule)]
        checked = [rule for rule in unchanged if rule.pk in found]
        alarms = keeping.open_alarms(checked)
        before = {rule.pk: _written(rule) for rule in checked}
        for rule in checked:
            _move(rule, alarms.get(rule.pk), found[rule.pk], now)
        _write(AlertRule.objects, [rule for rule in checked if before[rule.pk] != _written(rule)], _WRITTEN)
        _write(Alarm.objects, [alarm for alarm in alarms.values() if alarm.is_open], _SEEN)
        AlertRule.objects.filter(pk__in=[rule.pk for rule in checked]).update(checked_at=now)
        waiting = {rule.pk for rule in unchanged} - set(found)
        AlertRule.objects.filter(pk__in=waiting).update(next_check_at=now + _SOON)
        AlertRule.objects.filter(pk__in=set(rows) - {rule.pk for rule in unchanged}).update(next_check_at=now)


def _write(table: "Manager[Any]", rows: Sequence[Any], names: Sequence[str]) -> None:
    """As an upsert of rows that are there and locked, which is ten times faster than an update of many rows."""
    table.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=list(names))


def _written(rule: AlertRule) -> tuple[Any, ...]:
    return tuple(getattr(rule, name) for name in _WRITTEN)


def _asked(rule: AlertRule) -> tuple[Any, ...]:
    """What a check rests on."""
    return tuple(getattr(rule, name) for name in _ASKED)


def _move(rule: AlertRule, alarm: Alarm | None, found: list[Reading], now: datetime) -> None:
    memory = keeping.memory(rule)
    rule.problem = ""
    for reading in found:
        memory, alarm = _step(rule, alarm, memory, reading, now)
    if found:
        last = found[-1]
        rule.value, rule.value_n, rule.value_start, rule.value_end = last.value, last.n, last.start, last.end
        rule.problem = last.problem
    keeping.keep(rule, memory, now)


def _step(
    rule: AlertRule, alarm: Alarm | None, memory: Memory, reading: Reading, now: datetime
) -> tuple[Memory, Alarm | None]:
    if reading.is_gone:
        rule.is_active = False
        if alarm is not None:
            keeping.close(alarm, Alarm.End.GONE, now)
        return lifecycle.end(memory), None
    after = lifecycle.observe(memory, reading.verdict, key=reading.key, policy=keeping.policy(rule), now=now)
    if after.is_firing and not memory.is_firing:
        return after, _open(rule, reading, now)
    if alarm is not None and reading.verdict not in (Verdict.ERROR, Verdict.INCONCLUSIVE):
        _follow(alarm, reading)
        if not after.is_firing:
            alarm.save(update_fields=_SEEN)
            keeping.close(alarm, Alarm.End.RECOVERED, now)
            alarm = None
    return after, alarm


def _open(rule: AlertRule, reading: Reading, now: datetime) -> Alarm:
    alarm = Alarm(
        rule=rule,
        title=rule.name,
        kind=rule.kind,
        severity=rule.severity,
        limit=rule.fire_level,
        opened_at=now,
        **(_about_goal(rule.goal) if rule.goal is not None else _about_figure(rule)),
    )
    _follow(alarm, reading)
    alarm.save()
    AlarmEvent.objects.create(alarm=alarm, kind=AlarmEvent.Kind.OPENED, value=reading.value, at=now)
    return alarm


def _about_figure(rule: AlertRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in ("kpi", "dimension", "member", "clock", "grain", "side")}


def _about_goal(goal: Goal) -> dict[str, Any]:
    is_lower = goal.direction == Goal.Direction.LOWER
    found = {name: getattr(goal, name) for name in ("kpi", "dimension", "member", "clock", "grain")}
    return found | {"goal": goal, "side": str(Side.ABOVE if is_lower else Side.BELOW)}


def _follow(alarm: Alarm, reading: Reading) -> None:
    """How it stands by now. `facts` is about the last period past the limit, and stays when it gets better."""
    worst = judging.worse(alarm.worst, reading.value, _bad_side(alarm))
    if reading.verdict is Verdict.BREACH:
        start = reading.start.isoformat() if reading.start else ""
        alarm.facts = reading.facts | {"at_value": reading.value, "at_n": reading.n, "at_start": start}
        alarm.feeds = reading.feeds
    elif alarm.kind == Kind.GOAL:
        alarm.facts = alarm.facts | {"status_now": reading.facts["status"]}
    alarm.worst = worst
    alarm.value, alarm.low, alarm.high, alarm.n = reading.value, reading.low, reading.high, reading.n
    alarm.period_start, alarm.period_end = reading.start, reading.end


def _bad_side(alarm: Alarm) -> str:
    """Of failures and bad answers the most are the worst."""
    return str(Side.ABOVE) if alarm.kind in (Kind.IMPORT, Kind.ANSWER) else alarm.side
