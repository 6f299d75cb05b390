"""Frame "waits": a row for every time a customer waited for our next reply, and got it.

Customers wait from their first message that nobody has answered yet; further messages before the reply are the same
wait. A public reply by a person ends it. So does a solve, without a reply: then nobody waited for one any longer.
Where a ticket has no messages, events that say "reply" and whose they are stand for them.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from django.db.models import Q

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.columns import Epoch, fetch, texts, transposed, whole_numbers
from metrics.frames.context import Context
from metrics.frames.hours import row_clocks
from metrics.frames.spells import ENDED_STATUSES
from metrics.frames.tickets import STORED, are_in
from metrics.frames.trails import Log, Rows, Texts, Truths, of, positions
from metrics.kpi import Frame
from metrics.models import Message

_ASK: Final = 0
_REPLY: Final = 1
_END: Final = 2
_NOBODY: Final = -1
_SPOKEN: Final = {"customer": _ASK, "agent": _REPLY}


class _Marks(NamedTuple):
    """Who spoke, or that a ticket was solved: by row and instant."""

    rows: Rows
    at: Seconds
    what: Any


def spoken() -> Q:
    """The messages in which a customer speaks with us, or a person answers."""
    return Q(public=True, is_auto_reply=False, author_type__in=list(_SPOKEN))


def ticket_waits(frame: Frame, context: Context, log: Log) -> Frame:
    """Of the frame's tickets, in the order of the tickets and of time."""
    rows, asked, replied = _pairs(_marks(frame, log))
    last = np.full(len(frame), MISSING, dtype=np.int64)
    np.maximum.at(last, rows, replied)
    kept = frame[["id", "source", "external_id", "excluded_because", *STORED]].take(rows)
    found = kept.assign(asked_at=asked, replied_at=replied).reset_index(drop=True)
    for clock, hours in row_clocks(frame, context).until(last).items():
        found[f"reply_{clock}_seconds"] = hours.lengths(rows, asked, replied)
    return found


def _pairs(marks: _Marks) -> tuple[Rows, Seconds, Seconds]:
    """Ticket, beginning and end of every wait that a reply ended."""
    order = np.lexsort((marks.what, marks.at, marks.rows))
    rows, at, what = (column[order] for column in marks)
    changes = np.ones(len(rows), dtype=np.bool_)
    changes[1:] = (rows[1:] != rows[:-1]) | (what[1:] != what[:-1])
    rows, at, what = rows[changes], at[changes], what[changes]
    asks = np.flatnonzero((what[:-1] == _ASK) & (what[1:] == _REPLY) & (rows[1:] == rows[:-1]))
    return rows[asks], at[asks], at[asks + 1]


def _marks(frame: Frame, log: Log) -> _Marks:
    said = _said(frame, log)
    ends = _ends(frame, log)
    opened = _openings(frame, said)
    return _Marks(*(np.concatenate(columns) for columns in zip(said, ends, opened, strict=True)))


def _said(frame: Frame, log: Log) -> _Marks:
    """Messages, and of tickets without any the events that say the same."""
    messages = Message.objects.filter(spoken(), of(frame))
    ids, instants, names = transposed(fetch(messages, ["ticket_id", Epoch("at"), "author_type"]), 3)
    rows, at, who = _spoken(positions(frame, whole_numbers(ids)), whole_numbers(instants), texts(names))
    replies = log.everything.of_kinds(("reply",))
    others = _spoken(replies.rows, replies.times, replies.actors)
    is_other = ~np.isin(others.rows, np.unique(rows))
    more = [column[is_other] for column in others]
    return _Marks(*(np.concatenate(pair) for pair in zip((rows, at, who), more, strict=True)))


def _spoken(rows: Rows, at: Seconds, who: Texts) -> _Marks:
    """Only what customers and agents say; whoever is something else, or is not told, answers nothing."""
    codes, names = pd.factorize(who)
    # One more, for what is missing altogether, whose code is -1.
    what = np.array([*(_SPOKEN.get(name.lower(), _NOBODY) for name in names), _NOBODY], dtype=np.int8)[codes]
    is_told = what != _NOBODY
    return _Marks(rows[is_told], at[is_told], what[is_told])


def _ends(frame: Frame, log: Log) -> _Marks:
    """Solves: those in the columns of tickets and those that events tell."""
    found = log.turns.of_kinds(("status", "merge"))
    is_end: Truths = (found.kinds == "merge") | are_in(found.after, ENDED_STATUSES)
    rows, at = [found.rows[is_end]], [found.times[is_end]]
    for name in ("first_solved_at", "solved_at", "closed_at"):
        column = frame[name].to_numpy(dtype=np.int64)
        known = np.flatnonzero(column != MISSING)
        rows.append(known)
        at.append(column[known])
    owners = np.concatenate(rows)
    return _Marks(owners, np.concatenate(at), np.full(len(owners), _END, dtype=np.int8))


def _openings(frame: Frame, said: _Marks) -> _Marks:
    """A ticket in which we speak first, but that we did not start, is itself the customer's first message."""
    order = np.lexsort((said.what, said.at, said.rows))
    rows, first = np.unique(said.rows[order], return_index=True)
    is_ours = frame["is_outbound"].to_numpy()[rows] == 1
    opened = rows[(said.what[order][first] == _REPLY) & ~is_ours]
    created = frame["created_at"].to_numpy(dtype=np.int64)[opened]
    return _Marks(opened, created, np.full(len(opened), _ASK, dtype=np.int8))
