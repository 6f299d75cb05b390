"""Rules that have fired on a Monday, and of which nobody was told yet."""

from datetime import UTC, datetime
from typing import Any

from goals.alarms import keeping, lifecycle
from goals.models import Alarm, AlarmNotice, AlertRule
from kpiproject.models import User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday


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
