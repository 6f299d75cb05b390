"""Which rows a frame needs for a stretch of time."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from kpiproject.lib.periods import day_start, instant, local_day
from kpiproject.queries import organisation
from metrics.frames import (
    answerers,
    cases,
    follow_ups,
    paths,
    shifts,
    spells,
    spending,
    surveys,
    tables,
    talks,
    tickets,
    waits,
)
from metrics.frames.attribution import last_tickets
from metrics.frames.belongings import BELONGINGS, TICKET, belongings
from metrics.frames.columns import between, fetch
from metrics.frames.context import Context, Span, plain
from metrics.frames.employees import EMPLOYEES, employee_extent
from metrics.frames.promises import IS_UNANSWERED
from metrics.frames.tags import TAGS, tagged
from metrics.frames.tickets import EXCLUDED_BECAUSE, MEMBERS, counted
from metrics.frames.trails import Log, turns
from metrics.kpi import Frame
from metrics.models import Among, Message, Ticket, TicketEvent
from surveys import follow_up_queries, queries

Where = Mapping[str, Collection[str]]

_STORED_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "created_at": ("created_at",),
    "first_agent_reply_at": ("first_agent_reply_at",),
    "first_response_at": ("first_agent_reply_at",),
    "first_done_at": ("first_solved_at", "solved_at", "closed_at"),
    "done_at": ("solved_at", "closed_at"),
    "target_at": ("target_due_at", "solved_at", "closed_at"),
    "first_response_due_at": ("first_response_due_at",),
    "opened_at": ("created_at", "solved_at", "closed_at"),
    "replied_at": (),
    "transferred_at": (),
    "handled_at": ("solved_at", "closed_at"),
    "ended_at": ("answered_at", "abandoned_at"),
    "bot_ended_at": (
        "handed_to_human_at", "first_agent_reply_at", "first_solved_at", "solved_at", "closed_at", "created_at",
    ),
}  # fmt: skip
"""Out of which columns of a ticket the instants are made under which it is counted."""

_TOLD_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "replied_at": ("reply",),
    "transferred_at": ("assignee", "team"),
    "handled_at": ("escalate",),
}
"""By which events others of them are told."""

FEW: Final = 50_000
_DUE: Final = ("target_due_at", "first_response_due_at")
"""Times that may lie in the future: a figure reaches as far as what has happened."""

TICKET_FRAMES: Final = ("tickets", "spells", "waits", "paths", "calls", "bots")
_TABLE_OF: Final = {"shifts": "work", "spending": "costs"}
"""Frames made out of the rows of one table."""

_FOLLOW_UP_EXTENTS: Final = {
    "follow_ups": follow_up_queries.follow_up_extent,
    "recoveries": follow_up_queries.recovery_extent,
}


def read(
    names: Collection[str],
    span: Span,
    context: Context,
    *,
    at: Collection[str],
    where: Where,
    among: Collection[int] | None = None,
) -> dict[str, Frame]:
    """The frames with these names, with at least every row that has one of the instants `at` in the span.

    Only rows whose member of each dimension in `where` is among those given. `at` concerns tickets and tables alone.
    Where somebody knows already which tickets these members have (see `few`), nothing is looked for by time.
    """
    found: dict[str, Frame] = {}
    if wanted := [name for name in TICKET_FRAMES if name in names]:
        which = _touching(span, at) & is_member(where) if among is None else Q(Among("pk", among))
        # Repeats are looked up for those counted by their first solve alone.
        solved = span if "first_done_at" in at else Span(span.start, span.start)
        stored = tickets.stored(which)
        # Which tickets these are is found out once; what belongs to them is looked up by their ids.
        which = Q(Among("pk", stored["id"].tolist()))
        log = Log(stored, whole=bool({"waits", "paths"} & set(wanted)))
        found["tickets"] = tickets.tickets(stored, log, context, solved)
        if "spells" in wanted:
            found["spells"] = tickets.ticket_spells(stored, log)
        found |= _of_tickets(wanted, found["tickets"], context, log)
        found |= _talks(wanted, which, span, context, at)
    if "answers" in names:
        found["answers"] = _keep(surveys.answers(*span), where)
    if "invitations" in names:
        found["invitations"] = _keep(surveys.invitations(*span), where)
    found |= {name: _keep(_table(name, span, context, at), where) for name in tables.TABLES if name in names}
    found |= {name: belongings(name, span, is_member(where, TICKET)) for name in BELONGINGS if name in names}
    if "shifts" in names:
        found["shifts"] = _keep(_shifts(span, context), where)
    return found | _follow_ups(names, span, context, where)


def _follow_ups(names: Collection[str], span: Span, context: Context, where: Where) -> dict[str, Frame]:
    found = {}
    if "follow_ups" in names:
        found["follow_ups"] = _keep(follow_ups.follow_ups(*span, context.now_seconds), where)
    if "recoveries" in names:
        found["recoveries"] = _keep(follow_ups.recoveries(*span), where)
    return found


def read_whole(names: Collection[str], span: Span, context: Context, *, at: str, where: Where) -> dict[str, Frame]:
    """The frames for a figure that cannot be added up: whole tables, and of everything else what lies in the span
    (tickets by their creation, and by `at` where that is an instant of theirs). Rows that count nowhere stay in."""
    found = {name: tables.read(name, context) for name in tables.TABLES if name in names}
    if "spending" in names:
        found["spending"] = spending.spending(context)
    if "cases" in names:
        found["cases"] = cases.cases(span, context, _touching(span, ["created_at", "done_at", "target_at"]))
    # Beside other facts, tickets are also looked at by when they were solved.
    by = {"created_at", at, *(["first_done_at"] if len(names) > 1 else [])} & _STORED_AS.keys()
    rest = {"spells" if name == "demand" else name for name in names if name not in found}
    if rest:
        found |= read(rest, span, context, at=by, where={})
    if "spells" in found:
        found["spells"] = tickets.as_contacts(found["spells"])
    if "demand" in names:
        found["demand"] = spending.demand(found["spells"])
    if {"tickets", "orders"} <= found.keys():
        # Before any are sorted out: an order goes to one ticket of all.
        found["orders"] = found["orders"].assign(ticket_id=last_tickets(found["tickets"], found["orders"]))
    if "answers" in found:
        found["answers"] = found["answers"].assign(customer_id=answerers.customers_of(found["answers"], span))
    return {name: _keep(frame, {d: m for d, m in where.items() if d in frame}) for name, frame in found.items()}


def _of_tickets(names: Collection[str], frame: Frame, context: Context, log: Log) -> dict[str, Frame]:
    """The frames that are made out of the rows of tickets."""
    found = {}
    if "waits" in names:
        found["waits"] = waits.ticket_waits(frame, context, log)
    if "paths" in names:
        found["paths"] = paths.ticket_paths(frame, context, log)
    return found


def _talks(names: Collection[str], which: Q, span: Span, context: Context, at: Collection[str]) -> dict[str, Frame]:
    """The frames of a few tickets, with columns of their own."""
    found = {}
    if "calls" in names:
        found["calls"] = talks.calls(which)
    if "bots" in names:
        found["bots"] = talks.bots(which, span if "bot_ended_at" in at else Span(span.start, span.start))
    return found


def _shifts(span: Span, context: Context) -> Frame:
    """The days of agents in a span of whole days, out of everything that reaches into them."""
    reaches_in = Q(starts_at__lt=instant(span.end), ends_at__gt=instant(span.start))
    found = shifts.shifts(tables.read("work", context, reaches_in), context)
    return found[(found["day_at"] >= span.start) & (found["day_at"] < span.end)]


def _table(name: str, span: Span, context: Context, at: Collection[str]) -> Frame:
    """The rows of a table that have one of the instants in the span."""
    table = tables.TABLES[name]
    days = [local_day(instant(second), context.zone) for second in (span.start, span.end - 1)]
    found = [between(table.instants[column], *span) for column in at if column in table.instants]
    found += [Q(**{f"{table.days[column]}__range": days}) for column in at if column in table.days]
    return tables.read(name, context, reduce(or_, found, Q(pk__in=[])))


def few(where: Where) -> list[int] | None:
    """The tickets with these members, where they are so few that reading all of them takes no longer than looking for
    those of a long time; else None."""
    if not where:
        return None
    found = fetch(counted().filter(is_member(where)).order_by()[: FEW + 1], ["id"])
    return [pk for (pk,) in found] if len(found) <= FEW else None


def read_open(at: int, *, where: Where, among: Collection[int] | None = None) -> Frame:
    """Spells of at least every ticket that was open at an instant, given in epoch seconds; `among` as for `read`."""
    which = Q(Among("pk", among)) if among is not None else _open(at) & is_member(where)
    frame = tickets.stored(which)
    return tickets.ticket_spells(frame, Log(frame))


def _open(at: int) -> Q:
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
    return Q(pk__in=found[0].union(*found[1:]))


def extent(name: str) -> tuple[datetime, datetime] | None:
    """The first and the last instant of the facts of a frame up to now; None without facts. Some days are planned, the
    working day of some is over only tomorrow, and a year may be mistyped."""
    ends = reach(name) if name in _FOLLOW_UP_EXTENTS or name in tables.TABLES or name in _TABLE_OF else _happened(name)
    now = timezone.now()
    return (min(ends[0], now), min(ends[1], now)) if ends else None


def reach(name: str) -> tuple[datetime, datetime] | None:
    """The first and the last instant under which anything is counted; None without facts. Due times count as well."""
    if name in tables.TABLES or name in _TABLE_OF:
        return _table_reach(_TABLE_OF.get(name, name))
    if name in _FOLLOW_UP_EXTENTS:
        return _FOLLOW_UP_EXTENTS[name]()
    if name in BELONGINGS:
        return _happened(name)
    return _joined([_happened(name), _outermost(_DUE)])


def _happened(name: str) -> tuple[datetime, datetime] | None:
    """Of what is told of tickets and answers."""
    if name in BELONGINGS:
        return _joined(map(_ends_of, BELONGINGS[name].searches))
    if name in TICKET_FRAMES or name == "demand":
        return _ticket_extent()
    if name in ("cases", EMPLOYEES):
        return employee_extent() if name == EMPLOYEES else _joined([_ticket_extent(), extent("records")])
    return _joined([queries.extent(), *(_rated() if name == "answers" else [])])


def _joined(found: Iterable[tuple[datetime, datetime] | None]) -> tuple[datetime, datetime] | None:
    ends = [pair for pair in found if pair is not None]
    return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None


def _ticket_extent() -> tuple[datetime, datetime] | None:
    """Of the columns of tickets that tell what has happened, of their events and of their messages."""
    columns = [column for column in (*tickets.INSTANTS, *tickets.CALL_INSTANTS) if column not in _DUE]
    rows = [TicketEvent.objects.filter(tickets.IS_TOLD), turns(), Message.objects.all()]
    return _outermost(columns, rows)


def _ends_of(rows: "QuerySet[Any, Any]") -> tuple[datetime, datetime] | None:
    found = [rows.aggregate(at=end("at"))["at"] for end in (Min, Max)]
    return (found[0], found[1]) if found[0] else None


def _table_reach(name: str) -> tuple[datetime, datetime] | None:
    """The ends of all instants and days of a table."""
    table = tables.TABLES[name]
    columns = [*table.instants.values(), *table.days.values()]
    found = table.rows.aggregate(
        **{f"{end.__name__}_{column}": end(column) for column in columns for end in (Min, Max)}
    )
    zone = organisation().time_zone
    ends = [at if isinstance(at, datetime) else day_start(at, zone) for at in found.values() if at is not None]
    return (min(ends), max(ends)) if ends else None


def uncontacted_in(span: Span) -> int:
    """How many customers that could be contacted were not, and have their working day over in a span."""
    return follow_up_queries.pending_between(instant(span.start), instant(span.end))


def ended_without_time() -> "QuerySet[Ticket]":
    """Tickets of which only the status says that they have ended, so that nobody knows when."""
    rows = counted().filter(tickets.WITHOUT_END)
    statuses = [name for (name,) in fetch(rows.distinct(), ["status"]) if plain(name) in spells.ENDED_STATUSES]
    ends = turns().annotate(status=Lower("to_value")).filter(ticket=OuterRef("pk"))
    ends = ends.filter(Q(kind="merge") | Q(kind="status", status__in=spells.ENDED_STATUSES))
    return rows.alias(reason=EXCLUDED_BECAUSE).filter(~Exists(ends), status__in=statuses, reason="")


def created_in(span: Span) -> int:
    """How many tickets were created in a span."""
    return counted().filter(between("created_at", *span)).count()


def pending_in(span: Span) -> int:
    """How many tickets that count are still open and due in a span."""
    return _still_open(between("target_due_at", *span))


def unanswered_in(span: Span) -> int:
    """How many tickets that count wait for their first reply, which is due in a span."""
    return _still_open(between("first_response_due_at", *span) & IS_UNANSWERED & Q(is_outbound=False))


def _still_open(which: Q) -> int:
    """Without those of which the status says that they have ended, as the KPIs leave them out."""
    is_open = counted().filter(which, tickets.WITHOUT_END).alias(reason=EXCLUDED_BECAUSE).filter(reason="")
    counts = is_open.values_list("status").annotate(count=Count("pk")).order_by()
    return sum(count for status, count in counts if plain(status) not in spells.ENDED_STATUSES)


def _outermost(columns: Iterable[str], told: "Iterable[QuerySet[Any, Any]]" = ()) -> tuple[datetime, datetime] | None:
    """The ends of these columns of tickets, and of what is told of them. In one query of many small searches, each by
    its own index: all ends of a table at once would walk through it."""
    searches = [(counted(), column) for column in columns] + [(rows, "at") for rows in told]
    ends: dict[str, Subquery] = {}
    for number, (rows, column) in enumerate(searches):
        there = rows.filter(**{f"{column}__isnull": False})
        ends[f"first_{number}"] = Subquery(there.order_by(column).values(column)[:1])
        ends[f"last_{number}"] = Subquery(there.order_by(f"-{column}").values(column)[:1])
    found = Ticket.objects.order_by("pk").values(**ends).first() or {}
    instants = [at for at in found.values() if isinstance(at, datetime)]
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
    kinds = {kind for name in at for kind in _TOLD_BY.get(name, ())}
    if kinds:
        found.append(told(kinds).filter(between("at", *span)).values("ticket"))
    if "first_response_at" in at:
        # What we started ourselves counts under a reply to what the customer wrote back.
        ours = between("at", *span) & Q(ticket__is_outbound=True)
        found.append(told(["reply"]).filter(ours).values("ticket"))
        found.append(Message.objects.filter(ours, author_type="agent").values("ticket"))
    if "replied_at" in at:
        found.append(Message.objects.filter(between("at", *span), author_type="agent").values("ticket"))
    return Q(pk__in=found[0].union(*found[1:]))


def told_events() -> "QuerySet[TicketEvent]":
    """The events beside turns of which an index by time is kept."""
    return TicketEvent.objects.filter(tickets.IS_TOLD)


def told(kinds: Iterable[str]) -> "QuerySet[TicketEvent]":
    """The events of some of the kinds of which an index by time is kept."""
    return TicketEvent.objects.filter(tickets.IS_TOLD, kind__in=sorted(kinds))


def is_member(where: Where, prefix: str = "") -> Q:
    """The tickets that have these members; `prefix` leads to them from rows of something else."""
    return reduce(and_, (_is_one_of(dimension, members, prefix) for dimension, members in where.items()), Q())


def _is_one_of(dimension: str, members: Collection[str], prefix: str) -> Q:
    if dimension == TAGS:
        return tagged(members, prefix)
    path = f"{prefix}{MEMBERS[dimension]}"
    found = Q(**{f"{path}__in": list(members)})
    return found | Q(**{f"{path}__isnull": True}) if "" in members else found


def _keep(frame: Frame, where: Where) -> Frame:
    for dimension, members in where.items():
        frame = frame[frame[dimension].isin(list(members))]
    return frame.reset_index(drop=True)
