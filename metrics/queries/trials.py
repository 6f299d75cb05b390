"""What a definition would say, before anything of it is kept: read from facts, never from rollups."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.utils import timezone

from kpiproject.lib.periods import Grain, Period, local_day
from kpiproject.queries import organisation
from metrics.kpi import Kpi
from metrics.own.definition import Definition, kpi_of
from metrics.queries import computed, points
from metrics.queries.questions import Asked, Point, Question, extent
from metrics.queries.questions import clock as usual_clock
from metrics.sums import Sum

DAYS: Final = 90


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The figure over the last 90 days with facts; `rows` is how many rows there were, whatever the conditions."""

    kpi: Kpi
    clock: str
    point: Point
    rows: int


def trial(definition: Definition) -> Trial | None:
    """None where there are no facts of this kind."""
    kpi = kpi_of(definition)
    period = _last_days(kpi)
    if period is None:
        return None
    everything = kpi_of(replace(definition, shape="number", filters=(), unit="count"))
    clock = usual_clock(Question(code=kpi.code), kpi)
    return Trial(kpi=kpi, clock=clock, point=_figure(kpi, period, clock), rows=_figure(everything, period, "").n)


def _last_days(kpi: Kpi) -> Period | None:
    zone = organisation().time_zone
    reach = extent(kpi, zone)
    if reach is None:
        return None
    end = min(reach.end, local_day(timezone.now(), zone) + timedelta(days=1))
    return Period(end - timedelta(days=DAYS), end, zone)


def _figure(kpi: Kpi, period: Period, clock: str) -> Point:
    asked = Asked(
        kpi=kpi,
        period=period,
        slices=period.split(Grain.ALL),
        by="",
        where={},
        clock=clock,
        zone=period.zone,
        now=timezone.now(),
        at=None,
    )
    total = computed.gather(asked).sums.get((0, ""), Sum())
    return points.point(kpi, Point(start=period.start, end=period.end), total, Sum())
