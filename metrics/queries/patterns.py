"""When things happen: figures by hour of the week, by weekday and by month of the year, in local time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from kpiproject.lib.periods import Grain, Period, epoch, local_day, zone_info
from metrics import frames
from metrics.queries import computed, points, stored
from metrics.queries.questions import Asked, Point, Question, check, extent
from metrics.sums import Sum

HOURS: Final = 7 * 24
_QUARTER: Final = 900
"""Offsets of time zones are whole quarters of an hour."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The figure of one hour of the week, weekday or month. `often` is how many such hours (days, months) there were
    in the period: an hour that the clocks skip was there once less, one that they repeat once more."""

    point: Point
    often: float


def by_hour(question: Question) -> list[Slot]:
    """One for every hour of the week, from Monday 0 o'clock on; what was before the first fact does not count. Read
    from facts. Raises BadQuestion."""
    asked, period = _known(question)
    if period is None:
        return []
    sums = computed.gather_by(asked, lambda at: hour_of_week(at, asked.zone))
    start = max(epoch(period.start_at), _first_hour(asked))
    often = hours_there(start, min(epoch(period.end_at), epoch(asked.now)), asked.zone)
    return [_slot(asked, period, sums.get(hour, Sum()), often[hour]) for hour in range(HOURS)]


def by_weekday(question: Question) -> list[Slot]:
    """One for every weekday from Monday on; today does not count. Raises BadQuestion."""
    return _folded(question, Grain.DAY, date.weekday, 7)


def by_month(question: Question) -> list[Slot]:
    """One for every month of the year; only whole months count, and `often` is their number. Raises BadQuestion."""
    return _folded(question, Grain.MONTH, lambda day: day.month - 1, 12)


def hour_of_week(at: Any, zone: str) -> Any:
    """0 for Monday from 0 to 1 o'clock by the clocks of the zone, to 167, of instants in epoch seconds."""
    local = pd.to_datetime(np.asarray(at, dtype=np.int64), unit="s", utc=True).tz_convert(zone)
    return (24 * local.day_of_week + local.hour).to_numpy(dtype=np.int64)


def hours_there(start: int, end: int, zone: str) -> list[float]:
    """How often each hour of the week was there between two instants."""
    if end <= start:
        return [0.0] * HOURS
    counts = np.bincount(hour_of_week(np.arange(start, end, _QUARTER), zone), minlength=HOURS)
    return [count * _QUARTER / 3600 for count in counts.tolist()]


def _folded(question: Question, grain: Grain, slot_of: Callable[[date], int], slots: int) -> list[Slot]:
    asked, period = _known(question)
    if period is None:
        return []
    today = local_day(asked.now, asked.zone)
    pieces = [part.period for part in period.split(grain) if part.complete and part.period.end <= today]
    if not pieces:
        return []
    whole = Period(pieces[0].start, pieces[-1].end, asked.zone)
    asked = replace(asked, period=whole, slices=whole.split(grain))
    gathered = stored.gather(asked) if asked.is_simple else computed.gather(asked)
    sums = [Sum() for _ in range(slots)]
    for (bucket, _member), found in gathered.sums.items():
        sums[slot_of(pieces[bucket].start)].add(found)
    often = [0] * slots
    for piece in pieces:
        often[slot_of(piece.start)] += 1
    return [_slot(asked, whole, total, count) for total, count in zip(sums, often, strict=True)]


def _known(question: Question) -> tuple[Asked, Period | None]:
    """The question over the part of its period that has facts."""
    asked = check(question).overall
    known = extent(asked.kpi, asked.zone)
    if asked.period is None or known is None:
        return asked, None
    start, end = max(asked.period.start, known.start), min(asked.period.end, known.end)
    if start >= end:
        return asked, None
    period = Period(start, end, asked.zone)
    return replace(asked, period=period, slices=period.split(Grain.ALL)), period


def _first_hour(asked: Asked) -> int:
    """When the hour begins in which the first fact lies: of those before it nobody knows whether they were empty."""
    found = frames.extent(asked.kpi.frame)
    if found is None:
        return 0
    local = found[0].astimezone(zone_info(asked.zone))
    return epoch(found[0]) - 60 * local.minute - local.second


def _slot(asked: Asked, period: Period, found: Sum, often: float) -> Slot:
    place = Point(start=period.start, end=period.end)
    return Slot(point=points.point(asked.kpi, place, found, Sum()), often=often)
