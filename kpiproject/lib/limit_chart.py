"""A series against the limits it is watched by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpiproject.lib import charts
from kpiproject.lib.charts import INK, MUTED, SURFACE, WARN, Point, Spec


@dataclass(frozen=True, kw_only=True)
class Level:
    """A line straight across, with what is written at it. `is_limit`: what lies past it is an alarm."""

    value: float
    text: str
    is_limit: bool = True


def limit_chart(
    points: Sequence[Point],
    levels: Sequence[Level],
    *,
    title: str,
    unit: str,
    marked: Sequence[date] = (),
    locale: Spec | None = None,
) -> Spec:
    """The time series of the points with lines for the levels. On the `marked` days stands a square."""
    spec = charts.time_series(points, title=title, unit=unit, starts_at_zero=False, locale=locale)
    y: Spec = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    if all(point.value is None for point in points) and not levels:
        return spec
    *measured, hover = spec["layer"]
    days = [point.start.isoformat() for point in points]
    under = [_line(level, days, y) for level in levels]
    names = [layer for level in levels for layer in _name(level, days, y)]
    return spec | {"layer": [*under, *measured, *_marks(points, marked, y), *names, hover]}


def _line(level: Level, days: Sequence[str], y: Spec) -> Spec:
    look = {"color": WARN, "strokeWidth": 2} if level.is_limit else {"color": INK, "strokeDash": [5, 4]}
    rows = [{"x": day, "value": level.value} for day in (days[0], days[-1])]
    return {"data": {"values": rows}, "mark": {"type": "line", **look}, "encoding": {"y": {**y, "field": "value"}}}


def _marks(points: Sequence[Point], marked: Sequence[date], y: Spec) -> list[Spec]:
    rows = [
        {"x": point.start.isoformat(), "value": point.value}
        for point in points
        if point.start in marked and point.value is not None
    ]
    mark = {"type": "point", "shape": "square", "filled": True, "color": WARN, "size": 110, "opacity": 1}
    return [{"data": {"values": rows}, "mark": mark, "encoding": {"y": {**y, "field": "value"}}}] if rows else []


def _name(level: Level, days: Sequence[str], y: Spec) -> list[Spec]:
    """With a rim in the colour of the ground, so that it can be read over a line. Limits have theirs at the beginning
    and other lines at the end, because the two often lie close to each other."""
    day, side = (days[0], {"align": "left", "dx": 4}) if level.is_limit else (days[-1], {"align": "right", "dx": -4})
    place: Spec = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 12, **side}
    found = {
        "data": {"values": [{"x": day, "value": level.value}]},
        "encoding": {"y": {**y, "field": "value"}, "text": {"value": level.text}},
    }
    ink = WARN if level.is_limit else MUTED
    return [
        {**found, "mark": {**place, "color": SURFACE, "stroke": SURFACE, "strokeWidth": 4}},
        {**found, "mark": {**place, "color": ink}},
    ]
