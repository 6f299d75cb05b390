"""Tickets: one row a ticket, found again by source and external id. Columns that a file lacks stay as they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from metrics.ingest import oddities
from metrics.ingest.references import Names
from metrics.ingest.session import Outcome, Session
from metrics.ingest.settling import settled
from metrics.ingest.upsert import fingerprint, upsert
from metrics.models import Among, Ticket
from metrics.sources.rows import Row

_IDENTITY: Final = ("source", "external_id")
_KEPT: Final = ("flags", "is_flagged", "row_hash", "source_version", "is_from_events")  # what we keep about the file
_NAMED: Final = frozenset({"customer", "customer_email", "team", "agent"})

Columns = dict[str, Any]


class Stored(NamedTuple):
    """What is known of a ticket before its batch is written."""

    id: int
    row_hash: bytes
    version: int | None
    is_from_events: bool

    def is_newer_than(self, row: Row) -> bool:
        return row.version is not None and self.version is not None and row.version < self.version


@dataclass(slots=True)
class Changes:
    """The columns of new tickets and of those that differ from what is stored."""

    new: list[Columns] = field(default_factory=list)
    changed: list[Columns] = field(default_factory=list)
    before: list[Columns] = field(default_factory=list)  # of those that differ, what is stored

    @property
    def changed_ids(self) -> list[int]:
        return [one["id"] for one in self.changed]


def write(rows: list[Row], session: Session) -> Outcome:
    """One batch of the kind `tickets`. Runs inside a transaction."""
    stored = find(session.source, (row.values["external_id"] for row in rows))
    changes = compare(rows, stored, session)
    if changes.new or changes.changed:
        with settled(changes.changed_ids) as ids:
            ids.extend(store(changes, session, is_from_events=False))
    _take_over(rows, stored, session)
    outcome = Outcome(created=len(changes.new), updated=len(changes.changed))
    outcome.unchanged = len(rows) - outcome.created - outcome.updated
    outcome.written["tickets"] = outcome.created + outcome.updated
    return outcome


def find(source: str, external_ids: Iterable[str]) -> dict[str, Stored]:
    columns = ("external_id", "id", "row_hash", "source_version", "is_from_events")
    rows = Ticket.objects.filter(Among("external_id", external_ids), source=source).values_list(*columns)
    return {name: Stored(pk, bytes(digest), version, flag) for name, pk, digest, version, flag in rows}


def compare(rows: Iterable[Row], stored: Mapping[str, Stored], session: Session) -> Changes:
    """What these rows would change. A fingerprint tells most rows that change nothing; the others are looked at
    column by column."""
    pending: list[tuple[Row, bytes]] = []
    for row in rows:
        digest, before = fingerprint(row.values), stored.get(row.values["external_id"])
        if before is None or not (before.is_newer_than(row) or before.row_hash == digest):
            pending.append((row, digest))
    changes = Changes()
    if not pending:
        return changes
    ready = [
        {**columns, "row_hash": digest, "source_version": row.version}
        for columns, (row, digest) in zip(_columns([row for row, _ in pending], session), pending, strict=True)
    ]
    now = _current([before.id for one in ready if (before := stored.get(one["external_id"]))], ready[0])
    for one in ready:
        before = stored.get(one["external_id"])
        if before is not None:
            _keep(one, now[before.id], session)
        if before is None:
            changes.new.append(_flagged(one, one, session))
        elif any(now[before.id][name] != one[name] for name in _told(one)):
            changes.changed.append(_flagged({**one, "id": before.id}, {**now[before.id], **one}, session))
            changes.before.append(now[before.id])
    return changes


def store(changes: Changes, session: Session, *, is_from_events: bool) -> list[int]:
    """Write them; the ids of the new ones."""
    new, changed = (
        [{**one, "is_from_events": is_from_events} for one in some] for some in (changes.new, changes.changed)
    )
    rows = [*new, *changed]
    rows.sort(key=lambda one: str(one["external_id"]))  # two imports that meet wait for each other, but never in a ring
    update = [name for name in rows[0] if name not in (*_IDENTITY, "id")]
    session.journal.updated(Ticket, changes.before, changed)
    with session.journal.creating(Ticket):
        upsert(Ticket, rows, conflict=_IDENTITY, update=update)
    names = [one["external_id"] for one in changes.new]
    found = Ticket.objects.filter(Among("external_id", names), source=session.source)
    return list(found.order_by("id").values_list("id", flat=True))


def _take_over(rows: Iterable[Row], stored: Mapping[str, Stored], session: Session) -> None:
    """From now on these tickets change with their own import, not with that of their events."""
    found = [(row, stored.get(row.values["external_id"])) for row in rows]
    ids = [one.id for row, one in found if one and one.is_from_events and not one.is_newer_than(row)]
    if ids:
        session.journal.updated(Ticket, [{"pk": pk, "is_from_events": True} for pk in ids])
        Ticket.objects.filter(Among("id", ids)).update(is_from_events=False)


def _columns(rows: Sequence[Row], session: Session) -> list[Columns]:
    """Canonical values as columns of the table: names become ids."""
    references = session.references
    customers = references.customers({_customer(row.values) for row in rows})
    teams = references.teams({row.values.get("team", "") for row in rows})
    agents = references.agents({row.values.get("agent", "") for row in rows})
    ready = []
    for row in rows:
        values = row.values
        columns = {name: value for name, value in values.items() if name not in _NAMED}
        columns["source"] = session.source
        if "customer" in values or "customer_email" in values:
            columns["customer_id"] = customers.get(_customer(values))
        if "team" in values:
            columns["team_id"] = teams.get(values["team"])
        if "agent" in values:
            columns["agent_id"] = agents.get(values["agent"])
        ready.append(columns)
    return ready


def _customer(values: Mapping[str, Any]) -> Names:
    return Names(values.get("customer", ""), values.get("customer_email", ""))


def _told(columns: Columns) -> list[str]:
    """What a file says about a ticket, without what we keep about the file."""
    return [name for name in columns if name not in (*_IDENTITY, "row_hash")]


def _keep(columns: Columns, before: Columns, session: Session) -> None:
    """What is known of a ticket and this file says nothing of, or nothing better."""
    for name, names in session.told.kept.items():
        if name in columns:
            columns[name] = {key: value for key, value in before[name].items() if key not in names} | columns[name]
    columns |= {name: before[name] for name in session.told.only_new if name in columns}


def _current(ids: Sequence[int], example: Columns) -> dict[int, Columns]:
    if not ids:
        return {}
    names = {*_told(example), *oddities.INSTANTS, "status", *_KEPT}
    return {one["id"]: one for one in Ticket.objects.filter(Among("id", ids)).values("id", "pk", *names)}


def _flagged(columns: Columns, whole: Mapping[str, Any], session: Session) -> Columns:
    found = oddities.flags(whole, session.started)
    oddities.note(session.notes, columns["external_id"], found)
    oddities.note_unknown_end(session.notes, whole, columns["external_id"])
    return {**columns, "flags": found, "is_flagged": bool(found)}
