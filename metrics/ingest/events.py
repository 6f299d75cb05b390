"""Ticket events, each found again by its own id, or by what it says and its number among equal ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from metrics.ingest import filling
from metrics.ingest.naming import named_tickets, note_early, with_known_tickets
from metrics.ingest.session import Outcome, Session
from metrics.ingest.settling import settled
from metrics.ingest.upsert import digest, fingerprint, upsert
from metrics.models import Among, TicketEvent
from metrics.sources.rows import Row

_IDENTITY: Final = ("ticket_id", "key")
_IN_ORDER: Final = ("at", "kind", "from_value", "to_value", "actor_type", "actor")
_PLAIN: Final = frozenset(_IN_ORDER)

Columns = dict[str, Any]


def write(rows: list[Row], session: Session) -> Outcome:
    """One batch of the kind `ticket_events`. Runs inside a transaction."""
    outcome = Outcome()
    fit = with_known_tickets(rows, session, outcome)
    tickets = named_tickets(fit, session.source)
    events = [_columns(row, tickets[row.values["ticket"]]) for row in fit]
    known = _hashes(events)
    new = [one for one in events if _identity(one) not in known]
    changed = [one for one in events if known.get(_identity(one), one["row_hash"]) != one["row_hash"]]
    if differing := [*new, *changed]:
        note_early([(one["ticket_id"], one["at"]) for one in differing], session)
        with settled(sorted({one["ticket_id"] for one in changed})) as ids:
            ids.extend(sorted({one["ticket_id"] for one in new} - set(ids)))
            store(differing, changed, session)
    filling.fill({one["ticket_id"] for one in events}, session)
    outcome.created, outcome.updated = len(new), len(changed)
    outcome.unchanged = len(events) - len(differing)
    outcome.written["ticket_events"] = len(differing)
    return outcome


def store(events: Sequence[Columns], changed: Sequence[Columns], session: Session) -> None:
    """Insert events, or change those with the same ticket and key: `changed` are those."""
    update = [name for name in events[0] if name not in _IDENTITY]
    if changed:
        session.journal.updated(TicketEvent, _same(changed).values("pk", *update))
    with session.journal.creating(TicketEvent):
        upsert(TicketEvent, events, conflict=_IDENTITY, update=update)


def _same(events: Sequence[Columns]) -> "QuerySet[TicketEvent]":
    tickets, keys = {one["ticket_id"] for one in events}, {one["key"] for one in events}
    return TicketEvent.objects.filter(Among("ticket_id", tickets), Among("key", keys))


def _identity(event: Columns) -> tuple[int, str]:
    return event["ticket_id"], event["key"]


def _hashes(events: Sequence[Columns]) -> dict[tuple[int, str], bytes]:
    """The fingerprints of those that are stored already."""
    rows = _same(events)
    return {(ticket, key): bytes(digest) for ticket, key, digest in rows.values_list("ticket_id", "key", "row_hash")}


def _columns(row: Row, ticket: int) -> Columns:
    values = dict(row.values)
    number, own = values.pop("occurrence"), values.pop("external_id", "")
    del values["ticket"]
    key = fingerprint({"id": own}) if own else identity(values["at"], values["kind"], number)
    return {**values, "ticket_id": ticket, "key": f"row:{key.hex()}", "row_hash": _said(values)}


def _said(values: Columns) -> bytes:
    """The fingerprint of all that an event says: of a plain one written down by hand, because there are many."""
    if not values.keys() <= _PLAIN:
        return fingerprint(values)
    return digest("\x1f".join([f"{name}={values[name]}" for name in _IN_ORDER if name in values]))


def identity(at: datetime, kind: str, number: int) -> bytes:
    """The fingerprint of these three, written down by hand: kinds are plain words, and there are many events."""
    return digest(f'{{"at":"{at}","kind":"{kind}","number":{number}}}')
