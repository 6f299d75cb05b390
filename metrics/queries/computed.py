"""Sums out of facts, and the very rows behind them: for two filters at once, for exact quantiles, for drill-down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from kpiproject.lib.periods import MISSING, day_number, day_start, epoch, local_day, local_days
from metrics import frames, sums
from metrics.frames import Context, Span
from metrics.kpi import Frame, Stock
from metrics.queries.questions import Asked
from metrics.queries.stored import Gathered
from metrics.sums import NOWHERE, Events, Judged, Numbers, Sum, Truths

_DAYS_AT_ONCE: Final = 31
_LONG: Final = 3 * _DAYS_AT_ONCE
_RECENT: Final = 1


@dataclass(frozen=True, kw_only=True)
class Part:
    """The facts of some days of a question: its frame, what the KPI says of it, and the rows that are asked for.

    A bucket is twice the position of the period counted from 1, plus one for rows that may still change; 0 is what
    was earlier.
    """

    frame: Frame
    judged: Judged
    events: Events


def gather(asked: Asked) -> Gathered:
    """The sums of any question over a period; of a stock, with the level before the period as what was earlier."""
    context = frames.context()
    found = Gathered()
    among = _few(asked)
    for part in _parts(asked, context, days=_DAYS_AT_ONCE, among=among):
        _collect(found, asked, part)
    if asked.kpi.is_stock and asked.period is not None:
        before = _open_at(asked, epoch(asked.period.start_at) - 1, among)
        _collect(found, asked, before)
    return found


def gather_at(asked: Asked, at: datetime) -> Gathered:
    """The level of a stock at an instant, as what was earlier."""
    found = Gathered()
    _collect(found, asked, _open_at(asked, epoch(at)))
    return found


def add_up_to(found: Gathered, asked: Asked, at: datetime) -> None:
    """Add to the level of a stock at the beginning of a day whatever came and left up to an instant of that day."""
    day = local_day(at, asked.zone)
    part = _part(replace(asked, slices=[]), frames.context(), day, day + timedelta(days=1))
    until = part.judged.shape.until if isinstance(part.judged.shape, Stock) else part.judged.at
    instants = np.where(part.events.weights > 0, part.judged.at[part.events.rows], np.asarray(until)[part.events.rows])
    _collect(found, asked, _only(part, instants <= epoch(at)))


def gather_by(asked: Asked, slot_of: Callable[[Numbers], Numbers]) -> dict[int, Sum]:
    """The sums of the whole period by what `slot_of` makes of the instants (epoch seconds) at which rows count, from
    0 on. Not for stocks."""
    found: dict[int, Sum] = {}
    nobody = np.zeros(0, dtype=np.int64)
    for part in _parts(asked, frames.context(), days=_DAYS_AT_ONCE, among=_few(asked)):
        sure = _only(part, part.events.buckets % 2 != _RECENT).events
        events = sure._replace(buckets=slot_of(part.judged.at[sure.rows]).astype(np.int64))
        for slot, _, total in sums.add_up(part.judged, events, nobody, asked.clock).sums():
            found.setdefault(slot, Sum()).add(total)
    return found


def parts(asked: Asked) -> Iterator[Part]:
    """The facts behind a question in the order of time, with only the rows that make its n."""
    if asked.at is not None:
        yield _sure(_open_at(asked, epoch(asked.at)))
    elif asked.kpi.is_stock and asked.period is not None:
        yield _sure(_open_at(asked, epoch(asked.period.end_at) - 1))
    else:
        # Small at first: most readers look at the first page only.
        for part in _parts(asked, frames.context(), days=1):
            yield _sure(part)


def _sure(part: Part) -> Part:
    """Only rows that count, and count for good."""
    return _only(part, (part.events.reasons == 0) & (part.events.buckets % 2 != _RECENT))


def _only(part: Part, kept: Truths) -> Part:
    found = part.events
    events = Events(found.rows[kept], found.buckets[kept], found.reasons[kept], found.weights[kept])
    return replace(part, events=events)


def _few(asked: Asked) -> list[int] | None:
    """The tickets of a question about a long time, where its filters leave few."""
    is_long = asked.period is not None and asked.period.days > _LONG
    return frames.few(asked.where) if is_long and asked.kpi.frame in frames.TICKET_FRAMES else None


def _parts(asked: Asked, context: Context, *, days: int, among: list[int] | None = None) -> Iterator[Part]:
    """The facts of so many days, then of twice as many, up to a month at once; of few tickets, all at once."""
    if asked.period is None:
        return
    if among is not None:
        yield _part(asked, context, asked.period.start, asked.period.end, among)
        return
    day = asked.period.start
    while day < asked.period.end:
        after = min(day + timedelta(days=days), asked.period.end)
        yield _part(asked, context, day, after)
        day, days = after, min(2 * days, _DAYS_AT_ONCE)


def _part(asked: Asked, context: Context, first: date, after: date, among: list[int] | None = None) -> Part:
    kpi = asked.kpi
    span = Span(*(epoch(day_start(day, asked.zone)) for day in (first, after)))
    frame = frames.read([kpi.frame], span, context, at=[kpi.at], where=asked.where, among=among)[kpi.frame]
    frame = _with_members(frame, asked)
    judged = sums.judge(kpi, frame)
    days = (day_number(first), day_number(after))
    left = judged.shape.until if isinstance(judged.shape, Stock) else np.zeros(0, dtype=np.int64)
    buckets = _buckets(asked, judged.at, days)
    buckets_left = _buckets(asked, np.asarray(left, dtype=np.int64), days)
    return Part(frame=frame, judged=judged, events=sums.events(judged, buckets, buckets_left))


def _with_members(frame: Frame, asked: Asked) -> Frame:
    """With the member of each row, of those asked for. A row of several has others as well."""
    if not asked.by:
        return frame
    found = frames.with_member(frame, asked.by)
    wanted = asked.where.get(asked.by)
    return found if wanted is None else found[found[asked.by].isin(wanted)].reset_index(drop=True)


def _buckets(asked: Asked, at: Numbers, days: tuple[int, int]) -> Numbers:
    """The bucket of every instant; NOWHERE outside the days."""
    starts = np.array([day_number(part.period.start) for part in asked.slices])
    numbers = local_days(at, asked.zone).astype(np.int64)
    positions = np.searchsorted(starts, numbers, side="right") - 1
    is_recent = numbers > day_number(asked.last_mature_day)
    return np.where((numbers >= days[0]) & (numbers < days[1]), 2 * (positions + 1) + is_recent, NOWHERE)


def _open_at(asked: Asked, at: int, among: list[int] | None = None) -> Part:
    """What was there at an instant, in epoch seconds; in one bucket."""
    frame = frames.read_open(at, where=asked.where, among=among)
    frame = _with_members(frame, asked)
    judged = sums.judge(asked.kpi, frame)
    until = np.asarray(judged.shape.until) if isinstance(judged.shape, Stock) else judged.at
    is_open = (judged.at <= at) & ((until > at) | (until == MISSING))
    buckets = np.where(is_open, 0, NOWHERE)
    return Part(frame=frame, judged=judged, events=sums.events(judged, buckets, buckets[:0]))


def _collect(found: Gathered, asked: Asked, part: Part) -> None:
    members = part.frame[asked.by].cat if asked.by else None
    codes = np.zeros(0, dtype=np.int64) if members is None else members.codes.to_numpy().astype(np.int64)
    names = [""] if members is None else list(members.categories)
    for bucket, member, total in sums.add_up(part.judged, part.events, codes, asked.clock).sums():
        position, is_recent = divmod(bucket, 2)
        found.add((position - 1, names[member]), total, is_recent=bool(is_recent))
