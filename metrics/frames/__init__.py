"""The only place where the ORM meets pandas: facts of a stretch of time as frames, one column per thing known.

Instants are int64 epoch seconds (MISSING where there is none), counts and truths that may be unknown are integers with
UNKNOWN, members of dimensions are categories ("" where there is none), `excluded_because` is the reason for which a row
counts nowhere ("" for none). No frame holds model instances. Rows are read with a plain cursor: for a million rows that
is a small part of what model instances would cost.
"""

from metrics.frames.belongings import BELONGINGS, belonging_instants
from metrics.frames.context import Context, Span, context
from metrics.frames.employees import EMPLOYEES, EmployeeCells
from metrics.frames.hours import row_clocks
from metrics.frames.members import members_of, stored_members, with_member
from metrics.frames.money import UNKNOWN_CURRENCY
from metrics.frames.options import options, options_key
from metrics.frames.paths import escalations_known
from metrics.frames.promises import promised
from metrics.frames.read import (
    TICKET_FRAMES,
    created_in,
    ended_without_time,
    extent,
    few,
    pending_in,
    reach,
    read,
    read_open,
    read_whole,
    told_events,
    unanswered_in,
    uncontacted_in,
)
from metrics.frames.shifts import tickets_of_work
from metrics.frames.tickets import (
    MEMBERS,
    counted,
    ids_of,
    satisfaction_instants,
    ticket_instants,
    ticket_pauses,
)
from metrics.frames.trails import turns
from metrics.frames.versions import made_of, marked_frame, versions

__all__ = [
    "BELONGINGS",
    "EMPLOYEES",
    "MEMBERS",
    "TICKET_FRAMES",
    "UNKNOWN_CURRENCY",
    "Context",
    "EmployeeCells",
    "Span",
    "belonging_instants",
    "context",
    "counted",
    "created_in",
    "ended_without_time",
    "escalations_known",
    "extent",
    "few",
    "ids_of",
    "made_of",
    "marked_frame",
    "members_of",
    "options",
    "options_key",
    "pending_in",
    "promised",
    "reach",
    "read",
    "read_open",
    "read_whole",
    "row_clocks",
    "satisfaction_instants",
    "stored_members",
    "ticket_instants",
    "ticket_pauses",
    "tickets_of_work",
    "told_events",
    "turns",
    "unanswered_in",
    "uncontacted_in",
    "versions",
    "with_member",
]
