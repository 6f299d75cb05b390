"""ServiceNow's incident table, as exported with one row an incident or one row a change (sys_mod_count)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from metrics.sources.columns import TICKETS, Column, Form, normal
from metrics.sources.instants import written_time
from metrics.sources.order import is_newer, newest
from metrics.sources.reader import Layout, Reader
from metrics.sources.reported import BUSINESS, CALENDAR, SECOND, Duration
from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.table import Line
from metrics.sources.trails import Snapshot, Trail

_MODIFIED, _AT, _BY = "sys_mod_count", "sys_updated_at", "sys_updated_by"
# The names of fields (CSV) and the labels of lists (Excel).
_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("number",),
    "customer": ("caller_id", "caller"),
    "subject": ("short_description",),
    "channel": ("contact_type",),
    "status": ("incident_state", "state"),
    "team": ("assignment_group",),
    "agent": ("assigned_to",),
    "created_at": ("opened_at", "opened"),
    "solved_at": ("resolved_at", "resolved"),
    "closed_at": ("closed",),
    "due_at": ("due_date",),
    "reopens": ("reopen_count",),
    "reassignments": ("reassignment_count",),
    "sla_met": ("made_sla",),
    _MODIFIED: ("updates",),
    _AT: ("sys_updated_on", "updated"),
    _BY: ("updated_by",),
}
_DURATIONS: Final[Mapping[str, Duration]] = {
    "business_stc": Duration("resolution_time", BUSINESS, SECOND),
    "calendar_stc": Duration("resolution_time", CALENDAR, SECOND),
    "business_duration": Duration("closing_time", BUSINESS, SECOND),
    "calendar_duration": Duration("closing_time", CALENDAR, SECOND),
    "time_worked": Duration("handling_time", CALENDAR, SECOND),
}
_TELLING: Final = (
    "incident_state",
    "sys_mod_count",
    "sys_updated_on",
    "sys_updated_at",
    "assignment_group",
    "made_sla",
)
_COUNT_STEP: Final = 1 << 34  # more seconds than any date of ours has
_MOST_CHANGES: Final = 1 << 28  # with that step the version of a row still fits into eight bytes
_ORDERING: Final = (
    Column(_AT, Form.INSTANT),
    Column(_MODIFIED, Form.COUNT, most=_MOST_CHANGES),
    Column(_BY, longest=200),
)
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (subtracted from its like only)


def recognises(names: frozenset[str]) -> bool:
    """Whether the columns are those of an incident table."""
    is_opened = not names.isdisjoint({"openedat", "opened"})
    return "number" in names and is_opened and any(normal(name) in names for name in _TELLING)


@lru_cache(maxsize=50_000)
def _clock(text: str, *, day_first: bool) -> datetime:
    return written_time(text, day_first=day_first) or datetime.min  # noqa: DTZ901 (compared with its like only)


class _Incidents(Reader):
    """Reads an incident together with what puts its snapshots in order."""

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Row):
            values = row.values
            if "first_solved_at" not in self.used:
                # resolved_at is the last solve: the first one only of what never came back.
                values["first_solved_at"] = values.get("solved_at") if values.get("reopens") == 0 else None
            if values.get(_MODIFIED) is not None or values.get(_AT) is not None:
                seconds = (self._clock_of(row) - _EPOCH).total_seconds()
                row.version = (values.get(_MODIFIED) or 0) * _COUNT_STEP + int(seconds)
        return row

    def _as_ticket(self, row: Row) -> Row:
        """Without the columns that only put snapshots in order."""
        for column in _ORDERING:
            row.values.pop(column.name, None)
        return self.complete(row)

    def _clock_of(self, row: Row) -> datetime:
        if row.values.get(_AT) is None:
            return _EPOCH
        return _clock(row.cells[self.used[_AT]].strip(), day_first=bool(self.options.day_first))


class Tickets(_Incidents):
    """Of each incident the row with the highest sys_mod_count."""

    layout = Layout(
        format="servicenow",
        kind="tickets",
        makes="tickets",
        columns=(*TICKETS, *_ORDERING),
        aliases=_ALIASES,
        durations=_DURATIONS,
        prefers_day_first=True,
    )

    def items(self) -> Iterator[Row | Fault | Superseded]:
        for item in newest(self.table.records(), self._latest, key=self._key, read=self._read):
            yield self._as_ticket(item) if isinstance(item, Row) else item


class TicketEvents(_Incidents):
    """The snapshots of each incident, together as soon as its last row has been read."""

    layout = replace(
        Tickets.layout,
        kind="ticket_events",
        makes="trails",
        columns=(*TICKETS, replace(_ORDERING[0], required=True), *_ORDERING[1:]),
    )

    def items(self) -> Iterator[Trail | Fault]:
        trails: dict[str, Trail] = {}
        for line, is_last in zip(self.table.records(), self._latest, strict=True):
            name, row = self._key(line), self._read(line)
            if isinstance(row, Fault):
                yield row
            else:
                trail = trails.setdefault(name, Trail(row, {}))
                trail.snapshots[row.line] = self._snapshot(row)
                if is_newer(row, trail.ticket):
                    trail.ticket = row
            if is_last and name in trails:
                trail = trails.pop(name)
                self._as_ticket(trail.ticket)
                yield trail

    def _snapshot(self, row: Row) -> Snapshot:
        values = row.values
        return Snapshot(
            modified=values.get(_MODIFIED) or 0,
            clock=self._clock_of(row).isoformat(sep=" "),
            at=values[_AT],
            actor=values.get(_BY) or "",
            status=values.get("status") or "",
            team=values.get("team") or "",
            assignee=values.get("agent") or "",
            priority=values.get("priority") or "",
            category=values.get("category") or "",
            reopens=values.get("reopens") or 0,
        )
