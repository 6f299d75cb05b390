"""Tickets as frames: "tickets" has a row per ticket, "spells" one for every stretch of time it was open."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.worktime import Pauses
from metrics.frames import spells
from metrics.frames.columns import Epoch, between, fetch, number, transposed, whole_numbers, words
from metrics.frames.context import Context, Span, plain
from metrics.frames.first_responses import first_responses
from metrics.frames.hours import row_clocks
from metrics.frames.reopenings import reopenings
from metrics.frames.trails import Log, Texts, Trail
from metrics.kpi import UNKNOWN, Frame
from metrics.models import Among, Message, Ticket, TicketEvent

REPEAT_SECONDS: Final = 7 * 24 * 3600
"""Within this time after a solve a new ticket of the same customer and category is the same matter again."""

COUNTS: Final = Q(kind__in=["status", "reopen", "merge", "assignee", "team", "reply", "escalate"])
"""The events on whose days anything is counted."""

IS_TOLD: Final = Func(
    F("kind"),
    template="%(expressions)s IN ('assignee', 'team', 'reply', 'escalate')",
    output_field=BooleanField(),
)
"""Whether an event is one of those under whose time something is counted, beside turns."""

INSTANTS: Final = (
    "created_at", "first_agent_reply_at", "first_solved_at", "solved_at", "closed_at", "target_due_at",
    "handed_to_human_at",
    "first_response_due_at",
)  # fmt: skip
CALL_INSTANTS: Final = ("ring_started_at", "answered_at", "abandoned_at")
_RATED_AT: Final = ("satisfaction_at", "solved_at", "closed_at", "created_at")
_NUMBERS: Final = (
    "reopens", "agent_replies", "customer_replies", "reassignments", "fcr", "sla_met", "is_outbound", "bot_involved",
)  # fmt: skip
STORED: Final = {
    "channel": "channel",
    "category": "category",
    "type": "type",
    "priority": "priority",
    "team": "team__name",
    "agent": "agent__external_id",
    "tier": "customer__tier",
}
"""The dimensions of tickets that are columns of frames, and where their members are stored."""

MEMBERS: Final = {
    **STORED,
    "language": "language",
    "segment": "customer__segment",
    "country": "customer__country",
    "status": "status",
    "source": "source",
    "company": "customer__company",
    "customer": "customer__external_id",
}
"""And those that are only read when somebody asks for them."""

SHARED: Final = ("channel", "category", "team", "agent")
"""Those that answers have as well."""


def excluded_because(prefix: str = "") -> Case:
    """Why a ticket counts nowhere, empty for those that count; `prefix` leads to it from rows of something else."""
    return Case(
        When(Q(**{f"{prefix}is_spam": True}), then=Value("spam")),
        When(Q(**{f"{prefix}is_deleted": True}), then=Value("deleted")),
        When(~Q(**{f"{prefix}merged_into": ""}), then=Value("merged")),
        When(Q(**{f"{prefix}is_test": True}), then=Value("test")),
        default=Value(""),
    )


EXCLUDED_BECAUSE: Final = excluded_because()
_EXCLUDED: Final = {"excluded_because": EXCLUDED_BECAUSE}

END_UNKNOWN: Final = "end_unknown"
"""Why a ticket does not wait whose status says that it has ended, and of which nothing says when."""

WITHOUT_END: Final = Q(solved_at__isnull=True, closed_at__isnull=True)
_STATUS: Final = {"status_without_end": Case(When(WITHOUT_END, then=F("status")), default=Value(""))}
_WORDS: Final = {"source", *_STATUS, *_EXCLUDED, *STORED}


def counted() -> "QuerySet[Ticket]":
    """Every ticket that was imported, and not only named by another file."""
    return Ticket.objects.filter(is_stub=False)


def rated() -> "QuerySet[Ticket]":
    """Every ticket with a score, which counts when it was given; if that is not known, at the ticket's end."""
    return counted().filter(satisfaction_score__isnull=False).alias(rated_at=Coalesce(*_RATED_AT))


