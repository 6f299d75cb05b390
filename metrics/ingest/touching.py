"""What must happen around every change of rows that count by themselves, in its transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final

from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from metrics import dirty
from metrics.frames import tickets_of_work
from metrics.frames.tables import TABLES
from metrics.models import AgentTime, CostEntry, Customer, Order, ServiceRecord, Subscription

FRAMES: Final[Mapping[type, str]] = {
    Customer: dirty.CUSTOMERS,
    Subscription: dirty.SUBSCRIPTIONS,
    Order: dirty.ORDERS,
    ServiceRecord: dirty.RECORDS,
    AgentTime: dirty.WORK,
    CostEntry: dirty.COSTS,
}
"""The frame that each table becomes."""

_AT_ONCE: Final = 1_000


@contextmanager
def touched(frame: str, ids: Sequence[int]) -> Iterator[list[int]]:
    """Around a change of these rows: days on which they counted before and count afterwards are computed again. Rows
    that come into being in between are added to the list."""
    mark(frame, ids)
    changed = list(ids)
    yield changed
    mark(frame, changed)


def mark(frame: str, ids: Sequence[int]) -> None:
    """Mark every local day on which these rows count, as they are stored now."""
    if not ids:
        return
    # A row without any date can change a figure, too.
    dirty.raise_version(frame)
    for first in range(0, len(ids), _AT_ONCE):
        chunk = ids[first : first + _AT_ONCE]
        if frame == dirty.WORK:
            dirty.mark(frame, _days_of_work(chunk))
            # What was done for a ticket is counted when the ticket is.
            dirty.mark_tickets(tickets_of_work(chunk))
        else:
            _mark(frame, chunk)


def _mark(frame: str, ids: Sequence[int]) -> None:
    table = TABLES[frame]
    rows = table.rows.filter(pk__in=ids)
    if columns := list(table.instants.values()):
        instants: list[datetime | None] = [at for row in rows.values_list(*columns) for at in row]
        dirty.mark_instants(frame, instants)
    if columns := list(table.days.values()):
        days: set[date | None] = {day for row in rows.values_list(*columns) for day in row}
        dirty.mark(frame, days - {None})  # type: ignore[arg-type]  # what is left are dates


def _days_of_work(ids: Sequence[int]) -> set[date]:
    """Every local day of which the stretch has a moment."""
    zone = organisation().time_zone
    found: set[date] = set()
    for starts, ends in AgentTime.objects.filter(pk__in=ids).values_list("starts_at", "ends_at"):
        day, last = local_day(starts, zone), local_day(ends, zone)
        while day <= last:
            found.add(day)
            day += timedelta(days=1)
    return found
