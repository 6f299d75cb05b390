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
SURVEY_RESPONSES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": (
        "response id", "survey response id", "answer id", "rating id", "submission id", "feedback id", "review id",
        "survey id", "id", "respondent id", "link to the conversation", "permalink",
    ),
    "survey": ("survey slug", "survey name", "project", "form"),
    "survey_kind": ("survey type", "kind of survey", "metric", "question type", "kind"),
    "score": (
        "rating", "survey score", "csat score", "nps score", "ces score", "csat rating", "satisfaction score",
        "satisfaction rating", "csat", "nps", "ces", "survey results", "survey result", "customer rating", "answer",
        "grade", "value",
    ),
    "scale_min": ("lowest score", "minimum score", "min score", "scale from", "scale start"),
    "scale_max": ("highest score", "maximum score", "max score", "out of", "scale to", "scale end", "scale"),
    "answered_at": (
        "responded at", "response date", "response time", "answered", "answered on", "answer date", "submitted at",
        "submission date", "submission time", "completed at", "rated at", "recorded at", "recorded date", "end date",
        "survey response date", "survey response submission date", "rating date", "date", "timestamp", "created at",
        "created", "survey date",
    ),
    "invited_at": (
        "invited", "sent at", "survey sent at", "survey sent", "sent date", "send date", "date sent", "sent on",
        "survey sent date", "requested at", "distributed at", "recipient sent at",
    ),
    "comment": (
        "feedback", "feedback comment", "comments", "customer comment", "csat comment", "rating comment", "verbatim",
        "free text", "additional feedback", "feedback message", "satisfaction comment", "message", "reason",
    ),
    "customer": (
        "customer id", "contact id", "requester id", "person id", "user id", "requester", "contact", "contact name",
        "customer name", "person name", "client", "full name",
    ),
    "customer_email": (
        "customer e-mail", "email", "e-mail", "email address", "e-mail address", "person email", "contact email",
        "contact email address", "requester email", "respondent email", "recipient email", "user email",
    ),
    "ticket": (
        "ticket id", "ticket number", "ticket no", "case id", "case number", "request id", "conversation id",
        "conversation", "case", "issue id",
    ),
    "channel": ("via", "survey channel", "ticket channel"),
    "category": ("topic", "issue category", "service type"),
    "team": ("group", "department", "queue", "assigned team", "assigned group", "ticket group", "team name"),
    "agent": (
        "assignee", "agent name", "assigned agent", "assignee name", "assigned to", "owner", "agent email",
        "rated agent",
    ),
    "language": ("locale", "survey language", "lang"),
}  # fmt: skip
