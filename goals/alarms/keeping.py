"""Rules and alarms as rows, and the memory of lifecycle.py as it is kept with a rule."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from goals.alarms import lifecycle
from goals.alarms.lifecycle import Memory, Policy
from goals.models import Alarm, AlarmEvent, AlertRule

Kind = AlertRule.Kind
COOLDOWN: Final = {
    AlertRule.Severity.SERIOUS: timedelta(hours=24),
    AlertRule.Severity.WARNING: timedelta(days=7),
}
"""So long after an alarm was told of, another one of the same rule waits."""
SETTLE: Final = timedelta(minutes=30)
AT_ONCE: Final = frozenset({Kind.GOAL, Kind.IMPORT, Kind.ANSWER})
"""Not judged by periods: one check decides. A goal's status does not flicker, and the others are plain facts."""
KEPT: Final = ("memory", "state", "has_news", "snoozed_until")


def policy(rule: AlertRule) -> Policy:
    once = rule.kind in AT_ONCE
    return Policy(
        breaches=1 if once else rule.breaches,
        of=1 if once else rule.of,
        clears=1 if once else rule.clears,
        cooldown=COOLDOWN[AlertRule.Severity(rule.severity)],
        settle=SETTLE,
        renotify=timedelta(hours=rule.renotify_hours) if rule.renotify_hours else None,
    )


def memory(rule: AlertRule) -> Memory:
    return lifecycle.from_json(rule.memory)


def pauses_until(rule: AlertRule) -> datetime | None:
    """Until when another alarm of the rule waits, because people were told of one not long ago; None if never told."""
    told_at = memory(rule).alarmed_at
    return told_at + policy(rule).cooldown if told_at else None


def keep(rule: AlertRule, found: Memory, now: datetime) -> None:
    """Write the memory into the rule, in every form; nothing is saved."""
    rule.memory = lifecycle.to_json(found)
    rule.state = str(lifecycle.state(found, now))
    rule.has_news = found.has_news
    rule.snoozed_until = found.snoozed_until


def open_alarms(rules: Iterable[AlertRule]) -> dict[int, Alarm]:
    """The alarms that are not over, by rule."""
    mine = {rule.pk: rule for rule in rules}
    found = {}
    for alarm in Alarm.objects.filter(rule__in=list(mine), ended_at__isnull=True).select_related("goal"):
        alarm.rule = mine[alarm.rule_id or 0]
        found[alarm.rule.pk] = alarm
    return found


def close(alarm: Alarm, because: str, now: datetime) -> None:
    """It is over; whoever was told hears so where it has recovered."""
    alarm.ended_at, alarm.ended_because, alarm.next_step_at = now, because, None
    alarm.save(update_fields=["ended_at", "ended_because", "next_step_at"])
    AlarmEvent.objects.create(alarm=alarm, kind=AlarmEvent.Kind.ENDED, text=because, value=alarm.value, at=now)


@transaction.atomic
def restart(rule: AlertRule, because: str, now: datetime) -> None:
    """What a rule watches was changed, or it was switched off or on: its alarm is over, and it begins anew."""
    for alarm in open_alarms([rule]).values():
        close(alarm, because, now)
    keep(rule, lifecycle.end(lifecycle.reset(memory(rule))), now)
    rule.problem, rule.next_check_at = "", now
    rule.value, rule.value_n, rule.value_start, rule.value_end = None, 0, None, None
    rule.save(update_fields=[*KEPT, "problem", "next_check_at", "value", "value_n", "value_start", "value_end"])


def close_orphans(now: datetime) -> int:
    """Alarms whose rule was deleted or switched off are over; how many were."""
    lost = Alarm.objects.filter(ended_at__isnull=True).filter(Q(rule__isnull=True) | Q(rule__is_active=False))
    count = 0
    for alarm in lost.select_related("rule"):
        if alarm.rule is None:
            close(alarm, Alarm.End.GONE, now)
        else:
            restart(alarm.rule, Alarm.End.OFF, now)
        count += 1
    return count
