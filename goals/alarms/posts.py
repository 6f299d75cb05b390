"""The messages about alarms to other systems, one for each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from goals.alarms import words
from goals.alarms.mails import Item, Kind
from kpiproject import webhooks
from kpiproject.models import WebhookTarget

_ON_WEBHOOKS: Final = frozenset({Kind.FIRE, Kind.REMIND, Kind.RECOVER, Kind.ERROR, Kind.BROKEN})


def post(target: WebhookTarget, items: Sequence[Item], now: datetime) -> None:
    """A message for each, in the language of the organisation."""
    with translation.override(settings.LANGUAGE_CODE):
        for item in items:
            if item.kind in _ON_WEBHOOKS:
                webhooks.put(target, key=f"{item.key}:{target.pk}", text=_line(item), data=_data(item, now))


def _line(item: Item) -> str:
    alarm = item.alarm
    if alarm is None:
        return f"{item.rule.name}: {item.kind.label}. {words.problem(item.rule)}"
    text = words.over(alarm) if item.kind == Kind.RECOVER else words.what(alarm)
    return " ".join(part for part in (f"{alarm.title}: {item.kind.label}.", text, words.url(alarm)) if part)


def _data(item: Item, now: datetime) -> dict[str, Any]:
    """For machines: nothing about customers, and no link that acts."""
    alarm = item.alarm
    found: dict[str, Any] = {
        "event": str(item.kind),
        "at": now.isoformat(),
        "rule": {"id": item.rule.pk, "name": item.rule.name, "kind": item.rule.kind, "severity": item.rule.severity},
    }
    if alarm is not None:
        found["alarm"] = {
            "id": alarm.pk,
            "opened_at": alarm.opened_at.isoformat(),
            "ended_at": alarm.ended_at.isoformat() if alarm.ended_at else None,
            "kpi": alarm.kpi or None,
            "value": alarm.value,
            "n": alarm.n,
            "worst": alarm.worst,
            "limit": alarm.limit,
            "period_start": alarm.period_start.isoformat() if alarm.period_start else None,
            "period_end": alarm.period_end.isoformat() if alarm.period_end else None,
        }
    return found
