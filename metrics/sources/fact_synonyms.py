"""Other words for our columns in files that no help desk writes: the likelier one first."""

from collections.abc import Mapping, Sequence
from typing import Final

_CUSTOMER: Final = (
    "customer id", "customerid", "client id", "account id", "company id", "user id", "contact id", "client", "account",
    "customer email", "email",
)  # fmt: skip
_TICKET: Final = ("ticket id", "ticket number", "ticket no", "case id", "case number", "conversation id", "issue id")
_CURRENCY: Final = ("currency code", "iso currency")

CUSTOMERS: Final[Mapping[str, Sequence[str]]] = {
    "external_id": (
        "customer id", "customer number", "customer no", "client id", "account id", "contact id", "user id", "id",
        "customer",
    ),
    "name": ("customer name", "full name", "contact name", "account name", "display name"),
    "email": ("e-mail", "email address", "e-mail address", "customer email", "contact email"),
    "company": ("organisation", "organization", "company name", "account"),
    "segment": ("customer segment", "customer group", "group"),
    "tier": ("customer tier", "level", "class", "service level"),
    "country": ("country code", "region", "location"),
    "language": ("locale", "lang"),
    "time_zone": ("timezone", "tz"),
    "signed_up_on": (
        "signed up", "signup date", "sign up date", "signed up at", "customer since", "created at", "created",
        "start date", "joined", "registered",
    ),
    "left_on": ("left", "left at", "churned", "churn date", "churned at", "end date", "cancelled on", "closed on"),
    "leave_reason": ("reason for leaving", "churn reason", "exit reason", "cancellation reason", "reason"),
}  # fmt: skip
SUBSCRIPTIONS: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("subscription id", "subscription number", "contract id", "subscription", "id"),
    "customer": _CUSTOMER,
    "plan": ("plan name", "product", "package", "tariff"),
    "is_premium": ("premium",),
    "mrr": ("monthly recurring revenue", "monthly amount", "monthly price", "amount", "price"),
    "currency": _CURRENCY,
    "started_on": ("started", "start", "start date", "started at", "created", "created at", "begins on"),
    "ended_on": ("ended", "end", "end date", "ended at", "cancelled on", "canceled at"),
    "cancel_requested_on": ("cancel requested", "cancellation requested", "cancel requested at", "cancellation date"),
    "renewal_due_on": ("renewal due", "renewal date", "renews on", "next renewal"),
    "renewed_on": ("renewed", "renewed at"),
    "trial_ends_on": ("trial end", "trial ends", "trial end date", "trial ends at"),
}  # fmt: skip
ORDERS: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("order id", "order number", "order no", "invoice", "invoice number", "invoice no", "order", "id"),
    "customer": _CUSTOMER,
    "placed_at": (
        "placed", "ordered at", "order date", "ordered on", "invoice date", "date", "created at", "created",
    ),
    "amount": ("total", "order total", "total amount", "revenue", "value", "total price", "invoice total", "price"),
    "currency": _CURRENCY,
    "status": ("order status", "state", "financial status"),
    "cancelled_at": ("cancelled", "canceled at", "cancelled on", "cancellation date"),
}  # fmt: skip
MESSAGES: Final[Mapping[str, Sequence[str]]] = {
    "ticket": _TICKET,
    "at": ("time", "timestamp", "date", "sent at", "created at", "created"),
    "author_type": ("author kind", "sender type", "from type", "role", "type"),
    "author": ("author name", "sender", "from", "user", "agent"),
    "public": ("is public", "visible"),
    "text": ("body", "message", "content", "comment"),
    "is_auto_reply": ("auto reply", "automatic", "is automatic"),
    "external_id": ("message id", "comment id", "id"),
}  # fmt: skip
AGENT_TIME: Final[Mapping[str, Sequence[str]]] = {
    "agent": ("agent id", "agent email", "agent name", "employee", "user", "assignee"),
    "starts_at": ("start", "starts", "started at", "start time", "begin", "from"),
    "ends_at": ("end", "ends", "ended at", "end time", "to", "until"),
    "kind": ("activity", "state", "status", "type", "aux"),
    "ticket": _TICKET,
    "external_id": ("shift id", "entry id", "id"),
}  # fmt: skip
COSTS: Final[Mapping[str, Sequence[str]]] = {
    "category": ("kind", "type", "cost category", "cost type"),
    "amount": ("cost", "costs", "total", "sum", "value"),
    "currency": _CURRENCY,
    "valid_from": ("from", "start", "start date", "first day"),
    "valid_to": ("to", "until", "end", "end date", "last day"),
    "team": ("group", "department", "cost centre", "cost center"),
    "channel": ("via",),
    "external_id": ("cost id", "entry id", "id"),
}  # fmt: skip
SERVICE_RECORDS: Final[Mapping[str, Sequence[str]]] = {
    "kind": ("record kind", "record type", "type", "category"),
    "external_id": ("record id", "case id", "number", "id"),
    "customer": _CUSTOMER,
    "ticket": _TICKET,
    "channel": ("via",),
    "group": ("test group", "arm"),
    "started_at": ("started", "start", "requested at", "reported at", "opened at", "created at", "created", "date"),
    "acknowledged_at": ("acknowledged", "confirmed at", "first response at"),
    "due_at": ("due", "due date", "deadline", "promised for"),
    "finished_at": ("finished", "done at", "completed at", "resolved at", "closed at", "processed at"),
    "outcome": ("result", "resolution", "status"),
    "amount": ("value", "total", "revenue"),
    "score": ("rating", "points"),
}  # fmt: skip
