"""What is read of alarms and their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.models import Alarm, AlarmEvent, AlarmNotice, AlertRule

State = AlertRule.State
OPEN, PENDING, SNOOZED, TROUBLE, QUIET, HISTORY = "open", "pending", "snoozed", "trouble", "quiet", "history"
SHELVES: Final[Mapping[str, Promise]] = {
    OPEN: _("now"),
    PENDING: _("pending"),
    SNOOZED: _("snoozed"),
    TROUBLE: _("cannot be checked"),
    QUIET: _("quiet"),
    HISTORY: _("history"),
}
_IN_TROUBLE: Final = ~Q(problem="")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list of alarms is narrowed to; empty means everything."""

    severity: str = ""
    kind: str = ""
    owner: int | None = None


def alarms(wanted: Wanted) -> "QuerySet[Alarm]":
    """With their rules, the last ones first."""
    rows = Alarm.objects.select_related("rule__owner", "goal", "acknowledged_by", "acknowledged_outside")
    if wanted.severity:
        rows = rows.filter(severity=wanted.severity)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return rows.filter(rule__owner=wanted.owner) if wanted.owner else rows


def open_alarms(wanted: Wanted) -> "QuerySet[Alarm]":
    """Those that are not over, serious ones first, and of those the last ones."""
    return alarms(wanted).filter(ended_at__isnull=True).order_by("severity", "-opened_at", "-pk")


def ended_alarms(wanted: Wanted) -> "QuerySet[Alarm]":
    return alarms(wanted).filter(ended_at__isnull=False).order_by("-ended_at", "-pk")


def rules(shelf: str, wanted: Wanted) -> "QuerySet[AlertRule]":
    """Active rules without an alarm that is shown elsewhere."""
    rows = AlertRule.objects.filter(is_active=True).select_related("owner", "goal").filter(_shelf(shelf))
    if wanted.severity:
        rows = rows.filter(severity=wanted.severity)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.owner:
        rows = rows.filter(owner=wanted.owner)
    return rows.order_by("name", "pk")


def counts() -> dict[str, int]:
    """How much lies on every shelf, in two queries."""
    numbered = {shelf: Count("pk", filter=_shelf(shelf)) for shelf in (PENDING, SNOOZED, TROUBLE, QUIET)}
    found: dict[str, int] = AlertRule.objects.filter(is_active=True).aggregate(**numbered)
    ended = Count("pk", filter=Q(ended_at__isnull=False))
    return found | Alarm.objects.aggregate(**{OPEN: Count("pk", filter=Q(ended_at__isnull=True)), HISTORY: ended})


def _shelf(shelf: str) -> Q:
    if shelf == TROUBLE:
        return _IN_TROUBLE
    states = {PENDING: [State.PENDING], SNOOZED: [State.SNOOZED], QUIET: [State.QUIET]}
    return Q(state__in=states[shelf])


def events(alarm: Alarm) -> "QuerySet[AlarmEvent]":
    return alarm.events.select_related("by", "by_outside").order_by("at", "pk")


def notices(alarm: Alarm) -> "QuerySet[AlarmNotice]":
    """Who was told, with what became of the mail."""
    rows = alarm.notices.select_related("recipient", "stakeholder", "mail").defer(
        "mail__text", "mail__html", "mail__headers"
    )
    return rows.order_by("at", "pk")
