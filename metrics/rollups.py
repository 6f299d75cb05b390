"""Dirty days in, their rollups replaced.

A batch is read without holding anything up and written in one short transaction, in which a day is taken only if
nothing was marked since its facts were read. So it does not matter how often, in which order, by how many workers at
once or up to which point this is done: what is stored in the end follows from the facts alone.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise, repeat
from time import monotonic
from typing import Any, Final, NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kpiproject.lib.periods import day_number, day_start, epoch, local_day, local_days
from kpiproject.queries import organisation
from metrics import basis, dirty, frames, packing, spreads, sums
from metrics.crew import crew
from metrics.definitions import kpis as all_kpis
from metrics.frames import Context, Span
from metrics.kpi import Frame, Kpi, Quantile, Stock
from metrics.models import DirtyDay, Rollup
from metrics.sums import NOWHERE, Groups, Numbers

_LEASE: Final = timedelta(minutes=1)
_COLUMNS: Final = (
    "kpi", "revision", "day", "dimension", "member", "clock", "whole", "part", "square", "extra", "values",
    "members", "packed",
)  # fmt: skip
_DAY: Final = _COLUMNS.index("day")
_DAYS_AT_ONCE: Final = 31
_TICKETS_AT_ONCE: Final = 60_000

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Done:
    """How many days were computed and how many rollups they have."""

    days: int = 0
    rollups: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(self.days + other.days, self.rollups + other.rollups)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Adjoining dirty days of one frame, oldest first, as they were marked when they were taken."""

    frame: str
    marks: list[DirtyDay]

    @property
    def first(self) -> date:
        return self.marks[0].day

    @property
    def after(self) -> date:
        return self.marks[-1].day + timedelta(days=1)

    @cached_property
    def stored_days(self) -> list[Any]:
        return [_stored_day(mark.day) for mark in self.marks]


class _Place(NamedTuple):
    """To what a group of rollups belongs."""

    kpi: Kpi
    dimension: str
    members: list[str]
    clock: str


def sweep(*, seconds: float) -> Done:
    """Compute what is dirty and in nobody's hands, until all is clean or the time is over."""
    basis.renew()
    return _sweep(Q(), seconds)


def _sweep(which: Q, seconds: float) -> Done:
    end = monotonic() + seconds
    done = Done()
    while monotonic() < end and (batch := claim(which & _is_free())):
        done += store(batch, compute(batch))
    return done


def _is_free() -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=timezone.now())


def waiting_months() -> list[tuple[str, date]]:
    """The frames and the first days of the months that have dirty days in nobody's hands, the latest first: so many
    workers can compute at the same time. Takes over first what has changed the basis of all figures."""
    basis.renew()
    found = DirtyDay.objects.filter(_is_free()).annotate(month=TruncMonth("day")).order_by("-month", "frame")
    return list(found.values_list("frame", "month").distinct())


def sweep_month(frame: str, month: date, *, seconds: float) -> Done:
    """Compute what is dirty in a month of a frame and in nobody's hands, until the time is over."""
    return _sweep(Q(frame=frame, day__year=month.year, day__month=month.month), seconds)


def notice() -> int:
    """Mark what changed without anybody marking it: survey answers, targets missed, decisions about all figures.

    How many days are dirty then.
    """
    dirty.take_over_survey_changes()
    mark_fallen_due()
    basis.renew()
    return DirtyDay.objects.count()


