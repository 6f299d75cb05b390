"""Events out of snapshots of tickets: the differences of all snapshots ever imported, whatever file they came in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from metrics.ingest import tickets
from metrics.ingest.events import store as store_events
from metrics.ingest.session import Outcome, Session
from metrics.ingest.settling import settled
from metrics.ingest.upsert import fingerprint, upsert
from metrics.models import Among, Ticket, TicketEvent, TicketHistory
from metrics.sources.trails import Change, Snapshot, Trail, changes, merged

_OURS: Final = "change:"  # keys of events made here; others of the same ticket are not touched

Columns = dict[str, Any]
Place = tuple[int, int, str]  # ticket, and what tells its snapshots apart


class History(NamedTuple):
    ticket: int
    created_at: datetime
    snapshots: list[Snapshot]


@dataclass(slots=True)
class Rewritten:
    """The snapshots that brought new events, and those whose events are different now."""

    new: set[Place] = field(default_factory=set)
    changed: set[Place] = field(default_factory=set)
    events: int = 0


def write(trails: list[Trail], session: Session) -> Outcome:
    """One batch of the kind `ticket_events`. Runs inside a transaction.

    A ticket that is missing is created from its newest row. One that is there keeps its columns, unless nothing but
    its events was ever imported and this row is newer.
    """
    by_name = {trail.ticket.values["external_id"]: trail for trail in trails}
    stored = tickets.find(session.source, by_name)
    open_rows = [trail.ticket for name, trail in by_name.items() if name not in stored or stored[name].is_from_events]
    found = tickets.compare(open_rows, stored, session)
    known = _snapshots(one.id for one in stored.values())
    fresh = {
        name: trail
        for name, trail in by_name.items()
        if name not in stored or not known.get(stored[name].id, set()).issuperset(trail.snapshots.values())
    }
    outcome = Outcome()
    if not fresh:
        outcome.unchanged = sum(len(trail.snapshots) for trail in trails)
        return outcome
    with settled(sorted(stored[name].id for name in fresh if name in stored)) as ids:
        if found.new or found.changed:
            ids.extend(tickets.store(found, session, is_from_events=True))
        places = _places(session.source, fresh)
        rewritten = _rewrite(
            [
                History(pk, created_at, merged(sorted(known.get(pk, ())), fresh[name].snapshots.values()))
                for name, (pk, created_at) in places.items()
            ],
            session,
        )
    outcome.written.update(tickets=len(found.new) + len(found.changed), ticket_events=rewritten.events)
    updated = {one["external_id"] for one in found.changed}
    for name, trail in by_name.items():
        pk = places[name][0] if name in fresh else 0
        _count(outcome, trail, pk, rewritten, is_updated=name in updated)
    return outcome


def _count(outcome: Outcome, trail: Trail, pk: int, rewritten: Rewritten, *, is_updated: bool) -> None:
    """The outcome of every row of one ticket; one that shows no difference leaves everything as it was."""
    for line, snapshot in trail.snapshots.items():
        place = (pk, snapshot.modified, snapshot.clock)
        if place in rewritten.new:
            outcome.created += 1
            rewritten.new.discard(place)  # a second row of the same snapshot brings nothing
        elif place in rewritten.changed or (is_updated and line == trail.ticket.line):
            outcome.updated += 1
            rewritten.changed.discard(place)
        else:
            outcome.unchanged += 1


def _snapshots(ids: Iterable[int]) -> dict[int, set[Snapshot]]:
    rows = TicketHistory.objects.filter(Among("ticket_id", ids)).values_list("ticket_id", "snapshots")
    return {pk: {_unpacked(one) for one in packed} for pk, packed in rows}


def _places(source: str, names: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    rows = Ticket.objects.filter(Among("external_id", names), source=source).order_by("external_id")
    return {name: (pk, created_at) for name, pk, created_at in rows.values_list("external_id", "id", "created_at")}


def _rewrite(histories: list[History], session: Session) -> Rewritten:
    """Store the snapshots, and make the events what their differences say."""
    packed = [{"ticket_id": one.ticket, "snapshots": [_packed(shot) for shot in one.snapshots]} for one in histories]
    ids = [one.ticket for one in histories]
    stored = list(TicketHistory.objects.filter(ticket__in=ids).values("pk", "snapshots"))
    session.journal.updated(TicketHistory, stored)
    session.journal.created(TicketHistory, set(ids) - {one["pk"] for one in stored})
    upsert(TicketHistory, packed, conflict=("ticket_id",), update=("snapshots",))
    wanted = {
        (one.ticket, _key(change)): (_columns(one.ticket, change), (one.ticket, change.modified, change.clock))
        for one in histories
        for change in changes(one.snapshots, one.created_at)
    }
    known = _known_events(ids)
    result = Rewritten()
    differing = []
    for identity, (columns, place) in wanted.items():
        if identity not in known:
            result.new.add(place)
        elif known[identity][1] != columns["row_hash"]:
            result.changed.add(place)
        else:
            continue
        differing.append(columns)
    if differing:
        known_ones = [one for one in differing if (one["ticket_id"], one["key"]) in known]
        store_events(differing, known_ones, session)
    _delete([pk for identity, (pk, _) in known.items() if identity not in wanted], session)
    result.changed -= result.new
    result.events = len(differing)
    return result


def _delete(ids: list[int], session: Session) -> None:
    gone = TicketEvent.objects.filter(Among("pk", ids))
    session.journal.deleted(TicketEvent, gone.values("pk", *(field.attname for field in TicketEvent._meta.fields)))
    gone.delete()


def _known_events(ids: list[int]) -> Mapping[tuple[int, str], tuple[int, bytes]]:
    rows = TicketEvent.objects.filter(Among("ticket_id", ids), key__startswith=_OURS)
    columns = rows.values_list("ticket_id", "key", "id", "row_hash")
    return {(ticket, key): (pk, bytes(digest)) for ticket, key, pk, digest in columns}


def _key(change: Change) -> str:
    """One snapshot shows at most one change of each kind."""
    return _OURS + fingerprint({"clock": change.clock, "modified": change.modified, "kind": change.kind}).hex()


def _columns(ticket: int, change: Change) -> Columns:
    said = {
        "at": change.at,
        "kind": change.kind,
        "from_value": change.from_value,
        "to_value": change.to_value,
        "actor": change.actor,
    }
    return {**said, "ticket_id": ticket, "key": _key(change), "row_hash": fingerprint(said)}


def _packed(snapshot: Snapshot) -> list[Any]:
    return [snapshot.modified, snapshot.clock, snapshot.at.isoformat(), *snapshot[3:]]


def _unpacked(packed: list[Any]) -> Snapshot:
    modified, clock, at, *rest = packed
    return Snapshot(modified, clock, datetime.fromisoformat(at), *rest)
