"""The rows of a table of figures: one for each piece of time, or one for each member."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from kpiproject.lib.periods import Grain, Period, grain_end, grain_start
from metrics import presentation
from metrics.kpi import Kpi, Ratio
from metrics.queries import Figures, Freshness, Point


@dataclass(frozen=True, kw_only=True)
class Line:
    """A point in words. `last` is the last day of its piece of time; `counted` says what the figure rests on."""

    point: Point
    label: str
    start: date
    last: date
    value: str
    interval: str
    n: str
    counted: str
    mean: str
    p90: str
    excluded: int
    left_out: str
    median: str = ""
    is_complete: bool = True


def over_time(figures: Figures, grain: Grain, *, week_start: int, fresh: Freshness) -> list[Line]:
    """A line for each piece of the period. One that is cut off, or not over, is not complete; one before the first
    fact of its kind has no value."""
    if figures.period is None:
        return []
    last_day = figures.period.end - timedelta(days=1)
    found = []
    for given in figures.points:
        start = day(given)
        after = figures.period.end if grain is Grain.ALL else grain_end(start, grain, week_start)
        last = min(after - timedelta(days=1), last_day)
        whole = grain is Grain.ALL or start == grain_start(start, grain, week_start)
        is_cut = not whole or after > figures.period.end
        label = presentation.period(start, Grain.ALL if is_cut else grain, last + timedelta(days=1))
        piece = Period(start, last + timedelta(days=1), figures.zone)
        point = fresh.known(given, figures.kpi, piece)
        line = _line(figures.kpi, figures.clock, point, label)
        line = replace(line, start=start, last=last, is_complete=point.complete and last < fresh.today)
        is_computing = point.value is None and fresh.is_computing(figures.kpi, piece)
        found.append(replace(line, value=_("being computed")) if is_computing else line)
    return found


def by_member(figures: Figures, names: Mapping[str, str]) -> list[Line]:
    """A line for each member, those with the most behind them first."""
    ordered = sorted(figures.points, key=lambda point: (-point.n, point.member or ""))
    return [of_point(figures, point, presentation.member(point.member, names)) for point in ordered]


def of_point(figures: Figures, point: Point, label: str) -> Line:
    """Any point in the words of these figures."""
    return _line(figures.kpi, figures.clock, point, label)


def single(figures: Figures) -> Line:
    """The only point of a figure over its whole period."""
    return _line(figures.kpi, figures.clock, figures.points[0], "")


def _line(kpi: Kpi, clock: str | None, point: Point, label: str) -> Line:
    left_out = sum(point.excluded.values())
    return Line(
        point=point,
        label=label,
        start=day(point),
        last=day(point),
        value=presentation.figure(point, kpi, clock),
        interval=presentation.interval(point, kpi, clock),
        n=presentation.number(point.n),
        counted=presentation.counted(point.n, kpi),
        mean=_mean(kpi, clock, point.mean),
        p90="" if point.p90 is None else presentation.value(point.p90, kpi, clock),
        median="" if point.median is None else presentation.value(point.median, kpi, clock),
        excluded=left_out,
        left_out=presentation.number(left_out),
    )


def _mean(kpi: Kpi, clock: str | None, mean: float | None) -> str:
    """Beside a share stands the mean score, which has the unit of the scale."""
    if mean is None:
        return ""
    return presentation.number(mean, 2) if kpi.shape is Ratio else presentation.value(mean, kpi, clock)


def day(point: Point) -> date:
    """The first day of a point."""
    return point.start.date() if isinstance(point.start, datetime) else point.start
