"""The canonical columns of every kind that can be imported, and how a header names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from surveys import scales


class Form(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    REFERENCE = "reference"  # names another record: too long is an error, never cut
    WORD = "word"  # one of `choices`
    INSTANT = "instant"
    COUNT = "count"
    SCORE = "score"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    CURRENCY = "currency"
    CODE = "code"  # a word of ours or of somebody else, however it is written
    TRUTH = "truth"  # nothing said means no
    MAYBE = "maybe"  # nothing said means unknown
    LABELS = "labels"  # several, with commas between them; where there is none, with spaces
    LABELS_BY_COMMA = "labels_by_comma"  # those may be of several words


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


_TEXTS: Final = frozenset(
    {Form.TEXT, Form.REFERENCE, Form.WORD, Form.CURRENCY, Form.CODE, Form.LABELS, Form.LABELS_BY_COMMA}
)
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
    Column("tags", Form.LABELS, longest=10_000),
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
CUSTOMERS: Final = (
    Column("external_id", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("name", longest=200),
    Column("email", Form.REFERENCE, longest=254),
    Column("company", longest=200),
    Column("segment", longest=100),
    Column("tier", longest=100),
    Column("country", longest=100),
    Column("language", longest=20),
    Column("time_zone", longest=64),
    Column("signed_up_on", Form.DATE),
    Column("left_on", Form.DATE),
    Column("leave_reason", longest=200),
)
SUBSCRIPTIONS: Final = (
    Column("external_id", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("customer", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("plan", longest=100),
    Column("is_premium", Form.TRUTH),
    Column("mrr", Form.MONEY, required=True),
    Column("currency", Form.CURRENCY),
    Column("started_on", Form.DATE, required=True),
    Column("ended_on", Form.DATE),
    Column("cancel_requested_on", Form.DATE),
    Column("renewal_due_on", Form.DATE),
    Column("renewed_on", Form.DATE),
    Column("trial_ends_on", Form.DATE),
)
ORDERS: Final = (
    Column("external_id", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("customer", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("placed_at", Form.INSTANT, required=True),
    Column("amount", Form.MONEY, required=True),
    Column("currency", Form.CURRENCY),
    Column("status", longest=100),
    Column("cancelled_at", Form.INSTANT),
)
AUTHOR_TYPES: Final = ("customer", "agent", "bot", "automation", "third_party")
MESSAGES: Final = (
    Column("ticket", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("at", Form.INSTANT, required=True),
    Column("author_type", Form.WORD, required=True, choices=frozenset(AUTHOR_TYPES)),
    Column("author", longest=200),
    Column("public", Form.MAYBE),
    Column("text", longest=100_000),
    Column("is_auto_reply", Form.TRUTH),
    Column("external_id", Form.REFERENCE, longest=_IDENTITY),
)
TIME_KINDS: Final = ("available", "break", "training", "absence", "handling", "related")
AGENT_TIME: Final = (
    Column("agent", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("starts_at", Form.INSTANT, required=True),
    Column("ends_at", Form.INSTANT, required=True),
    Column("kind", Form.WORD, required=True, choices=frozenset(TIME_KINDS)),
    Column("ticket", Form.REFERENCE, longest=_IDENTITY),
    Column("external_id", Form.REFERENCE, longest=_IDENTITY),
)
COST_CATEGORIES: Final = ("wages", "technology", "facilities", "training", "management", "other")
COSTS: Final = (
    Column("category", Form.WORD, required=True, choices=frozenset(COST_CATEGORIES)),
    Column("amount", Form.MONEY, required=True),
    Column("currency", Form.CURRENCY),
    Column("valid_from", Form.DATE, required=True),
    Column("valid_to", Form.DATE, required=True),
    Column("team", Form.REFERENCE, longest=_IDENTITY),
    Column("channel", longest=100),
    Column("external_id", Form.REFERENCE, longest=_IDENTITY),
)
RECORD_KINDS: Final = (
    "return",
    "availability_enquiry",
    "shipping_issue",
    "chat_conversion",
    "bug_report",
    "feature_request",
    "documentation",
    "downtime_notice",
    "compliance_enquiry",
    "account_issue",
    "regulatory_request",
    "security_notice",
    "appointment",
    "insurance_verification",
    "record_request",
    "onboarding",
    "outreach",
    "cross_sell",
    "upsell",
    "referral",
    "renewal",
    "touchpoint",
)
SERVICE_RECORDS: Final = (
    Column("kind", Form.CODE, required=True, longest=50),
    Column("external_id", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("customer", Form.REFERENCE, longest=_IDENTITY),
    Column("ticket", Form.REFERENCE, longest=_IDENTITY),
    Column("channel", longest=100),
    Column("group", Form.WORD, choices=frozenset({"control", "treated"})),
    Column("started_at", Form.INSTANT, required=True),
    Column("acknowledged_at", Form.INSTANT),
    Column("due_at", Form.INSTANT),
    Column("finished_at", Form.INSTANT),
    Column("outcome", longest=100),
    Column("amount", Form.MONEY),
    Column("score", Form.NUMBER),
)
SURVEY_KINDS: Final = tuple(scales.KINDS)

SURVEY_RESPONSES: Final = (
    Column("external_id", Form.REFERENCE, required=True, longest=_IDENTITY),
    Column("survey", Form.REFERENCE, longest=_IDENTITY),
    Column("survey_kind", Form.WORD, choices=frozenset(SURVEY_KINDS)),  # may also be said once for the whole file
    Column("score", Form.SCORE, required=True),
    Column("scale_min", Form.SCORE),
    Column("scale_max", Form.SCORE),
    Column("answered_at", Form.INSTANT, required=True),
    Column("invited_at", Form.INSTANT),
    Column("comment", longest=10_000),
    Column("customer", Form.REFERENCE, longest=_IDENTITY),
    Column("customer_email", Form.REFERENCE, longest=_IDENTITY),
    Column("ticket", Form.REFERENCE, longest=_IDENTITY),
    Column("channel", longest=100),
    Column("category", longest=200),
    Column("team", Form.REFERENCE, longest=_IDENTITY),
    Column("agent", Form.REFERENCE, longest=_IDENTITY),
    Column("language", longest=10),
)
KINDS: Final[Mapping[str, tuple[Column, ...]]] = {
    "customers": CUSTOMERS,
    "subscriptions": SUBSCRIPTIONS,
    "orders": ORDERS,
    "tickets": TICKETS,
    "ticket_events": TICKET_EVENTS,
    "messages": MESSAGES,
    "agent_time": AGENT_TIME,
    "costs": COSTS,
    "service_records": SERVICE_RECORDS,
    "survey_responses": SURVEY_RESPONSES,
}
ALL_KINDS: Final = tuple(KINDS)
REPORTED: Final = "reported"
# The columns that we add to a file of rejected rows; they mean nothing when it comes back mended.
REJECTION_COLUMNS: Final = ("plumbline_line", "plumbline_column", "plumbline_reason", "plumbline_message")


def normal(name: str) -> str:
    """A header cell as it is compared: without case, spaces and underscores."""
    return name.casefold().replace("_", "").replace(" ", "").replace("\u00a0", "").replace("\ufeff", "")
