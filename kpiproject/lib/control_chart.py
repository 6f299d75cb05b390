"""An individuals chart (XmR): a series with its mean, the limits of its normal range, and what tells of a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpiproject.lib import charts
from kpiproject.lib.charts import INK, MUTED, SURFACE, WARN, Point, Spec
from kpiproject.lib.spc import Limits


@dataclass(frozen=True, kw_only=True)
class Normal:
    """The normal range, and what is written at its three lines. On the `marked` days stands a square."""

    limits: Limits
    low: str
    centre: str
    high: str
    marked: Sequence[date] = ()


def control_chart(
    points: Sequence[Point], normal: Normal, *, title: str, unit: str, locale: Spec | None = None
) -> Spec:
    """The time series of the points with its normal range. At least one of them has a value."""
    limits = normal.limits
    spec = charts.time_series(points, title=title, unit=unit, starts_at_zero=False, locale=locale)
    y: Spec = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    *measured, hover = spec["layer"]
    first, last = points[0].start, points[-1].start
    under = [
        *_line(limits.centre, (first, last), y, {"color": MUTED, "strokeWidth": 1}),
        *_line(limits.low, (first, last), y, {"color": INK, "strokeWidth": 1, "strokeDash": [5, 4]}),
        *_line(limits.high, (first, last), y, {"color": INK, "strokeWidth": 1, "strokeDash": [5, 4]}),
    ]
    names = [
        *_name(normal.high, limits.high, first, y, dy=-8),
        *_name(normal.centre, limits.centre, first, y, dy=-8),
        *_name(normal.low, limits.low, first, y, dy=-8),
    ]
    return spec | {"layer": [*under, *measured, *_marks(points, normal.marked, y), *names, hover]}


def _line(level: float, ends: tuple[date, date], y: Spec, mark: Spec) -> list[Spec]:
    rows = [{"x": day.isoformat(), "value": level} for day in ends]
    return [{"data": {"values": rows}, "mark": {"type": "line", **mark}, "encoding": {"y": {**y, "field": "value"}}}]


def _marks(points: Sequence[Point], marked: Sequence[date], y: Spec) -> list[Spec]:
    rows = [
        {"x": point.start.isoformat(), "value": point.value}
        for point in points
        if point.start in marked and point.value is not None
    ]
    if not rows:
        return []
    mark = {"type": "point", "shape": "square", "filled": True, "color": WARN, "size": 110, "opacity": 1}
    return [{"data": {"values": rows}, "mark": mark, "encoding": {"y": {**y, "field": "value"}}}]


def _name(text: str, level: float, day: date, y: Spec, *, dy: int) -> list[Spec]:
    """With a rim in the colour of the ground, so that it can be read over a line."""
    place: Spec = {"type": "text", "align": "left", "baseline": "middle", "dx": 4, "dy": dy, "fontSize": 11}
    found = {
        "data": {"values": [{"x": day.isoformat(), "value": level}]},
        "encoding": {"y": {**y, "field": "value"}, "text": {"value": text}},
    }
    return [
        {**found, "mark": {**place, "color": SURFACE, "stroke": SURFACE, "strokeWidth": 4}},
        {**found, "mark": {**place, "color": MUTED}},
    ]
