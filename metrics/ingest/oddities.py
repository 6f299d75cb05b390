"""What cannot be right about a ticket's instants. Such tickets are imported, flagged, and left out of averages. One
whose status says that it has ended, without any time, is noted: it does not wait, but nobody knows since when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from metrics.frames.context import plain
from metrics.frames.spells import ENDED_STATUSES
from metrics.sources.faults import Notes

# In each pair the second cannot come before the first.
_PAIRS: Final = (
    ("created_at", "first_assigned_at"),
    ("created_at", "first_agent_reply_at"),
    ("created_at", "first_solved_at"),
    ("created_at", "solved_at"),
    ("created_at", "closed_at"),
    ("created_at", "satisfaction_at"),
    ("created_at", "handed_to_human_at"),
    ("first_solved_at", "solved_at"),
    ("ring_started_at", "answered_at"),
    ("ring_started_at", "abandoned_at"),
)
INSTANTS: Final = sorted({name for pair in _PAIRS for name in pair})


def flags(ticket: Mapping[str, Any], now: datetime) -> list[str]:
    """`before_created_at:solved_at` for a negative duration, `future:closed_at` for a time still to come."""
    times = {name: at for name in INSTANTS if (at := ticket.get(name))}
    found = [
        f"before_{start}:{end}"
        for start, end in _PAIRS
        if end in times and start in times and times[end] < times[start]
    ]
    return found + [f"future:{name}" for name, at in times.items() if at > now]


def note(notes: Notes, external_id: str, found: list[str]) -> None:
    for code, prefix in (("negative_duration", "before_"), ("time_in_the_future", "future:")):
        if any(flag.startswith(prefix) for flag in found):
            notes.add(code, external_id)


def has_unknown_end(ticket: Mapping[str, Any]) -> bool:
    is_timed = ticket.get("solved_at") or ticket.get("closed_at")
    return not is_timed and plain(ticket.get("status") or "") in ENDED_STATUSES


def note_unknown_end(notes: Notes, ticket: Mapping[str, Any], external_id: str) -> None:
    if has_unknown_end(ticket):
        notes.add("end_unknown", f"{external_id}: {ticket['status']}")
