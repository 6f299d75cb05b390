"""The only place where the ORM meets pandas: facts of a stretch of time as frames, one column per thing known.

Instants are int64 epoch seconds (MISSING where there is none), counts and truths that may be unknown are integers with
UNKNOWN, members of dimensions are categories ("" where there is none), `excluded_because` is the reason for which a row
counts nowhere ("" for none). No frame holds model instances. Rows are read with a plain cursor: for a million rows that
is a small part of what model instances would cost.
"""

from metrics.frames.context import Context, Span, context
from metrics.frames.read import created_in, extent, pending_in, reach, read, read_open
from metrics.frames.tickets import ids_of, promised, satisfaction_instants, ticket_instants, ticket_pauses

__all__ = [
    "Context",
    "Span",
    "context",
    "created_in",
    "extent",
    "ids_of",
    "pending_in",
    "promised",
    "reach",
    "read",
    "read_open",
    "satisfaction_instants",
    "ticket_instants",
    "ticket_pauses",
]
