"""When a ticket is due under our own service targets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from kpiproject.lib.periods import MISSING, Seconds, instant
from metrics import dirty, frames
from metrics.frames import Context
from metrics.kpi import CALENDAR, Frame
from metrics.models import ServiceTarget, Ticket

_BATCH: Final = 2000
_UPDATE: Final = "UPDATE metrics_ticket SET target_due_at = %s WHERE id = %s"


def apply(ticket_ids: Sequence[int]) -> None:
    """Compute `Ticket.target_due_at` of these tickets anew, and mark the days on which they were and are due."""
    if ticket_ids:
        _apply(Q(pk__in=ticket_ids), list(counting()), frames.context())


def apply_all() -> None:
    """The same for every ticket, in short transactions: targets, a calendar or the statuses that pause have changed."""
    promises, context = list(counting()), frames.context()
    last = 0
    while ids := list(Ticket.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            _apply(Q(pk__gt=last, pk__lte=ids[-1]), promises, context)
        last = ids[-1]


def counting() -> "QuerySet[ServiceTarget]":
    """The targets that a figure rests on."""
    return ServiceTarget.objects.filter(metric=ServiceTarget.Metric.RESOLUTION, is_active=True)


def _apply(which: Q, promises: list[ServiceTarget], context: Context) -> None:
    if not promises:
        which &= Q(target_due_at__isnull=False)
    frame = frames.promised(which)
    before = frame["target_due_at"].to_numpy(dtype=np.int64)
    after = _due(frame, which, promises, context)
    changed = np.flatnonzero(before != after)
    if not len(changed):
        return
    ids = frame["id"].to_numpy()[changed].tolist()
    with connection.cursor() as cursor:
        cursor.executemany(_UPDATE, [(_stored(due), pk) for due, pk in zip(after[changed].tolist(), ids, strict=True)])
    dirty.mark_instants(dirty.TICKETS, np.concatenate([before[changed], after[changed]]))


def _due(frame: Frame, which: Q, promises: list[ServiceTarget], context: Context) -> Seconds:
    """The due time under the first promise that fits; MISSING where none does, and while the clock stands still."""
    created = frame["created_at"].to_numpy(dtype=np.int64)
    due = np.full(len(frame), MISSING, dtype=np.int64)
    if not promises or frame.empty:
        return due
    stops = frames.ticket_pauses(frame, which, context)
    is_free = np.ones(len(frame), dtype=np.bool_)
    for promise in promises:
        fits = is_free & _fits(frame, promise)
        # Without a business calendar, business time is calendar time.
        hours = context.clocks.get(promise.clock, context.clocks[CALENDAR])
        starts = np.where(fits, created, MISSING)
        due = np.where(fits, hours.due_at(starts, np.full(len(frame), promise.seconds, dtype=np.int64), stops), due)
        is_free &= ~fits
    return due


def _fits(frame: Frame, promise: ServiceTarget) -> npt.NDArray[np.bool_]:
    fits = np.ones(len(frame), dtype=np.bool_)
    for dimension in ("channel", "priority", "tier"):
        if wanted := getattr(promise, dimension):
            fits &= (frame[dimension] == wanted).to_numpy()
    return fits


def _stored(due: int) -> str | datetime | None:
    return None if due == MISSING else connection.ops.adapt_datetimefield_value(instant(due))
