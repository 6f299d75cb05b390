"""What was true of tickets and customers at an instant, as far as it has changed since."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from kpiproject.lib.clock import Rows
from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.columns import Epoch, fetch, transposed, whole_numbers
from metrics.kpi import Frame
from metrics.models import EarlierTier, Ticket, TicketEvent

Texts = npt.NDArray[np.object_]


class Handovers(NamedTuple):
    """When tickets went from one team to another, by row and time."""

    rows: Rows
    at: Seconds
    before: Texts
    after: Texts


def handovers(frame: Frame, which: Q) -> Handovers:
    """Of the frame's tickets."""
    tickets = Ticket.objects.filter(which, is_stub=False)
    rows = TicketEvent.objects.filter(kind=TicketEvent.Kind.TEAM, ticket__in=tickets.values("pk"))
    columns = ["ticket_id", Epoch("at"), "id", "from_value", "to_value"]
    ids, at, order, *teams = transposed(fetch(rows, columns), len(columns))
    found, instants = positions(frame, whole_numbers(ids)), whole_numbers(at)
    by_time = np.lexsort((whole_numbers(order), instants, found))
    before, after = (np.array(column, dtype=object)[by_time] for column in teams)
    return Handovers(found[by_time], instants[by_time], before, after)


def positions(frame: Frame, ids: Seconds) -> Rows:
    """Where in the frame the tickets with these ids are, all of which are in it."""
    own = frame["id"].to_numpy(dtype=np.int64)
    order = np.argsort(own, kind="stable")
    return order[np.searchsorted(own[order], ids)] if len(ids) else order[:0]


def tiers(frame: Frame, at: Seconds) -> Texts:
    """The tier that the customer of each row had at its instant; MISSING asks for the tier of today."""
    now: Texts = np.asarray(frame["tier"], dtype=object)
    rows: list[tuple[Any, ...]] = fetch(EarlierTier.objects.all(), ["customer_id", Epoch("until"), "tier"])
    if not rows or not len(frame):
        return now
    owners, until, names = transposed(rows, 3)
    past = _Past(whole_numbers(owners), whole_numbers(until), np.array(names, dtype=object))
    return _as_of(now, frame["customer_id"].to_numpy(dtype=np.int64), at, past)


class _Past(NamedTuple):
    owners: Seconds
    until: Seconds
    tiers: Texts


def _as_of(now: Texts, customers: Seconds, at: Seconds, past: _Past) -> Texts:
    """The first earlier tier of the same customer that lasted beyond the instant, else the tier of today."""
    order = np.lexsort((past.until, past.owners))
    owners, until, names = (column[order] for column in past)
    asked = np.flatnonzero((at != MISSING) & np.isin(customers, owners))
    # Owner and instant in one number, both as ranks, so that one search finds the next entry of the same owner.
    moments = np.unique(np.concatenate([until, at[asked]]))
    rank = np.searchsorted(moments, until) + owners * (len(moments) + 1)
    wanted = np.searchsorted(moments, at[asked]) + customers[asked] * (len(moments) + 1)
    index = np.searchsorted(rank, wanted, side="right")
    index_or_last = np.minimum(index, len(owners) - 1)
    is_past = (index < len(owners)) & (owners[index_or_last] == customers[asked])
    result = now.copy()
    result[asked[is_past]] = names[index_or_last[is_past]]
    return result
