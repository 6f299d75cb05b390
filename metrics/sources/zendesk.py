"""Zendesk: the Support export (CSV, XLSX), tickets and ticket metrics of the API (JSON), and metric events.

Its exports tell how long the first reply took, but not when it came; only the metric events do.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from metrics.sources import helpdesks
from metrics.sources.columns import TICKETS
from metrics.sources.order import Seen
from metrics.sources.reader import Layout
from metrics.sources.reported import BUSINESS, CALENDAR, HOUR, MINUTE, Duration
from metrics.sources.rows import Options, Row
from metrics.sources.table import Line, Table

_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("ticket_id", "id"),
    "customer": ("requester id",),
    "customer_email": ("requester email",),
    "channel": ("via.channel", "via"),
    "category": ("category [list]", "category [txt]"),
    "type": ("ticket type", "type"),
    "team": ("group", "group_id"),
    "agent": ("assignee email", "assignee", "assignee_id"),
    "created_at": ("created at",),
    "first_assigned_at": ("initially assigned at", "metric_set.initially_assigned_at"),
    "solved_at": ("solved at", "metric_set.solved_at"),
    "due_at": ("due date", "due_at"),
    "reopens": ("reopens", "metric_set.reopens"),
    "agent_replies": ("replies", "metric_set.replies"),
    "satisfaction_score": ("satisfaction score", "satisfaction_rating.score"),
    "satisfaction_comment": ("satisfaction comment", "satisfaction_rating.comment"),
}
_MEASURES: Final = {
    "first_response_time": ("First reply time", "reply_time"),
    "first_resolution_time": ("First resolution time", "first_resolution_time"),
    "resolution_time": ("Full resolution time", "full_resolution_time"),
    "agent_wait_time": ("Agent wait time", "agent_wait_time"),
    "requester_wait_time": ("Requester wait time", "requester_wait_time"),
    "on_hold_time": ("On hold time", "on_hold_time"),
}


def _durations() -> Iterator[tuple[str, Duration]]:
    for measure, (label, name) in _MEASURES.items():
        for clock, ending in ((CALENDAR, ""), (BUSINESS, " within business hours")):
            duration = Duration(measure, clock, MINUTE)
            yield f"{label} in minutes{ending}", duration
            yield f"{name}_in_minutes.{clock}", duration
            yield f"metric_set.{name}_in_minutes.{clock}", duration
    yield "Resolution time", Duration("rounded_resolution_time", CALENDAR, HOUR)


_GOOD, _BAD = "2", "1"  # of two points
_RATINGS: Final = {
    **dict.fromkeys(("good", "good with comment", "goodwithcomment", "good_with_comment"), _GOOD),
    **dict.fromkeys(("bad", "bad with comment", "badwithcomment", "bad_with_comment"), _BAD),
    **dict.fromkeys(("offered", "not offered", "unoffered", "not_offered"), ""),
}
_TELLING: Final = frozenset(
    {"groupstations", "assigneestations", "initiallyassignedat", "requesterexternalid", "requesterdomain"}
    | {"firstreplytimeinminutes", "firstresolutiontimeinminutes", "fullresolutiontimeinminutes"}
    | {"replytimeinminutes.calendar", "fullresolutiontimeinminutes.calendar", "requesterwaittimeinminutes.calendar"}
    | {"via.channel", "submitterid", "brandid", "satisfactionrating.score", "problemid"}
)
_METRICS: Final = frozenset({"ticketid", "metric", "instanceid", "type", "time"})
_MERGED: Final = "closed_by_merge"  # the tag that Zendesk gives a ticket that became part of another


def recognises_tickets(names: frozenset[str]) -> bool:
    is_ticket = "createdat" in names and not names.isdisjoint({"id", "ticketid"})
    return is_ticket and ("summationcolumn" in names or len(names & _TELLING) >= 2)


def recognises_events(names: frozenset[str]) -> bool:
    return names >= _METRICS


class Tickets(helpdesks.Tickets):
    """A row a ticket. Ticket metrics have no names: what they lack stays as it is, and the time at which a metric came
    into being is that of its ticket only where nothing else is known."""

    layout = Layout(
        format="zendesk",
        kind="tickets",
        makes="tickets",
        columns=TICKETS,
        aliases=_ALIASES,
        durations=dict(_durations()),
        words={"satisfaction_score": _RATINGS},
        ignored=("Summation column",),
    )
    open_statuses = frozenset({"new", "open", "pending", "hold", "on-hold", "on hold"})

    def __init__(self, table: Table, options: Options) -> None:
        super().__init__(table, options)
        is_metrics = self.has("ticket_id") and not self.has("subject")
        self.only_new = ("created_at",) if is_metrics else ()

    def derive(self, row: Row) -> Mapping[str, Any]:
        values = row.values
        found: dict[str, Any] = {}
        if "solved_at" in values:
            is_open = self.is_open(row)
            found["first_solved_at"] = helpdesks.first_solved(
                values["solved_at"], values.get("reopens"), is_open=is_open
            )
            found["solved_at"] = None if is_open else values["solved_at"]
        if self.has("assignee stations") or self.has("metric_set.assignee_stations"):
            found["reassignments"] = self._reassignments(row)
        if "status" in values:
            found["is_deleted"] = values["status"].casefold() == "deleted"
        if "tags" in values:
            is_merged = _MERGED in values["tags"].replace(",", " ").split()
            found["merged_into"] = helpdesks.MERGED_SOMEWHERE if is_merged else ""
        if "satisfaction_score" in values:
            found["satisfaction_scale"] = self._scale(row)
        return found

    def _reassignments(self, row: Row) -> int | None:
        """Stations are assignments, and the first is no hand-over."""
        stations = self.text(row, "assignee stations") or self.text(row, "metric_set.assignee_stations")
        return max(int(stations) - 1, 0) if stations.isdecimal() else None

    def _scale(self, row: Row) -> int | None:
        if row.values["satisfaction_score"] is None:
            return None
        said = row.cells[self.used["satisfaction_score"]].strip().casefold()
        return 2 if said in _RATINGS else 5


class TicketEvents(helpdesks.TicketEvents):
    """Of the metric events those that tell what happened: replies by agents, and when a ticket changed between open,
    pending, on hold and solved. Agents' work stands still while it is pending or on hold, the requester's wait only
    while it is pending; so the two together tell one from the other."""

    layout = Layout(
        format="zendesk",
        kind="ticket_events",
        makes="events",
        columns=helpdesks.EVENT_COLUMNS,
        aliases={"ticket": ("ticket_id",), "at": ("time",), "kind": ("type",), "external_id": ("id",)},
    )
    from_events = ("first_agent_reply_at",)

    def survey(self, most: int | None = None) -> None:
        self._turns, self._requester_pauses = Seen(), Seen()
        super().survey(most)

    def event(self, row: Row) -> Mapping[str, Any]:
        metric, what = self.text(row, "metric"), row.values["kind"].casefold()
        if self.text(row, "deleted").casefold() == "true":
            return {}
        if (metric, what) == ("reply_time", "fulfill"):
            return {"kind": "reply", "actor_type": "agent"}
        status = self._status(metric, what, self._moment(row.cells))
        return {"kind": "status", "to_value": status} if status else {}

    def _status(self, metric: str, what: str, moment: str) -> str:
        if metric == "agent_work_time":
            is_pending = moment in self._requester_pauses or not self._requester_pauses
            return {"activate": "open", "pause": "pending" if is_pending else "hold", "fulfill": "solved"}.get(what, "")
        if metric == "requester_wait_time" and moment not in self._turns:
            return {"activate": "hold", "pause": "pending"}.get(what, "")
        return ""

    def _moment(self, cells: Sequence[str]) -> str:
        return "\x1f".join(cells[self.used[name]].strip() for name in ("ticket", "at"))

    def _noted(self, lines: Iterator[Line], dates: set[str]) -> Iterator[Line]:
        return super()._noted(self._marked(lines), dates)

    def _marked(self, lines: Iterator[Line]) -> Iterator[Line]:
        metric_at, what_at = self.place("metric"), self.used["kind"]
        for line in lines:
            if len(line.cells) == len(self.table.header) and not line.trouble:
                metric, what = line.cells[metric_at], line.cells[what_at]
                if metric == "agent_work_time" and what in ("activate", "pause", "fulfill"):
                    self._turns.add(self._moment(line.cells))
                elif (metric, what) == ("requester_wait_time", "pause"):
                    self._requester_pauses.add(self._moment(line.cells))
            yield line