def tickets(frame: Frame, log: Log, context: Context, span: Span) -> Frame:
    """A row per ticket with everything its KPIs ask for, durations in every clock. `next_ticket_at` is only looked up
    for tickets first solved in the span."""
    solved, closed = _seconds(frame, "solved_at"), _seconds(frame, "closed_at")
    done = np.where(solved != MISSING, solved, closed)
    first = _seconds(frame, "first_solved_at")
    frame["done_at"] = done
    # Where only the last solve is known, that is the first.
    first = np.where(first != MISSING, first, done)
    frame["first_done_at"] = first
    due = _seconds(frame, "target_due_at")
    frame["target_at"] = np.where(due != MISSING, due, np.where(frame["sla_met"] != UNKNOWN, done, MISSING))
    # Whether one is late of which only its status says that it has ended, nobody can tell.
    is_lost = are_in(frame["status_without_end"].to_numpy(dtype=object), spells.ENDED_STATUSES)
    frame["is_end_unknown"] = is_lost
    frame["is_overdue"] = (due != MISSING) & (done == MISSING) & ~is_lost & (due < context.now_seconds)
    frame["next_ticket_at"] = next_tickets(frame, span)
    frame["reopens"], frame["reopened_at"] = reopenings(frame, log)
    reply_due, replied = _seconds(frame, "first_response_due_at"), _seconds(frame, "first_agent_reply_at")
    rang, answered = _seconds(frame, "ring_started_at"), _seconds(frame, "answered_at")
    # Of a call, the wait is the ringing: it ends when somebody picks up, whatever was written later.
    frame["asked_at"] = np.where(rang != MISSING, rang, _seconds(frame, "created_at"))
    frame["responded_at"] = responded = np.where(answered != MISSING, answered, replied)
    is_late = (reply_due != MISSING) & (responded == MISSING) & (reply_due < context.now_seconds)
    frame["is_reply_overdue"] = is_late & ~is_lost
    created, stops = _seconds(frame, "created_at"), ticket_pauses(frame, context, log)
    clocks = row_clocks(frame, context)
    begins, ends, frame["is_unasked"] = first_responses(frame)
    frame["response_from"], frame["first_response_at"] = begins, ends
    for clock, hours in clocks.until(ends).items():
        frame[f"first_response_{clock}_seconds"] = hours.seconds_between(begins, ends)
    first_done = _seconds(frame, "first_done_at")
    for clock, hours in clocks.until(first_done).items():
        frame[f"first_resolution_{clock}_seconds"] = hours.seconds_between(created, first_done)
    for clock, hours in clocks.until(solved).items():
        frame[f"resolution_{clock}_seconds"] = hours.seconds_between(created, solved, stops)
    return frame


def ticket_spells(frame: Frame, log: Log) -> Frame:
    """A row per stretch of time in which one of the frame's tickets was open. One that a status says has ended, nobody
    knows when, counts nowhere: with such an end it would wait for ever."""
    columns = spells.Tickets(*(_seconds(frame, name) for name in ("created_at", "solved_at", "closed_at")))
    found = spells.spells(columns, _turns(log.turns))
    is_bot_only = (
        (frame["bot_involved"] == 1) & (frame["handed_to_human_at"] == MISSING) & (frame["agent_replies"] <= 0)
    )
    is_bot_only &= frame["first_agent_reply_at"] == MISSING
    names = ["id", "source", "external_id", "excluded_because", "created_at", "is_outbound", *STORED]
    kept: Frame = frame[names].assign(is_bot_only=is_bot_only).take(found.rows)
    kept = kept.assign(opened_at=found.opened, ended_at=found.ended).reset_index(drop=True)
    has_ended = are_in(frame["status_without_end"].to_numpy(dtype=object), spells.ENDED_STATUSES)[found.rows]
    because = kept["excluded_because"]
    is_unknown = has_ended & (found.ended == MISSING) & (because == "").to_numpy()
    if is_unknown.any():
        kept["excluded_because"] = because.cat.add_categories([END_UNKNOWN]).mask(is_unknown, END_UNKNOWN)
    return kept


