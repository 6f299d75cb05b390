"""Ticket events, each found again by its own id, or by what it says and its number among equal ones."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from metrics.ingest.session import Outcome, Session
from metrics.ingest.settling import settled
from metrics.ingest.upsert import fingerprint, upsert
from metrics.models import Ticket, TicketEvent
from metrics.sources.faults import short
from metrics.sources.rows import Fault, Row

_IDENTITY: Final = ("ticket_id", "key")

Columns = dict[str, Any]


def write(rows: list[Row], session: Session) -> Outcome:
    """One batch of the kind `ticket_events`. Runs inside a transaction."""
    names = {row.values["ticket"] for row in rows}
    found = Ticket.objects.filter(source=session.source, external_id__in=names)
    tickets = dict(found.values_list("external_id", "id"))
    outcome = Outcome(faults=[_unknown(row, session.source) for row in rows if row.values["ticket"] not in tickets])
    events = [_columns(row, tickets[row.values["ticket"]]) for row in rows if row.values["ticket"] in tickets]
    known = _hashes(events)
    new = [one for one in events if _identity(one) not in known]
    changed = [one for one in events if known.get(_identity(one), one["row_hash"]) != one["row_hash"]]
    if differing := [*new, *changed]:
        with settled(sorted({one["ticket_id"] for one in differing})):
            store(differing)
    outcome.created, outcome.updated = len(new), len(changed)
    outcome.unchanged = len(events) - len(differing)
    outcome.written["ticket_events"] = len(differing)
    return outcome


def store(events: Sequence[Columns]) -> None:
    """Insert events, or change those with the same ticket and key."""
    upsert(TicketEvent, events, conflict=_IDENTITY, update=[name for name in events[0] if name not in _IDENTITY])


def _identity(event: Columns) -> tuple[int, str]:
    return event["ticket_id"], event["key"]


def _hashes(events: Sequence[Columns]) -> dict[tuple[int, str], bytes]:
    """The fingerprints of those that are stored already."""
    rows = TicketEvent.objects.filter(
        ticket__in={one["ticket_id"] for one in events}, key__in={one["key"] for one in events}
    )
    return {(ticket, key): bytes(digest) for ticket, key, digest in rows.values_list("ticket_id", "key", "row_hash")}


def _columns(row: Row, ticket: int) -> Columns:
    values = dict(row.values)
    number, own = values.pop("occurrence"), values.pop("external_id", "")
    del values["ticket"]
    identity = {"id": own} if own else {"at": values["at"], "kind": values["kind"], "number": number}
    return {**values, "ticket_id": ticket, "key": f"row:{fingerprint(identity).hex()}", "row_hash": fingerprint(values)}


def _unknown(row: Row, source: str) -> Fault:
    message = _("There is no ticket %(ticket)s in the source %(source)s; import the tickets first.")
    values = {"ticket": short(row.values["ticket"]), "source": source}
    return Fault(row.line, row.cells, "ticket", "unknown_ticket", message % values)
