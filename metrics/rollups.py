"""Dirty days in, their rollups replaced.

A batch is read without holding anything up and written in one short transaction, in which a day is taken only if
nothing was marked since its facts were read. So it does not matter how often, in which order, by how many workers at
once or up to which point this is done: what is stored in the end follows from the facts alone.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, repeat
from time import monotonic
from typing import Any, Final, NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from kpiproject.lib.periods import day_number, day_start, epoch, local_day, local_days
from kpiproject.queries import organisation
from metrics import basis, dirty, frames, spreads, sums
from metrics.catalogue import CATALOGUE
from metrics.frames import Context, Span
from metrics.kpi import Frame, Kpi, Quantile, Stock
from metrics.models import DirtyDay, Rollup
from metrics.sums import NOWHERE, Groups, Numbers

_LEASE: Final = timedelta(minutes=1)
_COLUMNS: Final = (
    "kpi", "revision", "day", "dimension", "member", "clock", "whole", "part", "square", "extra", "values",
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


class _Place(NamedTuple):
    """To what a group of rollups belongs."""

    kpi: Kpi
    dimension: str
    members: list[str]
    clock: str


def sweep(*, seconds: float) -> Done:
    """Compute what is dirty and in nobody's hands, until all is clean or the time is over."""
    basis.renew()
    end = monotonic() + seconds
    done = Done()
    while monotonic() < end and (batch := claim(Q(claimed_until__isnull=True) | Q(claimed_until__lte=timezone.now()))):
        done += store(batch, compute(batch))
    return done


def notice() -> int:
    """Mark what changed without anybody marking it: survey answers, targets missed, decisions about all figures.

    How many days are dirty then.
    """
    dirty.take_over_survey_changes()
    mark_fallen_due()
    basis.renew()
    return DirtyDay.objects.count()


def recompute(
    *, start: date | None = None, end: date | None = None, progress: Callable[[int, int], None] | None = None
) -> Done:
    """Compute every dirty day in [start, end), also those that a worker has in hand; None means without bound.

    `progress` is told how many days are done and how many are left.
    """
    notice()
    wanted = Q(**({"day__gte": start} if start else {}), **({"day__lt": end} if end else {}))
    done = Done()
    while batch := claim(wanted):
        done += store(batch, compute(batch))
        if progress:
            progress(done.days, DirtyDay.objects.filter(wanted).count())
    return done


def mark_range(*, start: date | None, end: date | None, codes: Collection[str]) -> None:
    """Mark the days from the first to the last fact that lie in [start, end), in the frames of these KPIs."""
    for frame in {basis.dirty_frame(CATALOGUE[code]) for code in codes}:
        days = [day for day in basis.days(frame) if (start is None or start <= day) and (end is None or day < end)]
        dirty.mark(frame, days)


def mark_fallen_due() -> None:
    """Mark the days up to today on which something was pending when they were computed."""
    context = frames.context()
    judged = [kpi.code for kpi in CATALOGUE.values() if kpi.at == "target_at"]
    stored = Rollup.objects.filter(kpi__in=judged, dimension="", day__lte=local_day(context.now, context.zone))
    today = local_day(context.now, context.zone)
    rest_of_today = Span(context.now_seconds, epoch(day_start(today + timedelta(days=1), context.zone)))
    pending = stored.filter(extra__excluded__has_key="pending").values_list("day", "extra")
    # Without a change of facts, fewer are pending today only because the time of some has come.
    is_due = {
        day for day, extra in pending if day < today or extra["excluded"]["pending"] != frames.pending_in(rest_of_today)
    }
    dirty.mark(dirty.TICKETS, is_due)


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
    kpis = [CATALOGUE[code] for code in basis.codes(batch.frame)]
    span = Span(*(epoch(day_start(day, context.zone)) for day in (batch.first, batch.after)))
    found = frames.read({kpi.frame for kpi in kpis}, span, context, at={kpi.at for kpi in kpis}, where={})
    return [row for kpi in kpis for row in _rows(kpi, found[kpi.frame], batch, context)]


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


def _rows(kpi: Kpi, frame: Frame, batch: Batch, context: Context) -> Iterator[Row]:
    judged = sums.judge(kpi, frame)
    shape = judged.shape
    left = np.asarray(shape.until, dtype=np.int64) if isinstance(shape, Stock) else judged.at[:0]
    events = sums.events(judged, _buckets(judged.at, batch, context), _buckets(left, batch, context))
    for clock in shape.seconds if isinstance(shape, Quantile) else [""]:
        overall = _Place(kpi, "", [""], clock)
        yield from _as_rows(overall, sums.add_up(judged, events, judged.at[:0], clock), batch)
        for dimension in kpi.dimensions:
            members = frame[dimension].cat
            codes = members.codes.to_numpy().astype(np.int64)
            place = _Place(kpi, dimension, list(members.categories), clock)
            yield from _as_rows(place, sums.add_up(judged, events, codes, clock), batch)


def _buckets(at: Numbers, batch: Batch, context: Context) -> Numbers:
    """Of every instant the position of its day in the batch; NOWHERE outside."""
    positions = local_days(at, context.zone).astype(np.int64) - day_number(batch.first)
    return np.where((positions >= 0) & (positions < len(batch.marks)), positions, NOWHERE)


def _as_rows(place: _Place, groups: Groups, batch: Batch) -> Iterator[Row]:
    days = [_stored_day(mark.day) for mark in batch.marks]
    columns = zip(
        groups.buckets.tolist(),
        groups.members.tolist(),
        groups.whole.tolist(),
        groups.part.tolist(),
        groups.square.tolist(),
        _extras(groups),
        [spreads.encode(values) for values in groups.values] or repeat(None),
        strict=False,
    )
    for bucket, member, *sums_, extra, values in columns:
        yield (
            place.kpi.code,
            place.kpi.revision,
            days[bucket],
            place.dimension,
            place.members[member],
            place.clock,
            *sums_,
            extra,
            values,
        )


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