def as_contacts(spells: Frame) -> Frame:
    """For what is counted by when a ticket was opened; it was, whether or not its end is known."""
    because = spells["excluded_because"]
    is_unknown = because == END_UNKNOWN
    return spells.assign(excluded_because=because.mask(is_unknown, "")) if is_unknown.any() else spells


def ticket_pauses(frame: Frame, context: Context, log: Log | None = None) -> Pauses | None:
    """The times in which the frame's tickets stood in a status that stops the clock; None where no status does."""
    if not context.pause_statuses:
        return None
    found = (log or Log(frame)).statuses
    rows, at = found.rows, found.times
    stops_before, stops = (are_in(texts, context.pause_statuses) for texts in (found.before, found.after))
    starts_in = np.zeros(len(frame), dtype=np.bool_)
    first = np.unique(rows, return_index=True)[1]
    starts_in[rows[first]] = stops_before[first]
    return spells.pauses(_seconds(frame, "created_at"), spells.Turns(rows, at, stops.astype(np.int8)), starts_in)


def satisfaction(span: Span, which: Q) -> list[tuple[Any, ...]]:
    """Scores that came with tickets: id, source, reference, reason of exclusion, score, scale, instant, members."""
    # By the index of each instant first: no index holds the one that a score without its own counts under.
    near = [Ticket.objects.filter(between(name, *span)).values("pk") for name in _RATED_AT]
    columns = ("id", "source", "external_id", EXCLUDED_BECAUSE, "satisfaction_score", number("satisfaction_scale"))
    rows = rated().filter(which, between("rated_at", *span), pk__in=near[0].union(*near[1:]))
    return fetch(rows, [*columns, Epoch("rated_at"), *(MEMBERS[name] for name in SHARED)])


def ticket_instants(ids: Sequence[int]) -> Seconds:
    """Every instant under which these tickets may be counted, and those under which tickets are counted for which
    one of these may be the same matter again."""
    columns = [number("customer_id"), *(Epoch(name) for name in (*INSTANTS, *CALL_INSTANTS))]
    own = np.array(fetch(counted().filter(Among("pk", ids)), columns), dtype=np.int64).reshape(-1, len(columns))
    events = fetch(TicketEvent.objects.filter(COUNTS, Among("ticket_id", ids)), [Epoch("at")])
    spoken = Message.objects.filter(Among("ticket_id", ids), author_type="agent", public=True)
    others = whole_numbers([at for (at,) in [*events, *fetch(spoken, [Epoch("at")])]])
    return np.concatenate([own[:, 1:].ravel(), others, _shortly_before(own[:, :2])])


def satisfaction_instants(ids: Sequence[int]) -> Seconds:
    """The instants at which a score came with these tickets."""
    return whole_numbers([at for (at,) in fetch(rated().filter(Among("pk", ids)), [Epoch("rated_at")])])


def ids_of(tickets: Collection[tuple[str, str]]) -> list[int]:
    """The ids of tickets by source and external id, as far as they were imported; no source means any."""
    sources, names = {source for source, _ in tickets}, {name for _, name in tickets}
    rows = counted().filter(external_id__in=names)
    return [pk for (pk,) in fetch(rows if "" in sources else rows.filter(source__in=sources), ["id"])]


