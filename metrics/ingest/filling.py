"""Columns of tickets that a system tells in no other way than by events: made anew from all events ever imported."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from metrics.frames.context import plain
from metrics.frames.spells import ENDED_STATUSES
from metrics.ingest import oddities
from metrics.ingest.session import Session
from metrics.ingest.settling import settled
from metrics.models import Ticket, TicketEvent

_REPORTED: Final = "reported"
Kind = TicketEvent.Kind


def fill(ids: Collection[int], session: Session) -> None:
    """Make columns of these tickets what their events say; where they say nothing, they stay as they are."""
    names = session.told.from_events
    if not names or not ids:
        return
    rows = TicketEvent.objects.filter(ticket__in=ids).order_by("ticket", "at", "id")
    found = {pk: told(events) for pk, events in groupby(rows, attrgetter("ticket_id"))}
    changed = [
        ticket
        for ticket in Ticket.objects.filter(pk__in=found).order_by("pk")
        if _take(ticket, found[ticket.pk], names)
    ]
    if changed:
        columns = [*names, "flags", "is_flagged"]
        pks = [ticket.pk for ticket in changed]
        session.journal.updated(Ticket, Ticket.objects.filter(pk__in=pks).order_by("pk").values("pk", *columns))
        with settled(pks):
            for ticket in changed:
                _flag(ticket, session)
            Ticket.objects.bulk_update(changed, columns, batch_size=100)


def told(events: Iterable[TicketEvent]) -> Mapping[str, Any]:
    """What the events of one ticket say, in the order of their time."""
    found: dict[str, Any] = {}
    for event in events:
        if event.kind == Kind.REPLY and event.actor_type == "agent":
            found.setdefault("first_agent_reply_at", event.at)
        elif event.kind == Kind.HANDOFF:
            found.setdefault("handed_to_human_at", event.at)
        elif event.kind == Kind.STATUS:
            found |= _turned(found, event)
        if event.kind == Kind.HANDOFF or event.actor_type == "bot":
            found["bot_involved"] = True
        found[_REPORTED] = {**found.get(_REPORTED, {}), **event.extra.get(_REPORTED, {})}
    return found


def _turned(found: Mapping[str, Any], event: TicketEvent) -> Mapping[str, Any]:
    """A ticket that is solved once more is solved last then; one that came back is not solved."""
    if plain(event.to_value) in ENDED_STATUSES:
        return {
            "first_solved_at": found.get("first_solved_at", event.at),
            "solved_at": event.at,
            "reopens": found.get("reopens", 0),
        }
    came_back = found.get("solved_at") is not None
    return {"solved_at": None, "reopens": found.get("reopens", 0) + came_back}


def _flag(ticket: Ticket, session: Session) -> None:
    instants = {name: getattr(ticket, name) for name in oddities.INSTANTS}
    ticket.flags = oddities.flags(instants, session.started)
    ticket.is_flagged = bool(ticket.flags)
    oddities.note(session.notes, ticket.external_id, ticket.flags)


def _take(ticket: Ticket, found: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether the ticket is another one now."""
    wanted = {name: found[name] for name in names if name in found}
    if _REPORTED in wanted:
        wanted[_REPORTED] = {**ticket.reported, **wanted[_REPORTED]}
    differing = {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
    for name, value in differing.items():
        setattr(ticket, name, value)
    return bool(differing)
