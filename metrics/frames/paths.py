"""Frame "paths": a row per ticket with what its events, its messages and the time spent on it tell of the way it took.

What an event log does not tell is UNKNOWN, never 0: a log without hand-overs says nothing about hand-overs.
"""

from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import Count, Q

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames import stays
from metrics.frames.columns import Epoch, fetch, transposed, whole_numbers
from metrics.frames.context import Context
from metrics.frames.hours import row_clocks
from metrics.frames.reopenings import returns
from metrics.frames.tickets import STORED
from metrics.frames.trails import TURNS, Log, Trail, Truths, firsts, of, positions
from metrics.frames.waits import spoken
from metrics.kpi import UNKNOWN, Frame
from metrics.models import AgentTime, Message, TicketEvent

NO_CONTEXT: Final = 0
BY_NOTE: Final = 1
BY_RETURN: Final = 2

_MOVES: Final = ("assignee", "team")
_HANDLED: Final = (AgentTime.Kind.HANDLING, AgentTime.Kind.RELATED)
_FROM_TICKETS: Final = (
    "id", "source", "external_id", "excluded_because", "created_at", "first_agent_reply_at", "first_done_at", "done_at",
    "solved_at", "closed_at", "reopens", "sla_met", "target_due_at", "is_overdue",
)  # fmt: skip


def ticket_paths(frame: Frame, context: Context, log: Log) -> Frame:
    """A row for each of the frame's tickets, in their order."""
    kept = frame[[*_FROM_TICKETS, *STORED]]
    found = log.everything
    columns = _statuses(frame, log.turns, context)
    columns |= _moves(frame, found)
    columns |= _said(frame)
    columns |= _context_kept(frame, found, columns["transferred_at"])
    columns["handling_seconds"] = _handling(frame)
    return kept.assign(**columns)


def _statuses(frame: Frame, found: Trail, context: Context) -> dict[str, Any]:
    """Whether its statuses are known, whether it ever waited in one, and how long the customer waited for us: from
    creation to the last solve without the time in which we waited for the customer, or in which it was solved."""
    created, solved = _seconds(frame, "created_at"), _seconds(frame, "solved_at")
    spent = stays.stays(created, found)
    groups = stays.groups(spent, context.pause_statuses)
    is_waiting = np.zeros(len(frame), dtype=np.bool_)
    is_waiting[spent.rows[(groups == stays.AGENT_WAIT) | (groups == stays.ON_HOLD)]] = True
    is_known = np.zeros(len(frame), dtype=np.bool_)
    is_known[spent.rows] = True
    others = stays.as_pauses(spent, (groups == stays.AGENT_WAIT) | (groups == stays.ENDED))
    clocks = row_clocks(frame, context).until(solved)
    waits = {
        f"requester_wait_{clock}_seconds": hours.seconds_between(created, solved, others)
        for clock, hours in clocks.items()
    }
    return {"has_statuses": is_known, "has_waited": is_waiting, **waits}


def _moves(frame: Frame, found: Trail) -> dict[str, Any]:
    """Hand-overs and escalations. Who gets a ticket first does not take it over from anybody; a new team and a new
    agent in the same second are one hand-over."""
    n = len(frame)
    found = found.of_kinds((*_MOVES, "escalate"))
    is_move = found.kinds != "escalate"
    is_transfer = is_move & (found.before != "") & (found.after != "") & (found.before != found.after)
    transfers = _distinct(found.only(is_transfer), n)
    told = _seconds(frame, "reassignments")
    has_moves = np.zeros(n, dtype=np.bool_)
    has_moves[found.rows[is_move]] = True
    escalations = found.only(found.kinds == "escalate")
    escalated = firsts(escalations.rows, escalations.times, n)
    done = _seconds(frame, "done_at")
    return {
        "transfers": np.where(told != UNKNOWN, told, np.where(has_moves, transfers, UNKNOWN)),
        "transferred_at": firsts(found.rows[is_transfer], found.times[is_transfer], n),
        "escalated_at": escalated,
        "handled_at": np.where(escalated != MISSING, escalated, done),
        "is_bounced": _bounced(found.only(is_transfer), escalated),
        "escalations_known": np.full(n, escalations_known(), dtype=np.bool_),
    }


def escalations_known() -> bool:
    """Whether any source ever told of an escalation; else none of them would say anything about one. Every figure of
    escalations rests on it: see metrics.basis."""
    return TicketEvent.objects.filter(kind=TicketEvent.Kind.ESCALATE).exists()