def _shortly_before(askings: Seconds) -> Seconds:
    """When tickets of the same customers were first solved, as far as the new askings (customer, created) follow
    soon enough to be the same matter again, whatever their category was or is."""
    askings = askings[askings[:, 0] != UNKNOWN]
    if not len(askings):
        return askings.ravel()
    customers, created = askings.T
    done = Coalesce("first_solved_at", "solved_at", "closed_at")
    first, last = int(created.min()) - REPEAT_SECONDS, int(created.max())
    rows = counted().filter(Among("customer_id", np.unique(customers).tolist())).annotate(done=done)
    found = fetch(rows.filter(between("done", first, last + 1)), ["customer_id", Epoch("done")])
    owners, solves = np.array(found, dtype=np.int64).reshape(-1, 2).T
    following = spells.next_after(owners, solves - 1, customers, created)
    near: Seconds = solves[(following != MISSING) & (following <= solves + REPEAT_SECONDS)]
    return near


def stored(which: Q) -> Frame:
    columns: dict[str, Any] = {"id": "id", "customer_id": number("customer_id")}
    columns |= {name: Epoch(name) for name in (*INSTANTS, *CALL_INSTANTS)}
    columns |= {name: number(name) for name in _NUMBERS}
    return described(which, columns | {"source": "source", "external_id": "external_id"} | _STATUS | _EXCLUDED | STORED)


def described(which: Q, columns: Mapping[str, Any]) -> Frame:
    """Columns of tickets under names of their own: words, references, and whole numbers for everything else."""
    values = transposed(fetch(counted().filter(which), list(columns.values())), len(columns))
    return pd.DataFrame({name: _column(name, found) for name, found in zip(columns, values, strict=True)})


def _column(name: str, values: Sequence[Any]) -> Any:
    if name == "external_id":
        return np.array(values, dtype=object)
    return words(values) if name in _WORDS else whole_numbers(values)


def next_tickets(frame: Frame, span: Span) -> Seconds:
    """When the same customer asked about the same category again after the first solve."""
    customers, done = _seconds(frame, "customer_id"), _seconds(frame, "first_done_at")
    is_asked = (done >= span.start) & (done < span.end) & (done >= _seconds(frame, "created_at"))
    done = np.where((customers != UNKNOWN) & is_asked, done, MISSING)
    known = done[done != MISSING]
    if not len(known):
        return np.full(len(frame), MISSING, dtype=np.int64)
    others = _askings(int(known.min()), int(known.max()) + REPEAT_SECONDS)
    categories = np.array(frame["category"].astype(object), dtype=object)
    codes = pd.factorize(np.concatenate([categories, np.array(others[1], dtype=object)]))[0].astype(np.int64)
    keys = np.concatenate([customers, whole_numbers(others[0])]) * (codes.max(initial=0) + 1) + codes
    n = len(frame)
    return spells.next_after(keys[:n], done, keys[n:], whole_numbers(others[2]))


def _askings(first: int, last: int) -> list[Sequence[Any]]:
    """Customer, category and instant of every ticket that customers opened in a stretch of time."""
    rows = counted().filter(between("created_at", first, last + 1), customer__isnull=False, is_outbound=False)
    rows = rows.filter(is_spam=False, is_deleted=False, is_test=False, merged_into="")
    return transposed(fetch(rows, ["customer_id", "category", Epoch("created_at")]), 3)


def _turns(trail: Trail) -> spells.Turns:
    """The events that open or end tickets."""
    rows, at, kinds, after = trail.rows, trail.times, trail.kinds, trail.after
    ended = (kinds == "merge") | ((kinds == "status") & are_in(after, spells.ENDED_STATUSES))
    # A change of anything else to a status without a name says nothing.
    is_told = (kinds != "status") | (after != "")
    return spells.Turns(rows[is_told], at[is_told], ended[is_told].astype(np.int8))


def are_in(texts: Texts, statuses: frozenset[str]) -> spells.Truths:
    codes, names = pd.factorize(texts)
    answers = np.array([plain(name) in statuses for name in names], dtype=np.bool_)
    found: spells.Truths = answers[codes] if len(names) else np.zeros(len(texts), dtype=np.bool_)
    return found


def _seconds(frame: Frame, name: str) -> Seconds:
    return frame[name].to_numpy(dtype=np.int64)
