"""HubSpot's tickets: properties under their internal names (API, JSON) or under their English labels (CSV, XLSX)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from metrics.sources import helpdesks
from metrics.sources.reader import Layout
from metrics.sources.reported import BUSINESS, CALENDAR, MILLISECOND, Duration
from metrics.sources.rows import Options, Row
from metrics.sources.table import Table

_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("hs_object_id", "record id", "ticket id", "objectId", "id"),
    "customer": ("associated contact ids", "associated contact id", "hs_primary_contact_id"),
    "customer_email": ("associated contact email", "contact email", "hs_primary_contact_email"),
    "subject": ("subject", "ticket name"),
    "channel": ("source_type", "source"),
    "category": ("hs_ticket_category", "category"),
    "priority": ("hs_ticket_priority", "priority"),
    "status": ("hs_pipeline_stage", "ticket status", "pipeline stage"),
    "team": ("hubspot_team_id", "hubspot team"),
    "agent": ("ticket owner email", "ticket owner", "hubspot_owner_id"),
    "language": ("hs_detected_language",),
    "created_at": ("createdate", "create date", "createdAt"),
    "first_assigned_at": ("hubspot_owner_assigneddate", "owner assigned date"),
    "first_agent_reply_at": (
        "hs_first_agent_message_sent_at", "first agent message sent date", "first_agent_reply_date",
        "first agent email response date",
    ),
    "solved_at": ("hs_last_closed_date", "last closed date", "closed_date", "close date"),
    "due_at": ("hs_time_to_close_sla_at", "time to close sla due date"),
    "is_outbound": ("hs_outbound_ticket", "outbound ticket"),
    "is_deleted": ("archived",),
    "fcr": ("hs_is_one_touch_ticket", "is one touch ticket", "first contact resolution"),
    "sla_met": ("hs_time_to_close_sla_status", "time to close sla ticket status", "time to close sla status"),
    "satisfaction_score": ("hs_last_csat_rating", "last csat survey rating", "last csat rating"),
    "satisfaction_comment": ("hs_last_csat_follow_up", "last csat survey comment"),
    "satisfaction_at": ("hs_last_csat_date", "last csat survey date"),
}  # fmt: skip
# Labels of durations carry how they are written: "Time to close (HH:mm:ss)". Plain numbers are milliseconds.
_MEASURES: Final = {
    ("time_to_close", "time to close"): ("resolution_time", CALENDAR),
    ("time_to_first_agent_reply", "time to first agent email reply"): ("first_response_time", CALENDAR),
    ("hs_time_to_first_rep_assignment", "time to first rep assignment"): ("first_assignment_time", CALENDAR),
    ("hs_time_to_close_in_operating_hours", "time to close in sla hours"): ("resolution_time", BUSINESS),
    ("hs_time_to_first_response_in_operating_hours", "time to first response in sla hours"): (
        "first_response_time", BUSINESS,
    ),
}  # fmt: skip
_DURATIONS: Final = {
    f"{name}{ending}": Duration(measure, clock, MILLISECOND)
    for names, (measure, clock) in _MEASURES.items()
    for name in names
    for ending in ("", " (HH:mm:ss)", " (ms)")
}
_E_MAIL_ONLY: Final = ("first_agent_reply_date", "first agent email response date")
_REOPENED: Final = ("hs_ticket_reopened_at", "ticket reopen date", "reopened date", "reopened at")
_STAGES: Final = {"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}  # of the first pipeline
_SLA: Final = {
    **dict.fromkeys(("3", "on time", "completed on time", "completed_on_time"), "true"),
    **dict.fromkeys(("4", "late", "completed late", "completed_late", "1", "overdue"), "false"),
    **dict.fromkeys(("0", "active", "active sla", "2", "due soon", "due_soon", "paused", "canceled"), ""),
}
_TELLING: Final = frozenset(
    {"hubspotownerid", "hubspotteamid", "hubspotteam"}
    | {"ticketowner", "ticketname", "ticketstatus", "pipeline", "ownerassigneddate", "lastcustomerreplydate"}
)


def recognises_tickets(names: frozenset[str]) -> bool:
    is_ticket = not names.isdisjoint({"hsobjectid", "recordid", "ticketid", "objectid", "id"})
    is_dated = not names.isdisjoint({"createdate", "createdat"})
    internal = sum(name.startswith("hs") for name in names)
    return is_ticket and is_dated and len(names & _TELLING) + internal >= 2


class Tickets(helpdesks.Tickets):
    """Each ticket that others were merged into; the others are not in the export."""

    layout = Layout(
        format="hubspot",
        kind="tickets",
        makes="tickets",
        columns=helpdesks.COLUMNS_WITH_PHRASES,
        aliases=_ALIASES,
        joined=("created_at", "first_agent_reply_at", "solved_at"),
        durations=_DURATIONS,
        words={"status": _STAGES, "sla_met": _SLA},
    )
    open_statuses = frozenset({"new", "waiting on contact", "waiting on us"})

    def __init__(self, table: Table, options: Options) -> None:
        super().__init__(table, options)
        reply = self.used.get("first_agent_reply_at")
        if reply is not None and reply in (self.place(name) for name in _E_MAIL_ONLY if self.has(name)):
            self.notes.add("replies_by_email_only", table.header[reply])
        self._reopened = next((name for name in _REOPENED if self.has(name)), "")

    def is_open(self, row: Row) -> bool:
        said = self.text(row, "hs_is_closed").casefold()
        return said == "false" if said else super().is_open(row)

    def derive(self, row: Row) -> Mapping[str, Any]:
        """How often a ticket was reopened is not told, only whether."""
        values = row.values
        found: dict[str, Any] = {}
        reopens = None
        if self._reopened:
            reopens = found["reopens"] = int(bool(self.text(row, self._reopened)))
        if "solved_at" in values:
            is_open = self.is_open(row)
            found["solved_at"] = None if is_open else values["solved_at"]
            found["first_solved_at"] = found["solved_at"] if reopens == 0 else None
        if "customer" in values:
            found["customer"] = values["customer"].partition(";")[0].strip()
        return found
