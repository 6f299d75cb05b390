"""What people do about alarms: work on one, leave it alone for a while, mend its rule."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.alarms import keeping, lifecycle
from goals.alarms.lifecycle import Memory
from goals.alarms.readers import Reader, is_outsider
from goals.models import Alarm, AlarmEvent, AlertRule
from kpiproject.models import User

SPANS: Final = {
    "4h": (gettext_lazy("4 hours"), timedelta(hours=4)),
    "1d": (gettext_lazy("1 day"), timedelta(days=1)),
    "3d": (gettext_lazy("3 days"), timedelta(days=3)),
    "1w": (gettext_lazy("1 week"), timedelta(weeks=1)),
    "4w": (gettext_lazy("4 weeks"), timedelta(weeks=4)),
}
"""How long somebody may work on an alarm, or have it quiet, before people are told again."""


class NotPossibleError(Exception):
    """What somebody wanted makes no sense any more; with one sentence for them."""


@transaction.atomic
def acknowledge(alarm_id: int, by: Reader, *, until: datetime, now: datetime, text: str = "") -> Alarm:
    """Somebody works on it: until then nobody else is told, and what is measured goes on. Raises NotPossibleError."""
    rule, alarm = _locked(alarm_id)
    _change(rule, lambda memory: lifecycle.acknowledge(memory, until), now)
    person, outsider = (None, by) if is_outsider(by) else (by, None)
    alarm.acknowledged_by, alarm.acknowledged_outside, alarm.acknowledged_until = person, outsider, until
    alarm.save(update_fields=["acknowledged_by", "acknowledged_outside", "acknowledged_until"])
    AlarmEvent.objects.create(
        alarm=alarm,
        kind=AlarmEvent.Kind.ACKNOWLEDGED,
        by=person,
        by_outside=outsider,
        until=until,
        text=text[:500],
        value=alarm.value,
        at=now,
    )
    return alarm


@transaction.atomic
def snooze(rule_id: int, by: User | None, *, until: datetime | None, now: datetime) -> AlertRule:
    """Nobody is told anything of a rule until then, but of its own failures; None ends it. What fires goes on."""
    rule = AlertRule.objects.select_for_update().get(pk=rule_id)
    _change(rule, lambda memory: lifecycle.snooze(memory, until), now)
    kind = AlarmEvent.Kind.SNOOZED if until else AlarmEvent.Kind.WOKEN
    for alarm in keeping.open_alarms([rule]).values():
        AlarmEvent.objects.create(alarm=alarm, kind=kind, by=by, until=until, value=alarm.value, at=now)
    return rule


@transaction.atomic
def reset(rule_id: int, now: datetime) -> AlertRule:
    """Somebody has mended what made a rule fail: it is checked again at once."""
    rule = AlertRule.objects.select_for_update().get(pk=rule_id)
    _change(rule, lifecycle.reset, now)
    rule.problem, rule.next_check_at = "", now
    rule.save(update_fields=["problem", "next_check_at"])
    return rule


def _locked(alarm_id: int) -> tuple[AlertRule, Alarm]:
    """The rule first, as everybody else does."""
    found = Alarm.objects.filter(pk=alarm_id).values_list("rule_id", flat=True).first()
    rule = AlertRule.objects.select_for_update().filter(pk=found).first() if found else None
    alarm = Alarm.objects.get(pk=alarm_id)
    if rule is None or not alarm.is_open:
        raise NotPossibleError(_("This alarm is over already; there is nothing left to acknowledge."))
    return rule, alarm


def _change(rule: AlertRule, change: Callable[[Memory], Memory], now: datetime) -> None:
    keeping.keep(rule, change(keeping.memory(rule)), now)
    rule.save(update_fields=keeping.KEPT)
