"""Other words for our columns, as help desks and people write them: the likelier one first."""

from collections.abc import Mapping, Sequence
from typing import Final

TICKETS: Final[Mapping[str, Sequence[str]]] = {
    "external_id": (
        "ticket id", "ticket number", "ticket no", "ticket", "id", "number", "case id", "case number", "request id",
        "conversation id", "issue id", "reference",
    ),
    "customer": ("customer id", "requester id", "requester", "contact id", "contact", "client", "caller"),
    "customer_email": (
        "customer e-mail", "requester email", "requester e-mail", "contact email", "client email", "email", "e-mail",
    ),
    "subject": ("title", "summary", "short description"),
    "channel": ("via", "source", "contact type", "ticket channel"),
    "category": ("topic", "issue category"),
    "type": ("ticket type", "request type"),
    "priority": ("ticket priority", "urgency"),
    "status": ("ticket status", "state"),
    "team": ("group", "queue", "department", "assigned group", "assignment group", "assignee group"),
    "agent": ("assignee", "owner", "assigned to", "agent name", "assigned agent", "assignee name", "responsible"),
    "language": ("locale", "ticket language"),
    "tags": ("labels", "ticket tags"),
    "created_at": (
        "created", "created date/time", "created date", "created time", "date created", "created on", "creation date",
        "opened", "opened at", "open date", "submitted", "submitted at", "received at",
    ),
    "first_assigned_at": ("first assigned", "assigned at", "initially assigned at"),
    "first_agent_reply_at": (
        "first response", "first reply", "first response at", "first reply at", "first responded at", "first answer",
        "first response date", "first response timestamp",
    ),
    "first_solved_at": ("first solved", "first resolved", "first resolved at", "first resolution"),
    "solved_at": (
        "solved", "resolved", "resolved at", "resolved date/time", "resolved date", "date resolved", "resolved on",
        "solved date", "solved on", "resolution date",
    ),
    "closed_at": ("closed", "closed date/time", "closed date", "date closed", "closed on", "close date"),
    "due_at": ("due", "due date", "due by", "deadline"),
    "reopens": ("reopen count", "reopened count", "times reopened"),
    "agent_replies": ("agent reply count", "agent interactions"),
    "customer_replies": ("customer reply count", "customer interactions"),
    "reassignments": ("reassignment count", "assignment changes"),
    "is_spam": ("spam",),
    "is_deleted": ("deleted",),
    "is_test": ("test ticket",),
    "merged_into": ("merged into ticket", "merged ticket id"),
    "fcr": ("first contact resolution", "resolved on first contact"),
    "sla_met": ("sla fulfilled", "met sla", "made sla"),
    "satisfaction_score": ("satisfaction rating", "csat", "csat score", "rating"),
    "satisfaction_comment": ("satisfaction feedback", "csat comment", "rating comment"),
    "satisfaction_at": ("rated at", "csat date"),
}  # fmt: skip
TICKET_EVENTS: Final[Mapping[str, Sequence[str]]] = {
    "ticket": ("ticket id", "ticket number", "ticket no", "case id", "case number", "conversation id", "issue id"),
    "at": ("time", "timestamp", "date/time", "date", "created at", "created", "event time", "happened at"),
    "kind": ("event", "event type", "type", "action", "field"),
    "from_value": ("from", "old value", "previous value", "before"),
    "to_value": ("to", "new value", "value", "after"),
    "actor_type": ("author type", "actor kind"),
    "actor": ("author", "user", "changed by", "by", "agent"),
    "external_id": ("event id", "id"),
}
