"""Frame "cases": enquiries about availability, shipping issues and account issues, whoever keeps track of them.

Where there are service records of a kind, they are the cases of that kind; else the tickets in a category of that
name are. The two are never mixed, because one matter is often both.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Final

import numpy as np
import pandas as pd
from django.db.models import Q, QuerySet

from kpiproject.lib.periods import MISSING
from metrics.frames import tables, tickets
from metrics.frames.columns import between, words
from metrics.frames.context import Context, Span
from metrics.frames.trails import Log
from metrics.kpi import UNKNOWN, Frame
from metrics.models import ServiceRecord, Ticket

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "availability_enquiry": ("availab", "in stock", "out of stock"),
    "shipping_issue": ("shipping", "shipment", "delivery"),
    "account_issue": ("account",),
}
"""The kinds there are, and what the name of a ticket's category has in it that is of the kind."""

_INSTANTS: Final = ("started_at", "finished_at", "due_at")
_COLUMNS: Final = ("id", "source", "external_id", "excluded_because", "channel", "tier", "created_at")


def cases(span: Span, context: Context, touching: Q) -> Frame:
    """The cases of all kinds that were opened, done or due in the span; `touching` are the tickets of the span."""
    return pd.concat([_of_kind(kind, span, context, touching) for kind in KINDS], ignore_index=True).pipe(_as_words)


def case_rows() -> "tuple[QuerySet[ServiceRecord], QuerySet[Ticket]]":
    """The records and the tickets that are cases of any kind, whenever they were."""
    records = ServiceRecord.objects.filter(kind__in=KINDS)
    kept = set(records.order_by().values_list("kind", flat=True).distinct())
    named = reduce(or_, (_is_named(kind) for kind in KINDS if kind not in kept), Q(pk__in=[]))
    return records, tickets.counted().filter(named)


def _is_named(kind: str) -> Q:
    return reduce(or_, (Q(category__icontains=word) for word in KINDS[kind]))


def _of_kind(kind: str, span: Span, context: Context, touching: Q) -> Frame:
    if ServiceRecord.objects.filter(kind=kind).exists():
        return _from_records(kind, span, context)
    stored = tickets.stored(touching & _is_named(kind))
    nowhere = Span(span.start, span.start)
    return _from_tickets(kind, tickets.tickets(stored, Log(stored), context, nowhere))


def _from_records(kind: str, span: Span, context: Context) -> Frame:
    which = reduce(or_, (between(name, *span) for name in _INSTANTS))
    frame = tables.read("records", context, Q(kind=kind) & which)
    started, done, due = (frame[name].to_numpy(dtype=np.int64) for name in _INSTANTS)
    found = frame.rename(columns={"started_at": "created_at"})[[*_COLUMNS]]
    found = found.assign(kind=kind, is_record=True, done_at=done, due_at=due, has_solve=True)
    found["is_met"] = np.where(done == MISSING, UNKNOWN, done <= due)
    found["is_overdue"] = (due != MISSING) & (done == MISSING) & (due < context.now_seconds)
    for clock, hours in context.clocks.items():
        found[f"resolution_{clock}_seconds"] = hours.seconds_between(started, done)
    return found


def _from_tickets(kind: str, frame: Frame) -> Frame:
    durations = [name for name in frame if str(name).startswith("resolution_")]
    found = frame[[*_COLUMNS, "done_at", "is_overdue", *durations]]
    due, done = (frame[name].to_numpy(dtype=np.int64) for name in ("target_due_at", "done_at"))
    is_met = np.where(due != MISSING, (done != MISSING) & (done <= due), frame["sla_met"] == 1)
    return found.assign(
        kind=kind,
        is_record=False,
        due_at=frame["target_at"],
        has_solve=(frame["solved_at"] != MISSING).to_numpy(),
        is_met=np.where(done == MISSING, UNKNOWN, is_met),
    )


def _as_words(frame: Frame) -> Frame:
    names = ("source", "excluded_because", "channel", "tier", "kind")
    return frame.assign(**{name: words(frame[name].astype(object).tolist()) for name in names})
