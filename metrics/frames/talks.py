"""Frames of the tickets that came in over a line of their own: "calls" over the telephone, "bots" through a bot."""

from typing import Any, Final

import numpy as np
from django.db.models import Q

from kpiproject.lib.periods import MISSING, Seconds
from metrics.frames.columns import Epoch, number
from metrics.frames.context import Span
from metrics.frames.reopenings import reopenings
from metrics.frames.tickets import CALL_INSTANTS, EXCLUDED_BECAUSE, STORED, described, next_tickets
from metrics.frames.trails import Log
from metrics.kpi import CLOCKS, UNKNOWN, Frame

_DESCRIBED: Final[dict[str, Any]] = {
    "id": "id",
    "customer_id": number("customer_id"),
    "source": "source",
    "external_id": "external_id",
    "excluded_because": EXCLUDED_BECAUSE,
    "created_at": Epoch("created_at"),
    "is_outbound": number("is_outbound"),
    **STORED,
}


def calls(which: Q) -> Frame:
    """A row per call that was answered or given up. How long it rang is the same by every clock."""
    is_over = Q(answered_at__isnull=False) | Q(abandoned_at__isnull=False)
    frame = described(which & is_over, _DESCRIBED | {name: Epoch(name) for name in CALL_INSTANTS})
    rang, answered, abandoned = (_seconds(frame, name) for name in CALL_INSTANTS)
    ended = np.where(answered != MISSING, answered, abandoned)
    known = (rang != MISSING) & (ended >= rang)
    frame["ended_at"] = ended
    frame["rang_seconds"] = np.where(known, ended - rang, UNKNOWN)
    return frame.assign(**{f"answer_{clock}_seconds": np.where(known, ended - rang, MISSING) for clock in CLOCKS})


def bots(which: Q, span: Span) -> Frame:
    """A row per ticket in which a bot took part, and the instant at which it was over for the bot: handed to a person,
    solved, or, where neither happened, when it began."""
    numbers = ("reopens", "customer_replies", "agent_replies")
    instants = ("first_solved_at", "solved_at", "closed_at", "handed_to_human_at")
    columns: dict[str, Any] = {name: Epoch(name) for name in instants}
    columns |= {"first_agent_reply_at": Epoch("first_agent_reply_at")}
    columns |= {name: number(name) for name in numbers}
    frame = described(which & Q(bot_involved=True), _DESCRIBED | columns)
    created, first, solved = (_seconds(frame, name) for name in ("created_at", "first_solved_at", "solved_at"))
    closed, replied = _seconds(frame, "closed_at"), _seconds(frame, "first_agent_reply_at")
    done = np.where(first != MISSING, first, np.where(solved != MISSING, solved, closed))
    handed = _seconds(frame, "handed_to_human_at")
    # A person who answers has taken over, whether somebody wrote that down or not.
    handed = np.where(handed != MISSING, handed, replied)
    frame["first_done_at"] = done
    frame["reopens"], frame["reopened_at"] = reopenings(frame, Log(frame))
    frame["handed_at"] = handed
    frame["next_ticket_at"] = next_tickets(frame, span)
    frame["bot_ended_at"] = np.where(handed != MISSING, handed, np.where(done != MISSING, done, created))
    return frame


def _seconds(frame: Frame, name: str) -> Seconds:
    return frame[name].to_numpy(dtype=np.int64)
