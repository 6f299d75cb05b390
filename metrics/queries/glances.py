"""Every KPI at once, from rollups alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet, Sum
from django.utils import timezone

from kpiproject.calendars import measures_business_time
from kpiproject.lib.periods import Grain, Period, Slice, local_day
from kpiproject.queries import organisation
from metrics import sums
from metrics.definitions import adopted
from metrics.kpi import BUSINESS, CALENDAR, Kpi
from metrics.models import Rollup
from metrics.queries import points, stored, wholes
from metrics.queries.questions import Point, Question, check, find_kpi
from metrics.queries.stored import EARLIER, Gathered

_PREVIOUS: Final = 0
"""The bucket of the previous period; those of the series follow."""


@dataclass(frozen=True, kw_only=True)
class Glance:
    """A KPI in a period, in the period of the same length directly before, and by grain within the period.

    Durations are in the organisation's clock, named in `clock`, and may be approximate (see Point).
    """

    kpi: Kpi
    clock: str | None
    current: Point
    previous: Point
    series: list[Point]


def glance(period: Period, *, grain: Grain, codes: Collection[str] = ()) -> list[Glance]:
    """The KPIs that the organisation works with (or those named), in the order of the catalogue, in a fixed number of
    queries and some for each of those that cannot be added up. What only exists by a dimension has no figure here."""
    kpis = [find_kpi(code) for code in codes] or adopted()
    slices = period.split(grain, organisation().week_start)
    clock = BUSINESS if measures_business_time() else CALENDAR
    gathered = _gather([kpi for kpi in kpis if kpi.adds_up], period, slices, clock)
    return [
        _glance(kpi, gathered[kpi.code], period, slices, clock) if kpi.adds_up else _whole(kpi, period, grain)
        for kpi in kpis
    ]


def _whole(kpi: Kpi, period: Period, grain: Grain) -> Glance:
    def points_of(of: Period, step: Grain) -> list[Point]:
        if kpi.needs_dimension:
            week_start = organisation().week_start
            return [Point(start=part.period.start, end=part.period.end) for part in of.split(step, week_start)]
        return wholes.figures(check(Question(code=kpi.code, start=of.start, end=of.end, grain=step)))

    def one(of: Period) -> Point:
        return next(iter(points_of(of, Grain.ALL)), Point(start=of.start, end=of.end))

    return Glance(
        kpi=kpi,
        clock=kpi.clock(has_calendar=measures_business_time()) or None,
        current=one(period),
        previous=one(period.previous()),
        series=points_of(period, grain),
    )


def _gather(kpis: list[Kpi], period: Period, slices: list[Slice], clock: str) -> dict[str, Gathered]:
    start = period.previous().start
    rows = Rollup.objects.filter(kpi__in=[kpi.code for kpi in kpis], dimension="", clock__in=["", clock])
    bucket = stored.bucket_of([start, *(part.period.start for part in slices)])
    today = local_day(timezone.now(), period.zone)
    last_mature = {kpi.code: _last_mature(kpi, today) for kpi in kpis}
    found = {kpi.code: Gathered() for kpi in kpis}
    for code, day, _, total in stored.read(rows.filter(day__gte=start, day__lt=period.end)):
        found[code].add((bucket(day), ""), total, is_recent=day > last_mature[code])
    for code, level in _levels(rows.filter(day__lt=start), kpis):
        found[code].add((EARLIER, ""), sums.Sum(whole=level), is_recent=False)
    return found


def _levels(rows: "QuerySet[Rollup]", kpis: list[Kpi]) -> list[tuple[str, int]]:
    """The level of every stock before the rows that are read one by one."""
    stocks = rows.filter(kpi__in=[kpi.code for kpi in kpis if kpi.is_stock])
    return list(stocks.values_list("kpi").annotate(Sum("whole")).order_by("kpi"))


def _last_mature(kpi: Kpi, today: date) -> date:
    return today - timedelta(days=kpi.matures_after_days + 1) if kpi.matures_after_days else date.max


def _glance(kpi: Kpi, gathered: Gathered, period: Period, slices: list[Slice], clock: str) -> Glance:
    buckets = range(_PREVIOUS + 1, _PREVIOUS + 1 + len(slices))
    if kpi.is_stock:
        gathered = gathered.levels(len(slices) + 1)
        current = [buckets[-1]]
    else:
        current = list(buckets)
    series = [
        _point(kpi, gathered, [bucket], part.period, complete=part.complete)
        for bucket, part in zip(buckets, slices, strict=True)
    ]
    return Glance(
        kpi=kpi,
        clock=kpi.clock(has_calendar=clock == BUSINESS) or None,
        current=_point(kpi, gathered, current, period),
        previous=_point(kpi, gathered, [_PREVIOUS], period.previous()),
        series=series,
    )


def _point(kpi: Kpi, gathered: Gathered, buckets: list[int], period: Period, *, complete: bool = True) -> Point:
    place = Point(start=period.start, end=period.end, complete=complete)
    return points.point(kpi, place, _total(gathered.sums, buckets), _total(gathered.recent, buckets))


def _total(found: dict[stored.Key, sums.Sum], buckets: list[int]) -> sums.Sum:
    total = sums.Sum()
    for bucket in buckets:
        if (bucket, "") in found:
            total.add(found[bucket, ""])
    return total
