"""The canonical columns of every kind that can be imported, and how a header names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    REFERENCE = "reference"  # names another record: too long is an error, never cut
    WORD = "word"  # one of `choices`
    INSTANT = "instant"
    COUNT = "count"
    SCORE = "score"
    TRUTH = "truth"  # nothing said means no
    MAYBE = "maybe"  # nothing said means unknown


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    form: Form = Form.TEXT
    required: bool = False
    longest: int = 0
    most: int = 2_147_483_647  # of a count
    choices: frozenset[str] = field(default_factory=frozenset)

    @property
    def empty(self) -> object:
        """What a missing value becomes."""
        if self.form is Form.TRUTH:
            return False
        return "" if self.form in _TEXTS else None


_TEXTS: Final = frozenset({Form.TEXT, Form.REFERENCE, Form.WORD})
_IDENTITY: Final = 200
_INSTANTS: Final = (
    "first_assigned_at",
    "first_agent_reply_at",
    "first_solved_at",
    "solved_at",
    "closed_at",
    "due_at",
    "ring_started_at",
    "answered_at",
    "abandoned_at",
)
EVENT_KINDS: Final = (
    "created",
    "status",
    "assignee",
    "team",
    "priority",
    "category",
    "reply",
    "note",
    "reopen",
    "merge",
    "escalate",
    "handoff",
)
ACTOR_TYPES: Final = ("agent", "bot", "automation", "customer", "system")

TICKETS: Final = (
    Column("external_id", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("customer", Form.REFERENCE, longest=_IDENTITY),
    Column("customer_email", Form.REFERENCE, longest=_IDENTITY),  # may become the id of a stub
    Column("subject", longest=400),
    Column("channel", longest=100),
    Column("category", longest=200),
    Column("type", longest=100),
    Column("priority", longest=100),
    Column("status", longest=100),
    Column("team", Form.REFERENCE, longest=_IDENTITY),
    Column("agent", Form.REFERENCE, longest=_IDENTITY),
    Column("language", longest=20),
    Column("tags", longest=10_000),
    Column("created_at", Form.INSTANT, required=True),
    *(Column(name, Form.INSTANT) for name in _INSTANTS),
    Column("reopens", Form.COUNT),
    Column("agent_replies", Form.COUNT),
    Column("customer_replies", Form.COUNT),
    Column("reassignments", Form.COUNT),
    Column("is_outbound", Form.TRUTH),
    Column("is_spam", Form.TRUTH),
    Column("is_deleted", Form.TRUTH),
    Column("is_test", Form.TRUTH),
    Column("merged_into", Form.REFERENCE, longest=_IDENTITY),
    Column("bot_involved", Form.TRUTH),
    Column("handed_to_human_at", Form.INSTANT),
    Column("fcr", Form.MAYBE),
    Column("sla_met", Form.MAYBE),
    Column("satisfaction_score", Form.SCORE),
    Column("satisfaction_scale", Form.SCORE),
    Column("satisfaction_comment", longest=10_000),
    Column("satisfaction_at", Form.INSTANT),
)
TICKET_EVENTS: Final = (
    Column("ticket", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("at", Form.INSTANT, required=True),
    Column("kind", Form.WORD, required=True, choices=frozenset(EVENT_KINDS)),
    Column("from_value", longest=200),
    Column("to_value", longest=200),
    Column("actor_type", Form.WORD, choices=frozenset(ACTOR_TYPES)),
    Column("actor", longest=200),
    Column("external_id", Form.REFERENCE, longest=_IDENTITY),
)
KINDS: Final[Mapping[str, tuple[Column, ...]]] = {"tickets": TICKETS, "ticket_events": TICKET_EVENTS}

# What the contract names; a later version reads the rest.
ALL_KINDS: Final = (
    "customers",
    "subscriptions",
    "orders",
    "tickets",
    "ticket_events",
    "messages",
    "agent_time",
    "costs",
    "service_records",
    "survey_responses",
)
REPORTED: Final = "reported"
# The columns that we add to a file of rejected rows; they mean nothing when it comes back mended.
REJECTION_COLUMNS: Final = ("plumbline_line", "plumbline_column", "plumbline_reason", "plumbline_message")


def normal(name: str) -> str:
    """A header cell as it is compared: without case, spaces and underscores."""
    return name.casefold().replace("_", "").replace(" ", "").replace("\u00a0", "").replace("\ufeff", "")
