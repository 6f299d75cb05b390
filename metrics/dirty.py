"""Local days whose figures must be computed again.

Whoever changes a fact marks, in the same transaction, the days on which it counted before and those on which it counts
now. `mark_tickets` knows every day on which a ticket counts; call it before and after a change.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from kpiproject.lib.periods import MISSING, MISSING_DAY, Seconds, day_of, epoch, local_days
from kpiproject.queries import organisation
from metrics import frames
from metrics.models import CustomKpi
from surveys import answers, queries

TICKETS: Final = "tickets"
ANSWERS: Final = "answers"
INVITATIONS: Final = "invitations"
FOLLOW_UPS: Final = "follow_ups"
RECOVERIES: Final = "recoveries"
CUSTOMERS: Final = "customers"
SUBSCRIPTIONS: Final = "subscriptions"
ORDERS: Final = "orders"
RECORDS: Final = "records"
WORK: Final = "work"
COSTS: Final = "costs"
MESSAGES: Final = "messages"
TICKET_EVENTS: Final = "ticket_events"
OF_TICKETS: Final = (MESSAGES, TICKET_EVENTS)
"""What belongs to tickets is only counted by KPIs of our own; without any, nothing is marked for it."""
_OF_CUSTOMERS: Final = (CUSTOMERS, SUBSCRIPTIONS, ORDERS, RECORDS, WORK, COSTS)
FRAMES: Final = (TICKETS, ANSWERS, INVITATIONS, FOLLOW_UPS, RECOVERIES, *_OF_CUSTOMERS, *OF_TICKETS)
_OF_SURVEYS: Final = (INVITATIONS, FOLLOW_UPS, RECOVERIES)

_ROWS_PER_STATEMENT = 300
_CHANGES_AT_ONCE = 1000
_LOCK = 0x706C756D62  # "plumb"; any number will do that no other program uses in this database
# A mark makes a day free for any worker again: whoever has it in hand works on facts that are no longer true.
_UPSERT = (
    "INSERT INTO metrics_dirtyday (frame, day, generation) VALUES {rows} ON CONFLICT (frame, day) "
    "DO UPDATE SET generation = metrics_dirtyday.generation + 1, claimed_until = NULL"
)

_RAISE = (
    "INSERT INTO metrics_frameversion (frame, version) VALUES (%s, 1) "
    "ON CONFLICT (frame) DO UPDATE SET version = metrics_frameversion.version + 1"
)


def mark(frame: str, days: Iterable[date | int]) -> None:
    """Mark local days, given as dates or as days since 1970-01-01. Marking a day twice is harmless."""
    if frame not in FRAMES:
        msg = f"{frame!r} is not a frame that days are marked for; those are {', '.join(FRAMES)}."
        raise ValueError(msg)
    dates = sorted({day if isinstance(day, date) else day_of(day) for day in days})
    if dates:
        take_turns()
        raise_version(frame)
    for first in range(0, len(dates), _ROWS_PER_STATEMENT):
        chunk = dates[first : first + _ROWS_PER_STATEMENT]
        values = [value for day in chunk for value in (frame, connection.ops.adapt_datefield_value(day))]
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT.format(rows=", ".join(["(%s, %s, 1)"] * len(chunk))), values)


def raise_version(frame: str) -> None:
    """Facts of a frame have changed, so that what was kept of its figures is stale; also where no day is to be marked,
    because a fact without a date can change a figure, too."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [frame])


def mark_instants(frame: str, instants: Iterable[datetime | None] | Seconds) -> None:
    """Mark the local days of instants, given as aware datetimes or as an array of epoch seconds; missing ones do
    not count."""
    if not isinstance(instants, np.ndarray):
        instants = np.array([MISSING if at is None else epoch(at) for at in instants], dtype=np.int64)
    mark(frame, _days(instants))


def mark_tickets(ids: Sequence[int]) -> None:
    """Mark every day on which these tickets and what belongs to them count, as they are stored now, and those of
    tickets that they may turn into contacts without a first-contact resolution."""
    if ids:
        mark_instants(TICKETS, frames.ticket_instants(ids))
        mark_instants(ANSWERS, frames.satisfaction_instants(ids))
        # Asked after the lock of the marks above: whoever defines one later marks after this change.
        own = CustomKpi.objects.filter(is_active=True, frame__in=OF_TICKETS).order_by()
        for frame in own.values_list("frame", flat=True).distinct():
            mark_instants(frame, frames.belonging_instants(frame, ids))


def take_over_survey_changes() -> bool:
    """Mark the days of what surveys noted as changed, and delete their notes in the same transactions. Whether there
    were any. An answer also changes what counted for the same ticket before: older answers, its own score."""
    found = False
    while changes := queries.fact_changes(_CHANGES_AT_ONCE):
        found = True
        with transaction.atomic():
            instants = [at for _, at in changes]
            tickets = queries.tickets_at(instants)
            for frame in _OF_SURVEYS:
                mark_instants(frame, instants)
            mark_instants(ANSWERS, [*instants, *queries.instants_about(tickets)])
            mark_instants(ANSWERS, frames.satisfaction_instants(frames.ids_of(tickets)))
            answers.forget_changes([pk for pk, _ in changes])
    return found


def take_turns() -> None:
    """On PostgreSQL let one transaction at a time change facts and mark their days: two that touch the same days in
    another order would wait for each other. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _days(instants: Seconds) -> list[int]:
    days: npt.NDArray[np.int32] = np.unique(local_days(instants, organisation().time_zone))
    return [day for day in days.tolist() if day != MISSING_DAY]
