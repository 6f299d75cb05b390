"""An individuals chart (XmR): a series with its mean, the limits of its normal range, and what tells of a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kpiproject.lib import charts
from kpiproject.lib.charts import INK, MUTED, WARN, Point, Spec
from kpiproject.lib.spc import Limits

Name = tuple[str, str]
"""What a line is, and its value."""
_LONGEST: Final = 84
"""Pixels to the right of the chart that a name may take; the layout leaves as many as it needs."""
_LINE_HEIGHT: Final = 13
_APART: Final = 2 * _LINE_HEIGHT + 3


@dataclass(frozen=True, kw_only=True)
class Normal:
    """The normal range at each point, and what is written beside the three lines of the last one. On the `marked` days
    stands a square. Where there is no range yet, or was none, nothing is drawn but the points."""

    limits: Sequence[Limits | None]
    low: Name
    centre: Name
    high: Name
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
    names = _names(normal.limits[-1], normal) if normal.limits[-1] else []
    return spec | {"layer": [*under, *measured, *_marks(points, normal.marked, y), *names, hover]}


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


def _names(limits: Limits, normal: Normal) -> list[Spec]:
    """At the right end of the lines, beside the chart, where no point can lie. Those of lines that are close to each
    other move apart, the middle one the least."""
    middle = f"clamp(scale('y', {limits.centre!r}), {_APART}, height - {_APART})"
    return [
        _name(normal.high, f"min(scale('y', {limits.high!r}), {middle} - {_APART})"),
        _name(normal.centre, middle),
        _name(normal.low, f"max(scale('y', {limits.low!r}), {middle} + {_APART})"),
    ]


def _name(name: Name, level: str) -> Spec:
    """On two lines around a level in pixels."""
    mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11, "color": MUTED}
    place = {"dx": 6, "dy": -_LINE_HEIGHT / 2, "lineHeight": _LINE_HEIGHT, "limit": _LONGEST}
    return {
        "data": {"values": [{}]},
        "mark": {**mark, **place},
        "encoding": {"x": {"value": "width"}, "y": {"value": {"expr": level}}, "text": {"value": list(name)}},
    }
