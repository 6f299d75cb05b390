"""Where the facts behind a KPI came from, and how fresh they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Max

from kpiproject.lib.periods import local_day
from metrics import frames
from metrics.kpi import Kpi
from metrics.models import ImportRun, Rollup
from metrics.queries.recency import counted_in

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "tickets": ("tickets", "ticket_events", "messages"),
    "spells": ("tickets", "ticket_events"),
    "answers": ("survey_responses", "tickets"),
    "invitations": ("survey_responses",),
    "follow_ups": ("survey_responses",),
    "recoveries": ("survey_responses",),
    "customers": ("customers",),
    "subscriptions": ("subscriptions", "customers"),
    "orders": ("orders", "customers"),
    "records": ("service_records",),
    "employees": ("survey_responses",),
    "work": ("agent_time",),
    "shifts": ("agent_time",),
    "costs": ("costs",),
    "spending": ("costs",),
    "calls": ("tickets", "ticket_events"),
    "waits": ("tickets", "ticket_events", "messages"),
    "paths": ("tickets", "ticket_events", "messages"),
    "demand": ("tickets",),
    "bots": ("tickets", "ticket_events", "messages"),
    "cases": ("tickets", "service_records"),
    "messages": ("messages", "tickets"),
    "ticket_events": ("ticket_events", "tickets"),
}
"""What can be imported that makes the rows of a frame."""

ASKED_HERE: Final = frozenset({"answers", "employees", "invitations", "follow_ups", "recoveries"})
"""Frames with what this installation's own surveys bring."""


@dataclass(frozen=True, kw_only=True)
class Import:
    """The newest import of a source that brought facts of a KPI."""

    source: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Supply:
    """`last_day` is the newest day with a fact, not in the future; None without facts."""

    imports: list[Import]
    is_asked_here: bool
    last_day: date | None


def supply(kpi: Kpi, zone: str, today: date) -> Supply:
    kinds = sorted({kind for frame in kpi.frames for kind in KINDS.get(frame, ())})
    runs = ImportRun.objects.filter(kind__in=kinds, state=ImportRun.State.DONE, is_dry_run=False)
    found = runs.values_list("source").annotate(Max("finished_at")).order_by("source")
    return Supply(
        imports=[Import(source=source, at=at) for source, at in found if at is not None],
        is_asked_here=bool(ASKED_HERE & set(kpi.frames)),
        last_day=_last_day(kpi, zone, today),
    )


def _last_day(kpi: Kpi, zone: str, today: date) -> date | None:
    if kpi.adds_up:
        rows = Rollup.objects.filter(kpi=kpi.code, dimension="", day__lte=today)
        last: date | None = rows.aggregate(last=Max("day"))["last"]
        return last
    ends = [reach[1] for reach in map(frames.extent, counted_in(kpi)) if reach is not None]
    return local_day(max(ends), zone) if ends else None
