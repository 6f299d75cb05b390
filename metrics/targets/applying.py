"""Due times, targets and their versions on tickets.

They follow from the facts and from what was decided, not from when they are computed: a ticket has the version that was
in force when it came in, and the tier that its customer had when its clock stopped, however often and in whatever order
it is imported. So what is closed stays as it was, and only open clocks follow a change.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from kpiproject.lib.periods import MISSING, instant
from metrics import dirty, frames
from metrics.frames import Context
from metrics.frames.promises import DUE
from metrics.kpi import Frame
from metrics.models import Among, Ticket
from metrics.targets import fitting
from metrics.targets.fitting import NONE, Applied, Tickets
from metrics.targets.versions import Version, versions

_BATCH: Final = 2000
_OPEN: Final = Q(solved_at__isnull=True, closed_at__isnull=True)
_APPLIED: Final = Q(
    *[(f"{column}__isnull", False) for column in (*DUE.values(), *(f"{m}_target" for m in DUE))], _connector=Q.OR
)

Promises = Mapping[str, Sequence[Version]]


def apply(ticket_ids: Sequence[int]) -> None:
    """Compute what is due when of these tickets anew, and mark the days on which they were and are due."""
    if ticket_ids:
        _apply(Q(Among("pk", ticket_ids)), versions(), frames.context())


def apply_all() -> None:
    """The same for every ticket, in short transactions: targets, a calendar or the statuses that pause have changed."""
    promises, context = versions(), frames.context()
    last = 0
    while ids := list(Ticket.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            _apply(Q(pk__gt=last, pk__lte=ids[-1]), promises, context)
        last = ids[-1]


def moved() -> int:
    """How many open tickets have other due times than those that are stored, by what is decided now."""
    promises, context = versions(), frames.context()
    which = _OPEN if any(promises.values()) else _OPEN & _APPLIED
    frame = frames.promised(which)
    tickets = Tickets(frame, which, context)
    differs = np.zeros(len(frame), dtype=np.bool_)
    for metric, due in DUE.items():
        after = fitting.applied(tickets, metric, promises[metric]).due
        still_runs = tickets.responded == MISSING if metric == "first_response" else True
        differs |= (tickets.instants(due) != after) & still_runs
    return int(differs.sum())


def _apply(which: Q, promises: Promises, context: Context) -> None:
    if not any(promises.values()):
        which &= _APPLIED
    frame = frames.promised(which)
    if frame.empty:
        return
    tickets = Tickets(frame, which, context)
    for metric in DUE:
        _write(frame, metric, fitting.applied(tickets, metric, promises[metric]))


def _write(frame: Frame, metric: str, after: Applied) -> None:
    """Store what has changed."""
    before = frame[DUE[metric]].to_numpy(dtype=np.int64)
    is_other = (before != after.due) | (frame[f"{metric}_target"] != after.target).to_numpy()
    is_other |= (frame[f"{metric}_version"] != after.version).to_numpy()
    is_other |= frame[f"{metric}_tier"].to_numpy(dtype=object) != after.tier
    changed = np.flatnonzero(is_other)
    if not len(changed):
        return
    columns = (DUE[metric], f"{metric}_target_id", f"{metric}_version", f"{metric}_tier")
    sql = f"UPDATE metrics_ticket SET {', '.join(f'{name} = %s' for name in columns)} WHERE id = %s"  # noqa: S608 (our own names)
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(_rows(frame, after, changed)))
    dirty.mark_instants(dirty.TICKETS, np.concatenate([before[changed], after.due[changed]]))


def _rows(frame: Frame, after: Applied, changed: "np.typing.NDArray[np.intp]") -> Any:
    columns = [column[changed].tolist() for column in (after.due, after.target, after.version, after.tier)]
    ids = frame["id"].to_numpy()[changed].tolist()
    for due, target, version, tier, pk in zip(*columns, ids, strict=True):
        if target == NONE:
            yield None, None, None, None, pk
        else:
            yield _stored(due), target, version, tier, pk


def _stored(due: int) -> str | datetime | None:
    return None if due == MISSING else connection.ops.adapt_datetimefield_value(instant(due))
