"""How long tickets stood in which status: pure functions over sorted arrays."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.worktime import Pauses
from metrics.frames.context import plain
from metrics.frames.spells import ENDED_STATUSES
from metrics.frames.trails import Rows, Texts, Trail, Truths

AGENT_WORK: Final = "agent_work"
ON_HOLD: Final = "on_hold"
AGENT_WAIT: Final = "agent_wait"
ENDED: Final = "ended"

FIRST_STATUS: Final = "new"
"""What a ticket is in before its first event, unless that says otherwise."""

_REOPENED: Final = "open"
_MERGED: Final = "merged"
_ON_HOLD: Final = frozenset(
    {"on_hold", "hold", "onhold", "waiting_on_third_party", "waiting_for_third_party", "awaiting_third_party"}
    | {"awaiting_vendor", "wait_vendor", "pending_vendor", "awaiting_problem", "awaiting_evidence"}
    | {"wait_implementation", "blocked", "snoozed"}
)
_AGENT_WAIT: Final = frozenset(
    {"pending", "pending_customer", "pending_reminder", "pending_close", "pending_user", "awaiting_customer"}
    | {"waiting_for_customer", "waiting_on_customer", "waiting_on_contact", "waiting_for_contact", "waiting_for_reply"}
    | {"awaiting_reply", "awaiting_response", "awaiting_user_info", "wait_user", "wait_customer"}
)


class Stays(NamedTuple):
    """Stretches of time that a ticket stood in one status, by ticket and time. `ends` is MISSING while it lasts."""

    rows: Rows
    statuses: Texts
    starts: Seconds
    ends: Seconds


def group(status: str, pause_statuses: frozenset[str]) -> str:
    """Who or what a ticket in a status waits for. A status that stops the clock, as the organisation has decided, waits
    for the customer unless its name says that it waits for others."""
    name = plain(status)
    if name in ENDED_STATUSES:
        return ENDED
    if name in _ON_HOLD:
        return ON_HOLD
    return AGENT_WAIT if name in _AGENT_WAIT or name in pause_statuses else AGENT_WORK


def stays(created: Seconds, trail: Trail) -> Stays:
    """Every stay of tickets with at least one event that names a status, reopens or merges; the last stay of each is
    without an end. Only such events may be in the trail."""
    is_told = (trail.kinds != "status") | (trail.after != "")
    trail = trail.only(is_told)
    first = np.concatenate([[True], trail.rows[1:] != trail.rows[:-1]]) if len(trail.rows) else np.zeros(0, np.bool_)
    names = np.where(trail.kinds == "reopen", _REOPENED, np.where(trail.kinds == "merge", _MERGED, trail.after))
    begun = np.where(trail.before[first] == "", FIRST_STATUS, trail.before[first])
    rows = np.concatenate([trail.rows[first], trail.rows])
    starts = np.concatenate([created[trail.rows[first]], np.maximum(trail.times, created[trail.rows])])
    statuses = np.concatenate([begun.astype(object), names.astype(object)])
    order = np.lexsort((starts, rows))  # stable: what a ticket was created in stays before its first event
    rows, starts, statuses = rows[order], starts[order], statuses[order]
    ends = np.full(len(rows), MISSING, dtype=np.int64)
    ends[:-1] = np.where(rows[1:] == rows[:-1], starts[1:], MISSING)
    return Stays(rows, statuses, starts, ends)


def groups(found: Stays, pause_statuses: frozenset[str]) -> Texts:
    """The group of each stay."""
    codes, names = pd.factorize(found.statuses)
    answers = np.array([group(name, pause_statuses) for name in names], dtype=object)
    return answers[codes] if len(names) else np.zeros(0, dtype=object)


def as_pauses(found: Stays, which: Truths) -> Pauses:
    """Some of the stays as times in which a clock stands still."""
    return Pauses(found.rows[which], found.starts[which], found.ends[which])