def recompute(
    *,
    start: date | None = None,
    end: date | None = None,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 1,
) -> Done:
    """Compute every dirty day in [start, end), also those that a worker has in hand; None means without bound.

    `progress` is told how many days are done and how many are left. At most so many processes compute at once.
    """
    notice()
    wanted = DirtyDay.objects.filter(**({"day__gte": start} if start else {}), **({"day__lt": end} if end else {}))
    # Another process takes some seconds to start: each has at least a month to compute.
    size = min(processes, wanted.count() // _DAYS_AT_ONCE)
    done = Done()
    with crew(compute, size) as others:
        while True:
            while others.has_room and (batch := _another(wanted, others.in_hand)):
                others.take(batch)
            if not others.in_hand:
                return done
            for batch, rows in others.finished():
                done += store(batch, rows)
                if progress:
                    progress(done.days, wanted.count())


def _another(wanted: "QuerySet[DirtyDay]", in_hand: list[Batch]) -> Batch | None:
    return claim(Q(pk__in=wanted.exclude(pk__in=[mark.pk for batch in in_hand for mark in batch.marks])))


def mark_range(*, start: date | None, end: date | None, codes: Collection[str]) -> None:
    """Mark the days from the first to the last fact that lie in [start, end), in the frames of these KPIs."""
    known = all_kpis()
    for frame in {basis.dirty_frame(known[code]) for code in codes if known[code].adds_up}:
        days = [day for day in basis.days(frame) if (start is None or start <= day) and (end is None or day < end)]
        dirty.mark(frame, days)


def mark_fallen_due() -> None:
    """Mark the days up to today on which something was pending when they were computed."""
    context = frames.context()
    _mark_fallen_due(dirty.TICKETS, "target_at", frames.pending_in, context)
    _mark_fallen_due(dirty.TICKETS, "first_response_due_at", frames.unanswered_in, context)
    _mark_fallen_due(dirty.FOLLOW_UPS, "one_day_at", frames.uncontacted_in, context)


def _mark_fallen_due(frame: str, at: str, pending_in: Callable[[Span], int], context: Context) -> None:
    judged = [kpi.code for kpi in all_kpis().values() if kpi.at == at]
    today = local_day(context.now, context.zone)
    stored = Rollup.objects.filter(kpi__in=judged, dimension="", day__lte=today)
    rest_of_today = Span(context.now_seconds, epoch(day_start(today + timedelta(days=1), context.zone)))
    pending = stored.filter(extra__excluded__has_key="pending").values_list("day", "extra")
    # Without a change of facts, fewer are pending today only because the time of some has come.
    is_due = {day for day, extra in pending if day < today or extra["excluded"]["pending"] != pending_in(rest_of_today)}
    dirty.mark(frame, is_due)


def claim(which: Q) -> Batch | None:
    """Take the newest of these dirty days and those directly before it, for a while. None if there is none."""
    with transaction.atomic():
        free = DirtyDay.objects.select_for_update(skip_locked=True).filter(which)
        newest = free.order_by("-day", "frame").first()
        if newest is None:
            return None
        earliest = newest.day - timedelta(days=_DAYS_AT_ONCE - 1)
        marks = list(free.filter(frame=newest.frame, day__lte=newest.day, day__gte=earliest).order_by("-day"))
        marks = _light(_adjoining(marks))
        DirtyDay.objects.filter(pk__in=[mark.pk for mark in marks]).update(claimed_until=timezone.now() + _LEASE)
    return Batch(frame=newest.frame, marks=marks[::-1])


def compute(batch: Batch) -> list[Row]:
    """The rollups of a batch as rows in the order of _COLUMNS, from the facts as they are now."""
    context = frames.context()
    known = all_kpis()
    kpis = [known[code] for code in basis.codes(batch.frame)]
    span = Span(*(epoch(day_start(day, context.zone)) for day in (batch.first, batch.after)))
    found = frames.read({kpi.frame for kpi in kpis}, span, context, at={kpi.at for kpi in kpis}, where={})
    members = {name: _Members(frame) for name, frame in found.items()}
    return [row for kpi in kpis for row in _rows(kpi, found[kpi.frame], members[kpi.frame], batch, context)]


def store(batch: Batch, rows: list[Row]) -> Done:
    """Replace the rollups of the days of a batch to which nothing was added since they were taken."""
    with transaction.atomic():
        dirty.take_turns()
        marked = DirtyDay.objects.select_for_update().filter(pk__in=[mark.pk for mark in batch.marks])
        generations = dict(marked.values_list("pk", "generation"))
        sure = [mark for mark in batch.marks if generations.get(mark.pk) == mark.generation]
        days = [mark.day for mark in sure]
        Rollup.objects.filter(kpi__in=basis.codes(batch.frame), day__in=days).delete()
        wanted = {_stored_day(day) for day in days}
        kept = [row for row in rows if row[_DAY] in wanted]
        _insert(kept)
        DirtyDay.objects.filter(pk__in=[mark.pk for mark in sure]).delete()
    return Done(len(days), len(kept))


def _adjoining(marks: list[DirtyDay]) -> list[DirtyDay]:
    """From the newest on backwards without a gap."""
    gaps = [i for i, (later, mark) in enumerate(pairwise(marks), start=1) if later.day - mark.day > timedelta(days=1)]
    return marks[: gaps[0]] if gaps else marks


def _light(marks: list[DirtyDay]) -> list[DirtyDay]:
    """As many of the first of these days as one process can well hold in memory."""
    if marks[0].frame != dirty.TICKETS:
        return marks
    zone = organisation().time_zone
    span = Span(epoch(day_start(marks[-1].day, zone)), epoch(day_start(marks[0].day + timedelta(days=1), zone)))
    tickets = frames.created_in(span)
    return marks[: max(1, len(marks) * _TICKETS_AT_ONCE // max(tickets, _TICKETS_AT_ONCE))]


def _rows(kpi: Kpi, frame: Frame, members_of: "_Members", batch: Batch, context: Context) -> Iterator[Row]:
    judged = sums.judge(kpi, frame)
    shape = judged.shape
    left = np.asarray(shape.until, dtype=np.int64) if isinstance(shape, Stock) else judged.at[:0]
    events = sums.events(judged, _buckets(judged.at, batch, context), _buckets(left, batch, context))
    for clock in shape.seconds if isinstance(shape, Quantile) else [""]:
        measured = sums.measure(judged, events, clock)
        overall = _Place(kpi, "", [""], clock)
        yield from _as_rows(overall, sums.group(measured, judged.at[:0]), batch)
        for dimension in kpi.dimensions:
            codes, members = members_of[dimension]
            place = _Place(kpi, dimension, members, clock)
            yield from _as_packed_rows(place, sums.group(measured, codes), batch)


class _Members(dict[str, tuple[Numbers, list[str]]]):
    """By dimension, the member of every row of a frame by its number, and all members in order: the same facts make the
    same rollups. Found out once for all KPIs of the frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame

    def __missing__(self, dimension: str) -> tuple[Numbers, list[str]]:
        self[dimension] = found = _members(self._frame, dimension)
        return found


def _members(frame: Frame, dimension: str) -> tuple[Numbers, list[str]]:
    known = list(frame[dimension].cat.categories)
    order = sorted(range(len(known)), key=known.__getitem__)
    numbers = np.empty(len(known), dtype=np.int64)
    numbers[order] = np.arange(len(known))
    codes = frame[dimension].cat.codes.to_numpy()
    return numbers[codes] if known else codes.astype(np.int64), [known[number] for number in order]


def _buckets(at: Numbers, batch: Batch, context: Context) -> Numbers:
    """Of every instant the position of its day in the batch; NOWHERE outside."""
    positions = local_days(at, context.zone).astype(np.int64) - day_number(batch.first)
    return np.where((positions >= 0) & (positions < len(batch.marks)), positions, NOWHERE)


def _as_rows(place: _Place, groups: Groups, batch: Batch) -> Iterator[Row]:
    days = batch.stored_days
    columns = zip(
        groups.buckets.tolist(),
        groups.whole.tolist(),
        groups.part.tolist(),
        groups.square.tolist(),
        _extras(groups),
        [spreads.encode(groups.values_of(i)) for i in range(len(groups))] if groups.has_values else repeat(None),
        strict=False,
    )
    for bucket, *sums_, extra, values in columns:
        yield (place.kpi.code, place.kpi.revision, days[bucket], "", "", place.clock, *sums_, extra, values, "", None)


def _as_packed_rows(place: _Place, groups: Groups, batch: Batch) -> Iterator[Row]:
    """One row for each day, with all members."""
    days = batch.stored_days
    kpi, about = place.kpi, (place.dimension, "", place.clock)
    for one in packing.pack(groups, place.members):
        sums_ = (one.whole, 0.0, 0.0)
        yield (kpi.code, kpi.revision, days[one.bucket], *about, *sums_, one.extra, None, one.members, one.packed)


def _extras(groups: Groups) -> list[str]:
    """What only some rollups hold, as JSON."""
    found: list[dict[str, Any]] = [{} for _ in range(len(groups))]
    for reason, counts in groups.excluded.items():
        for i in np.flatnonzero(counts).tolist():
            found[i].setdefault("excluded", {})[reason] = int(counts[i])
    for i, scales in enumerate(groups.scales):
        if scales:
            found[i] |= {"score": float(groups.score[i]), "scales": scales}
    return [json.dumps(more) if more else "{}" for more in found]


def _insert(rows: list[Row]) -> None:
    names = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY metrics_rollup ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(_COLUMNS))
            cursor.executemany(f"INSERT INTO metrics_rollup ({names}) VALUES ({marks})", rows)  # noqa: S608 (our own names)


def _stored_day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)
