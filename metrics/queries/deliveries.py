"""How fresh each source is: when it was imported last, and how old the newest fact is that it has brought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from metrics.frames import told_events, turns
from metrics.models import AgentTime, CostEntry, ImportRun, Message, Order, ServiceRecord, Ticket

_PATIENCE: Final = 3
_LEAST_DAYS: Final = 2.0
_LEAST_DAYS_OF_FACTS: Final = 7.0
_DAYS_OF_UNKNOWN: Final = 14.0
"""So long nothing need come from a source of which nobody knows yet how often it is imported."""

_LOOKED_AT: Final = 200
_Kind = ImportRun.Kind


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """What one source has brought last of one kind. `newest` is when the newest fact happened, None where facts of the
    kind have no instant; `usual_days` is how long it usually takes between two imports."""

    source: str
    kind: str
    imported_at: datetime
    newest: datetime | None
    usual_days: float | None
    is_late: bool

    @property
    def name(self) -> str:
        return str(_Kind(self.kind).label)

    @property
    def since(self) -> datetime:
        """Nothing is known of what came later."""
        return min(self.imported_at, self.newest or self.imported_at)


def sources(now: datetime) -> list[SourceState]:
    """Every source and kind that was imported, the one that is silent for longest first."""
    runs = ImportRun.objects.filter(state=ImportRun.State.DONE, is_dry_run=False, finished_at__isnull=False)
    times: dict[tuple[str, str], list[datetime]] = {}
    for source, kind, at in runs.order_by("finished_at").values_list("source", "kind", "finished_at"):
        if at is not None:
            times.setdefault((source, kind), []).append(at)
    found = [_state(source, kind, imported, now) for (source, kind), imported in times.items()]
    return sorted(found, key=lambda one: one.imported_at)


def _state(source: str, kind: str, imported: list[datetime], now: datetime) -> SourceState:
    usual = _usual_days(imported)
    facts = _FACTS.get(kind) or _LASTS.get(kind)
    instants = facts(source, now) if facts else []
    newest = instants[0] if instants else None
    is_late = _age(imported[-1], now) > _patience(usual, kind)
    if newest is not None:
        # Facts may be rarer than imports, and an import brings what happened since the one before.
        others = [_PATIENCE * days for days in (usual, _usual_days(instants)) if days is not None]
        is_late |= _age(newest, now) > max(_DAYS_OF_UNKNOWN if usual is None else _LEAST_DAYS_OF_FACTS, *others, 0.0)
    return SourceState(
        source=source, kind=kind, imported_at=imported[-1], newest=newest, usual_days=usual, is_late=is_late
    )


def _patience(usual: float | None, kind: str) -> float:
    """For how many days no import need come: three times as long as usual. What does not happen day by day, such as
    customers, may be imported once for all."""
    if usual is not None:
        return max(_LEAST_DAYS, _PATIENCE * usual)
    return _DAYS_OF_UNKNOWN if kind in _FACTS else float("inf")


def _usual_days(instants: list[datetime]) -> float | None:
    """Between two days with anything; None where too little is known."""
    days = sorted({at.date() for at in instants})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return median(gaps) if len(gaps) > 1 else None


def _age(at: datetime, now: datetime) -> float:
    return (now - at) / timedelta(days=1)


def _newest(rows: "QuerySet[Any, Any]", at: str, now: datetime) -> list[datetime]:
    """The newest first. Times still to come are wrong, and would hide that nothing comes any more."""
    found = rows.filter(**{f"{at}__lte": now}).order_by(f"-{at}").values_list(at, flat=True)
    return list(found[:_LOOKED_AT])


def _of_tickets(source: str) -> Exists:
    """Asked of one row after the other, in the order of time, until there are enough; a join would sort them all."""
    return Exists(Ticket.objects.filter(pk=OuterRef("ticket"), source=source))


def _newest_events(source: str, now: datetime) -> list[datetime]:
    """Of those that an index by time knows."""
    found = [_newest(rows.filter(_of_tickets(source)), "at", now) for rows in (turns(), told_events())]
    return sorted((at for some in found for at in some), reverse=True)[:_LOOKED_AT]


def _costs(source: str, now: datetime) -> list[datetime]:
    """Up to when costs are known. Those that are still in force are as new as can be."""
    ends = CostEntry.objects.filter(source=source).order_by("-valid_to").values_list("valid_to", flat=True)
    return [min(datetime.combine(day, time.min, tzinfo=UTC), now) for day in ends[:_LOOKED_AT]]


_FACTS: Final[Mapping[str, Callable[[str, datetime], list[datetime]]]] = {
    _Kind.TICKETS: lambda source, now: _newest(Ticket.objects.filter(source=source, is_stub=False), "created_at", now),
    _Kind.TICKET_EVENTS: _newest_events,
    _Kind.MESSAGES: lambda source, now: _newest(Message.objects.filter(_of_tickets(source)), "at", now),
    _Kind.ORDERS: lambda source, now: _newest(Order.objects.filter(source=source), "placed_at", now),
    _Kind.AGENT_TIME: lambda source, now: _newest(AgentTime.objects.filter(source=source), "starts_at", now),
    _Kind.SERVICE_RECORDS: lambda source, now: _newest(ServiceRecord.objects.filter(source=source), "started_at", now),
}
"""The instants of what happens day by day."""

_LASTS: Final[Mapping[str, Callable[[str, datetime], list[datetime]]]] = {_Kind.COSTS: _costs}
"""Up to when what lasts is known, however seldom it is imported."""
