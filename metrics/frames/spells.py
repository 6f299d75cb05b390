"""When tickets were open, stood still and came back: pure functions over sorted arrays."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.worktime import Pauses

Rows = npt.NDArray[np.intp]
Truths = npt.NDArray[np.bool_]

OPEN: Final = 0
ENDED: Final = 1

# A ticket in one of these statuses waits for nobody; written as frames.context.plain writes them.
ENDED_STATUSES: Final = frozenset(
    {"solved", "resolved", "closed", "complete", "completed", "done", "fixed", "cancelled", "canceled", "rejected"}
    | {"merged", "spam", "deleted", "trash", "archived", "closed_complete", "closed_incomplete", "closed_skipped"}
)


class Tickets(NamedTuple):
    """Instants of tickets as their columns give them."""

    created: Seconds
    solved: Seconds
    closed: Seconds


class Turns(NamedTuple):
    """Events by ticket and time. `rows` points into the tickets, `states` says whether they OPEN it or it has ENDED."""

    rows: Rows
    at: Seconds
    states: npt.NDArray[np.int8]


class Spells(NamedTuple):
    """Stretches of time in which a ticket was not solved; `ended` is MISSING while it still is."""

    rows: Rows
    opened: Seconds
    ended: Seconds


def spells(tickets: Tickets, turns: Turns) -> Spells:
    """Each ticket is open from its creation on. Events cut the gaps between a solve and a reopening; the end of the
    last spell is the ticket's own (last) solve, or its closing, where its columns have one."""
    rows, at, states = _changes(tickets.created, turns)
    opens = np.flatnonzero(states == OPEN)
    following = np.minimum(opens + 1, len(rows) - 1)
    is_ended = (following > opens) & (rows[following] == rows[opens])
    ended = np.where(is_ended, at[following], MISSING)
    rows, opened = rows[opens], at[opens]
    is_last = np.concatenate([rows[1:] != rows[:-1], [True]]) if len(rows) else np.zeros(0, dtype=np.bool_)
    is_first = np.concatenate([[True], rows[1:] != rows[:-1]]) if len(rows) else is_last
    final = _final_ends(tickets, rows, opened, ended)
    final = np.where(is_first & (ended == MISSING), _own_ends(tickets, rows, opened), final)
    return Spells(rows, opened, np.where(is_last, final, ended))


def _changes(created: Seconds, turns: Turns) -> tuple[Rows, Seconds, npt.NDArray[np.int8]]:
    """Creation and events by ticket and time, without those that change nothing."""
    n = len(created)
    rows = np.concatenate([np.arange(n, dtype=np.intp), turns.rows])
    at = np.concatenate([created, np.maximum(turns.at, created[turns.rows])])
    states = np.concatenate([np.zeros(n, dtype=np.int8), turns.states])
    order = np.lexsort((at, rows))  # stable: a creation stays before the events of the same second
    rows, at, states = rows[order], at[order], states[order]
    is_change = np.ones(len(rows), dtype=np.bool_)
    is_change[1:] = (rows[1:] != rows[:-1]) | (states[1:] != states[:-1])
    return rows[is_change], at[is_change], states[is_change]


def _own_ends(tickets: Tickets, rows: Rows, opened: Seconds) -> Seconds:
    """The end of a ticket that never came back; one solved before its creation was never open."""
    own = np.where(tickets.solved != MISSING, tickets.solved, tickets.closed)[rows]
    return np.where(own == MISSING, MISSING, np.maximum(own, opened))


def _final_ends(tickets: Tickets, rows: Rows, opened: Seconds, ended: Seconds) -> Seconds:
    """The end of a last spell: the solve or the closing in the columns if the spell had begun by then, else the
    event's. A ticket that came back after both is open."""
    solved, closed = tickets.solved[rows], tickets.closed[rows]
    after_solve = np.where(closed >= opened, closed, ended)
    has_ended = ended != MISSING
    # A closing that only follows an event's solve is not when the ticket was solved, unless no solve is known at all.
    late = np.where(has_ended & (solved != MISSING), ended, after_solve)
    return np.where(solved >= opened, solved, late)


def pauses(created: Seconds, turns: Turns, starts_in: Truths) -> Pauses:
    """The times in which a ticket stood in a status that stops the clock: here a state of 1 means such a status.

    `starts_in` says of each ticket whether it was created in one.
    """
    n = len(created)
    rows = np.concatenate([np.arange(n, dtype=np.intp), turns.rows])
    at = np.concatenate([created, np.maximum(turns.at, created[turns.rows])])
    stands = np.concatenate([starts_in.astype(np.int8), turns.states])
    order = np.lexsort((at, rows))
    rows, at, stands = rows[order], at[order], stands[order]
    ends = np.full(len(at), MISSING, dtype=np.int64)
    ends[:-1] = np.where(rows[1:] == rows[:-1], at[1:], MISSING)
    paused = stands == 1
    return Pauses(rows[paused], at[paused], ends[paused])


def next_after(keys: Seconds, at: Seconds, other_keys: Seconds, other_at: Seconds) -> Seconds:
    """The first of the other instants with the same key that is later than each instant; MISSING if there is none."""
    result = np.full(len(at), MISSING, dtype=np.int64)
    asked = np.flatnonzero(at != MISSING)
    if not len(asked) or not len(other_at):
        return result
    codes = np.unique(np.concatenate([keys[asked], other_keys]), return_inverse=True)[1]
    base = min(int(at[asked].min()), int(other_at.min()))
    packed = (codes << 36) | (np.concatenate([at[asked], other_at]) - base)
    mine, others = packed[: len(asked)], np.sort(packed[len(asked) :])
    index = np.searchsorted(others, mine, side="right")
    found = others[np.minimum(index, len(others) - 1)]
    is_same = (index < len(others)) & (found >> 36 == mine >> 36)
    result[asked[is_same]] = (found[is_same] & ((1 << 36) - 1)) + base
    return result
