"""Freshdesk's and Freshservice's ticket export. What it says "in hrs" is written as hours, minutes and seconds, in
business time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from metrics.sources import helpdesks
from metrics.sources.reader import Layout
from metrics.sources.reported import BUSINESS, CALENDAR, HOUR, Duration
from metrics.sources.rows import Row

_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("ticket id",),
    "customer": ("contact id", "requester id"),
    "customer_email": ("email", "requester email", "contact email"),
    "channel": ("source",),
    "team": ("group", "assigned group"),
    "agent": ("agent email", "agent"),
    "created_at": ("created time",),
    "first_agent_reply_at": ("initial response time",),
    "solved_at": ("resolved time",),
    "closed_at": ("closed time",),
    "due_at": ("due by time",),
    "agent_replies": ("agent interactions",),
    "customer_replies": ("customer interactions",),
    "sla_met": ("resolution status",),
    "satisfaction_score": ("survey results", "survey result"),
}
_POSITIVE, _NEUTRAL, _NEGATIVE = "3", "2", "1"  # how Freshdesk itself counts its scales of 2 to 7 points
_RATINGS: Final = {
    **dict.fromkeys(("extremely happy", "very happy", "happy", "103", "102", "101"), _POSITIVE),
    **dict.fromkeys(("neutral", "100"), _NEUTRAL),
    **dict.fromkeys(("unhappy", "very unhappy", "extremely unhappy", "-101", "-102", "-103"), _NEGATIVE),
    **dict.fromkeys(("no response", "not rated", "none"), ""),
}
_NOBODY: Final = dict.fromkeys(("no agent", "no group", "unassigned", "--", "none"), "")
_DURATIONS: Final = {
    "First response time (in hrs)": Duration("first_response_time", BUSINESS, HOUR),
    "Resolution time (in hrs)": Duration("resolution_time", BUSINESS, HOUR),
    "Time tracked": Duration("handling_time", CALENDAR, HOUR),
    "Time spent": Duration("handling_time", CALENDAR, HOUR),
}
_TELLING: Final = frozenset(
    {"initialresponsetime", "firstresponsetime(inhrs)", "resolutiontime(inhrs)", "resolvedtime", "duebytime"}
    | {"agentinteractions", "firstresponsestatus", "resolutionstatus", "everyresponsestatus", "surveyresults"}
)


def recognises_tickets(names: frozenset[str]) -> bool:
    return names >= {"ticketid", "createdtime"} and len(names & _TELLING) >= 2


class Tickets(helpdesks.Tickets):
    layout = Layout(
        format="freshdesk",
        kind="tickets",
        makes="tickets",
        columns=helpdesks.COLUMNS_WITH_PHRASES,
        aliases=_ALIASES,
        durations=_DURATIONS,
        words={
            "satisfaction_score": _RATINGS,
            "sla_met": {"within sla": "true", "sla met": "true", "sla violated": "false", "violated sla": "false"},
            "agent": _NOBODY,
            "team": _NOBODY,
        },
    )
    open_statuses = frozenset(
        {"open", "pending", "reopened", "waiting on customer", "waiting on third party", "awaiting your reply"}
    )

    def derive(self, row: Row) -> Mapping[str, Any]:
        values = row.values
        status = (values.get("status") or "").casefold()
        found: dict[str, Any] = {
            "merged_into": self._merged_into(row, status),
            "is_deleted": status == "deleted" or self._says(row, "deleted"),
            "is_spam": status == "spam" or self._says(row, "spam"),
        }
        if "channel" in values:
            found["is_outbound"] = values["channel"].casefold().startswith("outbound")
        if self.is_open(row):
            found |= {name: None for name in ("solved_at", "closed_at") if name in values}
        if "satisfaction_score" in values:
            found["satisfaction_scale"] = None if values["satisfaction_score"] is None else int(_POSITIVE)
        return found

    def _merged_into(self, row: Row, status: str) -> str:
        """Tickets that became part of another stay in the export, as closed ones."""
        if told := row.values.get("merged_into"):
            return str(told)
        is_merged = "merged" in status or "merged" in self.text(row, "association type").casefold()
        return helpdesks.MERGED_SOMEWHERE if is_merged else ""

    def _says(self, row: Row, name: str) -> bool:
        return self.text(row, name).casefold() in ("true", "yes", "1")
