"""What the exports of help desks have in common: facts that follow from other columns of the same row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from metrics.sources import generic
from metrics.sources.columns import EVENT_KINDS, TICKET_EVENTS, TICKETS, Form
from metrics.sources.rows import Fault, Row
from metrics.sources.table import Line

# Merged, but the export does not say with which ticket; no ticket has this number.
MERGED_SOMEWHERE: Final = "?"

# What happened is said in words of the system.
EVENT_COLUMNS: Final = tuple(
    replace(column, form=Form.TEXT, longest=100) if column.name == "kind" else column for column in TICKET_EVENTS
)

# Where tags may be of several words, only commas separate them.
COLUMNS_WITH_PHRASES: Final = tuple(
    replace(column, form=Form.LABELS_BY_COMMA) if column.name == "tags" else column for column in TICKETS
)


class Tickets(generic.Tickets):
    """Subclasses say in `derive` what else a row says. Columns that somebody has mapped are left alone."""

    open_statuses: frozenset[str] = frozenset()

    def derive(self, row: Row) -> Mapping[str, Any]:
        """Further canonical columns of a row; always the same ones."""
        raise NotImplementedError

    def is_open(self, row: Row) -> bool:
        """Whether somebody has to do something about it, whatever instants the row still has."""
        return (row.values.get("status") or "").casefold() in self.open_statuses

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Row):
            derived = self.derive(row)
            row.values |= {name: value for name, value in derived.items() if name not in self.options.mapping}
        return row


class TicketEvents(generic.TicketEvents):
    """Subclasses say in `event` what a row means; one that means none of our events is left out and counted."""

    def event(self, row: Row) -> Mapping[str, Any]:
        """What is known of the event beside its ticket and time; nothing where it is none of ours."""
        raise NotImplementedError

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Row):
            said = row.values["kind"].casefold()
            known = {"kind": said} if said in EVENT_KINDS else {"kind": "", **self.event(row)}
            row.values = {"to_value": "", "actor_type": "", **row.values, **known}
        return row


def first_solved(solved_at: Any, reopens: int | None, *, is_open: bool) -> Any:
    """The first solve is known of a ticket that was solved once; what is open now was solved as often as reopened."""
    solves = None if reopens is None else reopens + (not is_open)
    return solved_at if solves == 1 else None
