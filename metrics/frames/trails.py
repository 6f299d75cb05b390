"""The events of tickets in the order of time, as arrays."""

from collections.abc import Collection
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db.models import BooleanField, F, Func, Q, QuerySet

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.columns import Epoch, fetch, transposed, whole_numbers
from metrics.kpi import Frame
from metrics.models import Among, TicketEvent

Rows = npt.NDArray[np.intp]
Texts = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

TURNS: Final = ("status", "reopen", "merge")
"""The kinds of events that may open or end a ticket, or stop its clock."""

_IS_TURN: Final = Func(
    # As literals: with parameters, SQLite does not see that its index of turns holds all that is asked for.
    F("kind"),
    template="%(expressions)s IN ('status', 'reopen', 'merge')",
    output_field=BooleanField(),
)


class Trail(NamedTuple):
    """Events by ticket and time. `rows` points into the frame of the tickets."""

    rows: Rows
    times: Seconds
    kinds: Texts
    before: Texts
    after: Texts
    actors: Texts

    def only(self, which: Truths) -> "Trail":
        rows, times, kinds, before, after, actors = self
        return Trail(rows[which], times[which], kinds[which], before[which], after[which], actors[which])

    def of_kinds(self, kinds: Collection[str]) -> "Trail":
        codes, names = pd.factorize(self.kinds)
        return self.only(np.array([*(name in kinds for name in names), False], dtype=np.bool_)[codes])


class Log:
    """The events of a frame's tickets, read once and only if asked for. `whole` says that others than turns will be."""

    def __init__(self, frame: Frame, *, whole: bool = False) -> None:
        self._frame, self._whole = frame, whole

    @cached_property
    def everything(self) -> Trail:
        return _trail(self._frame, TicketEvent.objects.all())

    @cached_property
    def turns(self) -> Trail:
        return self.everything.of_kinds(TURNS) if self._whole else _trail(self._frame, turns())

    @cached_property
    def statuses(self) -> Trail:
        return self.turns.of_kinds(("status",))


def turns() -> "QuerySet[TicketEvent]":
    """Every event that may open or end a ticket, or stop its clock."""
    return TicketEvent.objects.filter(_IS_TURN)


def of(frame: Frame) -> Q:
    """What belongs to the frame's tickets, in the tables of what belongs to tickets."""
    return Q(Among("ticket_id", frame["id"].tolist()))


def trail(frame: Frame, kinds: Collection[str]) -> Trail:
    """The events of these kinds of the frame's tickets; `actors` says what kind of author each has."""
    return _trail(frame, TicketEvent.objects.filter(kind__in=kinds))


def _trail(frame: Frame, events: "QuerySet[TicketEvent]") -> Trail:
    rows = events.filter(of(frame))
    columns = ["ticket_id", Epoch("at"), "id", "kind", "from_value", "to_value", "actor_type"]
    ids, at, order, *texts = transposed(fetch(rows, columns), len(columns))
    owners, instants = whole_numbers(ids), whole_numbers(at)
    by_time = np.lexsort((whole_numbers(order), instants, owners))
    found = [np.array(column, dtype=object)[by_time] for column in texts]
    return Trail(positions(frame, owners[by_time]), instants[by_time], *found)


def positions(frame: Frame, ids: Seconds) -> Rows:
    """Where in a frame with a row per ticket these tickets are, all of which are in it."""
    own = frame["id"].to_numpy(dtype=np.int64)
    order = np.argsort(own, kind="stable")
    return order[np.searchsorted(own[order], ids)] if len(ids) else order[:0]


def firsts(rows: Rows, at: Seconds, n: int) -> Seconds:
    """The earliest of the instants of each of n rows; MISSING where there is none."""
    found = np.full(n, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(found, rows, at)
    return np.where(found == np.iinfo(np.int64).max, MISSING, found)