def _distinct(found: Trail, n: int) -> Seconds:
    """How many instants with an event each row has."""
    is_new = np.ones(len(found.rows), dtype=np.bool_)
    is_new[1:] = (found.rows[1:] != found.rows[:-1]) | (found.times[1:] != found.times[:-1])
    counts: Seconds = np.bincount(found.rows[is_new], minlength=n).astype(np.int64)
    return counts


def _bounced(found: Trail, escalated: Seconds) -> Truths:
    """Whether a ticket went back, after its escalation, to a team or an agent that it had left."""
    n, m = len(escalated), len(found.rows)
    places = pd.factorize(np.concatenate([found.kinds + "\0" + found.before, found.kinds + "\0" + found.after]))[0]
    owners = np.concatenate([found.rows, found.rows])
    keys = np.unique(owners.astype(np.int64) * (int(places.max(initial=0)) + 1) + places, return_inverse=True)[1]
    left = firsts(keys[:m], found.times, int(keys.max(initial=0)) + 1)[keys[m:]]
    is_back = (left != MISSING) & (left <= found.times) & (escalated[found.rows] != MISSING)
    is_back &= found.times > escalated[found.rows]
    result = np.zeros(n, dtype=np.bool_)
    result[found.rows[is_back]] = True
    return result


def _said(frame: Frame) -> dict[str, Any]:
    """Public messages of customers and people, as far as messages or else the source's own counts tell."""
    by_ticket = Message.objects.filter(spoken(), of(frame)).values("ticket_id").order_by()
    rows = by_ticket.annotate(all=Count("id"), replies=Count("id", filter=Q(author_type="agent")))
    ids, everything, agents = transposed(fetch(rows, ["ticket_id", "all", "replies"]), 3)
    where = positions(frame, whole_numbers(ids))
    replies, contacts = (np.full(len(frame), UNKNOWN, dtype=np.int64) for _ in range(2))
    replies[where], contacts[where] = whole_numbers(agents), whole_numbers(everything)
    told, asked = _seconds(frame, "agent_replies"), _seconds(frame, "customer_replies")
    counted_there = np.where(told != UNKNOWN, told + np.maximum(asked, 0), UNKNOWN)
    return {
        "replies": np.where(told != UNKNOWN, told, replies),
        "contacts": np.where(contacts != UNKNOWN, contacts, counted_there),
    }


def _context_kept(frame: Frame, found: Trail, transferred: Seconds) -> dict[str, Any]:
    """Whether whoever took a ticket over knew what had happened, by a stand-in: an internal note before the first
    hand-over; of tickets without notes and messages, that the customer did not come back afterwards."""
    n = len(frame)
    messages = Message.objects.filter(of(frame))
    ids, at, public = transposed(fetch(messages.filter(author_type="agent"), ["ticket_id", Epoch("at"), "public"]), 3)
    rows, instants = positions(frame, whole_numbers(ids)), whole_numbers(at)
    is_note = ~np.array(public, dtype=np.bool_)
    notes = found.of_kinds(("note",))
    has_words = np.zeros(n, dtype=np.bool_)
    has_words[np.concatenate([rows, notes.rows])] = True
    first_note = firsts(
        np.concatenate([rows[is_note], notes.rows]), np.concatenate([instants[is_note], notes.times]), n
    )
    is_noted = (first_note != MISSING) & (first_note <= transferred)
    back = returns(found.of_kinds(TURNS))
    came_back = (_seconds(frame, "reopens") > 0) & (_seconds(frame, "reopened_at") == MISSING)
    came_back[back.rows[back.times > transferred[back.rows]]] = True
    is_moved = transferred != MISSING
    return {
        "context_by": np.where(is_moved, np.where(has_words, BY_NOTE, BY_RETURN), NO_CONTEXT),
        "is_context_kept": is_moved & np.where(has_words, is_noted, ~came_back),
    }


def _handling(frame: Frame) -> Seconds:
    """The time agents spent on each ticket; UNKNOWN where none is recorded. What ends before it starts is none."""
    rows = AgentTime.objects.filter(of(frame), kind__in=_HANDLED)
    ids, starts, ends = transposed(fetch(rows, ["ticket_id", Epoch("starts_at"), Epoch("ends_at")]), 3)
    where = positions(frame, whole_numbers(ids))
    lengths = np.maximum(whole_numbers(ends) - whole_numbers(starts), 0)
    found = np.full(len(frame), UNKNOWN, dtype=np.int64)
    found[where] = 0
    np.add.at(found, where, lengths)
    return found


def _seconds(frame: Frame, name: str) -> Seconds:
    return frame[name].to_numpy(dtype=np.int64)
