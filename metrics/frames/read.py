"""Which rows a frame needs for a stretch of time."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any, Final

from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from kpiproject.lib.periods import instant
from metrics.frames import spells, surveys, tickets
from metrics.frames.columns import between
from metrics.frames.context import Context, Span
from metrics.frames.tickets import EXCLUDED_BECAUSE, MEMBERS, counted, turns
from metrics.kpi import Frame
from metrics.models import Ticket
from surveys import queries

Where = Mapping[str, Collection[str]]

_STORED_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "created_at": ("created_at",),
    "first_agent_reply_at": ("first_agent_reply_at",),
    "first_done_at": ("first_solved_at", "solved_at", "closed_at"),
    "done_at": ("solved_at", "closed_at"),
    "target_at": ("target_due_at", "solved_at", "closed_at"),
    "opened_at": ("created_at", "solved_at", "closed_at"),
}
"""Out of which columns of a ticket the instants are made under which it is counted."""

TICKET_FRAMES: Final = ("tickets", "spells")


def read(
    names: Collection[str], span: Span, context: Context, *, at: Collection[str], where: Where
) -> dict[str, Frame]:
    """The frames with these names, with at least every row that has one of the instants `at` in the span.

    Only rows whose member of each dimension in `where` is among those given. `at` concerns tickets alone.
    """
    found: dict[str, Frame] = {}
    if wanted := [name for name in TICKET_FRAMES if name in names]:
        which = _touching(span, at) & _members(where)
        # Repeats are looked up for those counted by their first solve alone.
        solved = span if "first_done_at" in at else Span(span.start, span.start)
        found["tickets"] = tickets.tickets(which, context, solved)
        if "spells" in wanted:
            found["spells"] = tickets.ticket_spells(found["tickets"], which)
    if "answers" in names:
        found["answers"] = _keep(surveys.answers(*span), where)
    if "invitations" in names:
        found["invitations"] = _keep(surveys.invitations(*span), where)
    return found


def read_open(at: int, *, where: Where) -> Frame:
    """Spells of at least every ticket that was open at an instant, given in epoch seconds."""
    moment = instant(at)
    # Frames know whole seconds: what happened within the second of the instant has happened.
    after = instant(at + 1)
    created = Ticket.objects.filter(created_at__lt=after)
    # A turn after a ticket's end may have opened it again; most turns are told to be an end by their status alone.
    came_back = turns().annotate(status=Lower("to_value")).filter(at__lt=after)
    came_back = came_back.exclude(kind="merge").exclude(kind="status", status__in=spells.ENDED_STATUSES)
    found = [
        created.filter(solved_at__isnull=True, closed_at__isnull=True).values("pk"),
        created.filter(solved_at__gt=moment).values("pk"),
        created.filter(closed_at__gt=moment).values("pk"),
        turns().filter(at__gt=moment).values("ticket"),  # a later end by an event may win over the columns
        came_back.filter(at__gt=Coalesce("ticket__solved_at", "ticket__closed_at")).values("ticket"),
    ]
    which = Q(pk__in=found[0].union(*found[1:])) & _members(where)
    return tickets.ticket_spells(tickets.stored(which), which)


def extent(name: str) -> tuple[datetime, datetime] | None:
    """The first and the last instant of the facts of a frame; None without facts."""
    if name in TICKET_FRAMES:
        return _outermost(column for column in tickets.INSTANTS if column != "target_due_at")
    found = [queries.extent(), *(_rated() if name == "answers" else [])]
    ends = [pair for pair in found if pair is not None]
    return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None


def reach(name: str) -> tuple[datetime, datetime] | None:
    """The first and the last instant under which anything is counted; None without facts. Due times count as well."""
    ends = [pair for pair in (extent(name), _outermost(["target_due_at"])) if pair is not None]
    return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None


def created_in(span: Span) -> int:
    """How many tickets were created in a span."""
    return counted().filter(between("created_at", *span)).count()


def pending_in(span: Span) -> int:
    """How many tickets that count are still open and due in a span."""
    is_open = counted().filter(between("target_due_at", *span), solved_at__isnull=True, closed_at__isnull=True)
    return is_open.alias(reason=EXCLUDED_BECAUSE).filter(reason="").count()


def _outermost(columns: Iterable[str]) -> tuple[datetime, datetime] | None:
    """The ends of these columns of tickets. One small query for each: all in one would walk through the table."""
    found = [counted().aggregate(at=end(column))["at"] for column in columns for end in (Min, Max)]
    instants = [at for at in found if at is not None]
    return (min(instants), max(instants)) if instants else None


def _rated() -> Iterator[tuple[datetime, datetime] | None]:
    """The ends of the scores that came with tickets: of those with a time of their own, and of the others."""
    yield _outermost(["satisfaction_at"])
    rows = tickets.rated().filter(satisfaction_at__isnull=True).annotate(at=F("rated_at"))
    found = rows.aggregate(first=Min("at"), last=Max("at"))
    yield (found["first"], found["last"]) if found["first"] else None


def _touching(span: Span, at: Collection[str]) -> Q:
    """Tickets with one of these instants in the span. A union of small index searches: SQLite would evaluate the
    columns of a row again for each of the conditions of an OR."""
    columns = sorted({column for name in at for column in _STORED_AS[name]})
    found: list[QuerySet[Any, Any]] = [Ticket.objects.filter(between(column, *span)).values("pk") for column in columns]
    if "opened_at" in at:
        found.append(turns().filter(between("at", *span)).values("ticket"))
    return Q(pk__in=found[0].union(*found[1:]))


def _members(where: Where) -> Q:
    return reduce(and_, (_is_one_of(MEMBERS[dimension], members) for dimension, members in where.items()), Q())


def _is_one_of(path: str, members: Collection[str]) -> Q:
    found = Q(**{f"{path}__in": list(members)})
    return found | Q(**{f"{path}__isnull": True}) if "" in members else found


def _keep(frame: Frame, where: Where) -> Frame:
    for dimension, members in where.items():
        frame = frame[frame[dimension].isin(list(members))]
    return frame.reset_index(drop=True)
