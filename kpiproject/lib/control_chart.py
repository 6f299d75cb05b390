"""An individuals chart (XmR): a series with its mean, the limits of its normal range, and what tells of a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpiproject.lib import charts
from kpiproject.lib.charts import INK, MUTED, SURFACE, WARN, Point, Spec
from kpiproject.lib.spc import Limits


@dataclass(frozen=True, kw_only=True)
class Normal:
    """The normal range at each point, and what is written at the three lines of the last one. On the `marked` days
    stands a square. Where there is no range yet, or was none, nothing is drawn but the points."""

    limits: Sequence[Limits | None]
    low: str
    centre: str
    high: str
    marked: Sequence[date] = ()


def control_chart(
    points: Sequence[Point], normal: Normal, *, title: str, unit: str, locale: Spec | None = None
) -> Spec:
    """The time series of the points with its normal range. The last of them has a value and a range."""
    spec = charts.time_series(points, title=title, unit=unit, starts_at_zero=False, locale=locale)
    y: Spec = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    *measured, hover = spec["layer"]
    days = [point.start for point in points]
    dashed = {"color": INK, "strokeWidth": 1, "strokeDash": [5, 4]}
    under = [
        *_line(
            [limits.centre if limits else None for limits in normal.limits], days, y, {"color": MUTED, "strokeWidth": 1}
        ),
        *_line([limits.low if limits else None for limits in normal.limits], days, y, dashed),
        *_line([limits.high if limits else None for limits in normal.limits], days, y, dashed),
    ]
    since = _latest_since(normal.limits)
    first = days[since]
    names: list[Spec] = []
    if limits := normal.limits[-1]:
        for text, level in ((normal.high, limits.high), (normal.centre, limits.centre), (normal.low, limits.low)):
            names += _name(text, level, first, y, dy=-8)
    return spec | {"layer": [*under, *measured, *_marks(points, normal.marked, y), *names, hover]}


def _latest_since(each: Sequence[Limits | None]) -> int:
    """Where the process that goes on now begins, whose lines have names."""
    centres = [limits and limits.centre for limits in each]
    return next((n for n in range(len(each) - 1, 0, -1) if centres[n] != centres[n - 1]), 0)


def _line(levels: Sequence[float | None], days: Sequence[date], y: Spec, mark: Spec) -> list[Spec]:
    """Straight while nothing changes; a step between two points that differ."""
    if len(set(levels)) == 1:
        levels, days = [levels[0], levels[-1]], [days[0], days[-1]]
    else:
        mark = {**mark, "interpolate": "step"}
    rows = [{"x": day.isoformat(), "value": level} for day, level in zip(days, levels, strict=True)]
    if all(row["value"] is None for row in rows):
        return []
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
