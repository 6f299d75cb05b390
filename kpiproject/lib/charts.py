"""Charts as Vega-Lite specifications: one dict for the page, for SVG and for PNG.

Nothing is ever fetched. What is written at a point is written by the caller, as text, so that no zone or language of
a browser can change it. The colours are those of the light design; the page's CSS maps them to the dark ones.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, Final

import vl_convert

Spec = dict[str, Any]

ACCENT: Final = "#1d4f91"
INK: Final = "#18212c"
MUTED: Final = "#546170"
GRID: Final = "#dce1e8"
SURFACE: Final = "#ffffff"
WARN: Final = "#7f4600"

_WIDTH: Final = 720
_HEIGHT: Final = 260
_STEP: Final = 30
_MANY_POINTS: Final = 90
_STEPS: Final = 3
_HOVER: Final = "hover"
_VALUE_AXIS: Final[Spec] = {
    "tickCount": 5,
    "domain": False,
    "ticks": False,
    # The unit stands level above the numbers.
    "titleAngle": 0,
    "titleAlign": "left",
    "titleAnchor": "start",
    "titleX": 0,
    "titleY": -14,
}
_DAY_OF_YEAR: Final = "%-d %b %Y"
_TICKS: Final = {"quarter": "%b", "month": "%b", "week": "%-d %b", "date": "%-d %b", "hours": " "}
"""How ticks are named: each January by its year, as Vega has it, other months by their names and other days by day and
month. Points are days, so that no hour has a name."""
_CONFIG: Final[Spec] = {
    # The wrapper says what the chart shows, the table beneath gives every number.
    "mark": {"aria": False},
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "aria": False,
        "domainColor": GRID,
        "gridColor": GRID,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "tickColor": GRID,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "title": {"aria": False, "color": INK, "anchor": "start", "fontSize": 15},
}


@dataclass(frozen=True, kw_only=True)
class Point:
    """A value at the first day of a piece of time; None leaves a gap. `tooltip` is what is told about it, in order."""

    start: date
    value: float | None
    low: float | None = None
    high: float | None = None
    is_complete: bool = True
    tooltip: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A value of one member, with the text that is written at its end."""

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None
    tooltip: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Break:
    """A day from which on the figures mean something else."""

    start: date
    text: str


def time_series(
    points: Sequence[Point],
    *,
    title: str,
    unit: str,
    breaks: Sequence[Break] = (),
    starts_at_zero: bool = True,
    locale: Spec | None = None,
) -> Spec:
    """A line with its interval as a band. A piece of time that is not complete has a hollow point.

    `locale` holds Vega's `number` and `time` definitions for the axes.
    """
    y: Spec = {"type": "quantitative", "title": unit, "scale": {"zero": starts_at_zero}}
    if all(point.value is None for point in points):
        y["scale"] = {"domain": [0, 1]}
    layers = [*_band(points, y), *_line(y), _hover(points), *_breaks(breaks, points)]
    x: Spec = {"field": "x", "type": "temporal", "title": None, "scale": {"type": "utc", "padding": 8}}
    x["axis"] = {
        "grid": False,
        "labelOverlap": True,
        "labelFlush": True,
        "labelSeparation": 8,
        "format": _DAY_OF_YEAR if len(points) == 1 else _TICKS,
        "tickCount": {"expr": "max(2, width / 90)"},
    }
    return _spec(title, locale) | {
        "height": _HEIGHT,
        "data": {"values": _point_rows(points)},
        "encoding": {"x": x},
        "layer": layers,
    }


def bars(bars: Sequence[Bar], *, title: str, unit: str, locale: Spec | None = None) -> Spec:
    """One bar for each member, in the order given, with its interval as a line."""
    # Layers leave out what they cannot draw, so the order must be said, not only met.
    y: Spec = {"field": "label", "type": "nominal", "sort": [bar.label for bar in bars], "title": None}
    y["axis"] = {"labelLimit": 150, "labelPadding": 8, "domain": False, "ticks": False, "labelColor": INK}
    x: Spec = {"type": "quantitative", "title": unit}
    if all(bar.value is None for bar in bars):
        x["scale"] = {"domain": [0, 1]}
    axis = {"tickCount": {"expr": "max(2, width / 110)"}, "domain": False, "ticks": False}
    tooltip = _tooltip(bars)
    interval = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "tooltip": tooltip}
    mark = {"type": "bar", "color": ACCENT, "height": {"band": 0.62}, "cornerRadiusEnd": 3}
    text = {"type": "text", "align": "left", "dx": 8, "color": INK, "fontSize": 12}
    layers: list[Spec] = [{"mark": mark, "encoding": {"x": {**x, "field": "value", "axis": axis}, "tooltip": tooltip}}]
    if any(bar.low is not None for bar in bars):
        layers += [
            {"mark": {"type": "rule", "color": SURFACE, "strokeWidth": 6}, "encoding": interval},
            {"mark": {"type": "rule", "color": INK, "strokeWidth": 2}, "encoding": interval},
        ]
    layers.append({"mark": text, "encoding": {"x": {**x, "field": "end"}, "text": {"field": "text"}}})
    rows: list[Spec] = [
        {"label": bar.label, "value": bar.value, "low": bar.low, "high": bar.high, "text": bar.text, "end": _end(bar)}
        | _told(bar.tooltip)
        for bar in bars
    ]
    return _spec(title, locale) | {
        "height": _STEP * max(1, len(bars)),
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": layers,
    }


def to_svg(spec: Spec) -> str:
    """The chart as SVG without scripts, styles and style attributes, fit for a page under a strict policy."""
    layers = [layer for layer in spec["layer"] if layer.get("name") != _HOVER]
    svg: str = vl_convert.vegalite_to_svg({**spec, "width": _WIDTH, "layer": layers}, allowed_base_urls=[])
    return svg.replace("><", f' role="img"><title>{escape(spec["description"])}</title><', 1)


def to_mail_png(spec: Spec) -> bytes:
    """The chart without its title, for the width of a phone: in a mail it is stretched or shrunk to what there is."""
    layers = [layer for layer in spec["layer"] if layer.get("name") != _HOVER]
    axis = {**spec["config"]["axis"], "labelFontSize": 13, "titleFontSize": 13}
    changes = {
        "width": 440,
        "height": 170,
        "background": SURFACE,
        "padding": 12,
        "layer": layers,
        "config": {**spec["config"], "axis": axis},
    }
    return _packed(vl_convert.vegalite_to_png({**spec, **changes}, scale=2.0, allowed_base_urls=[]))


def _packed(png: bytes) -> bytes:
    """The same picture in less than half the bytes: its pixels compressed as well as they can be."""
    chunks, position = [], 8
    while position < len(png):
        length = int.from_bytes(png[position : position + 4]) + 12
        chunks.append(png[position : position + length])
        position += length
    pixels = zlib.decompress(b"".join(chunk[8:-4] for chunk in chunks if chunk[4:8] == b"IDAT"))
    body = b"IDAT" + zlib.compress(pixels, 9)
    packed = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    first = next(n for n, chunk in enumerate(chunks) if chunk[4:8] == b"IDAT")
    others = [chunk for chunk in chunks if chunk[4:8] != b"IDAT"]
    return png[:8] + b"".join([*others[:first], packed, *others[first:]])


def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed in one module that gives the page `vegaEmbed`."""
    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script


def bundle_version() -> str:
    """Changes when the bundle would."""
    versions = (
        vl_convert.get_vega_version(),
        vl_convert.get_vegalite_versions()[-1],
        vl_convert.get_vega_embed_version(),
    )
    return "vega {} vega-lite {} vega-embed {}".format(*versions)


def _spec(title: str, locale: Spec | None) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": title,
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 5, "top": 5, "right": 10, "bottom": 5},  # browsers set text wider than it is measured
        "config": {**_CONFIG, "locale": locale} if locale else _CONFIG,
    }


def _point_rows(points: Sequence[Point]) -> list[Spec]:
    """A point is drawn where there are few, and always where no line leads to it or away from it."""
    values = [None, *(point.value for point in points), None]
    rows = []
    for n, point in enumerate(points):
        is_alone = values[n] is None and values[n + 2] is None
        row: Spec = {"x": point.start.isoformat(), "value": point.value, "low": point.low, "high": point.high}
        row["complete"] = point.is_complete
        row["dot"] = len(points) <= _MANY_POINTS or not point.is_complete or is_alone
        if is_alone and point.value is not None and point.low is not None:
            row["alone"] = True
        rows.append(row | _told(point.tooltip))
    return rows


def _band(points: Sequence[Point], y: Spec) -> list[Spec]:
    """Left out where nothing has an interval: Vega complains about scales without numbers.

    A band needs two neighbours; a point without one gets its interval as a bar.
    """
    if all(point.low is None for point in points):
        return []
    encoding = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    bar = {"type": "rule", "color": ACCENT, "opacity": 0.35, "strokeWidth": 6}
    return [
        {"mark": {"type": "area", "color": ACCENT, "opacity": 0.16}, "encoding": encoding},
        *(
            [{"transform": [{"filter": "datum.alone"}], "mark": bar, "encoding": encoding}]
            if _has_alone(points)
            else []
        ),
    ]


def _has_alone(points: Sequence[Point]) -> bool:
    return any("alone" in row for row in _point_rows(points))


def _line(y: Spec) -> list[Spec]:
    value = {**y, "field": "value", "axis": _VALUE_AXIS}
    fill = {"condition": {"test": "datum.complete", "value": ACCENT}, "value": SURFACE}
    dot = {"type": "point", "stroke": ACCENT, "strokeWidth": 2, "size": 36, "opacity": 1}
    return [
        {"mark": {"type": "line", "color": ACCENT, "strokeWidth": 2}, "encoding": {"y": value}},
        {"transform": [{"filter": "datum.dot"}], "mark": dot, "encoding": {"y": value, "fill": fill}},
    ]


def _hover(points: Sequence[Point]) -> Spec:
    """Invisible strips over the whole height, so that nobody has to hit a dot."""
    width = max(3, min(24, 600 // max(len(points), 1)))
    mark = {"type": "rule", "color": ACCENT, "opacity": 0, "strokeWidth": width}
    return {"name": _HOVER, "mark": mark, "encoding": {"tooltip": _tooltip(points)}}


def _told(tooltip: Mapping[str, str]) -> Spec:
    return {f"told{n}": text for n, text in enumerate(tooltip.values())}


def _tooltip(marks: Sequence[Point] | Sequence[Bar]) -> list[Spec]:
    titles = list(marks[0].tooltip) if marks else []
    return [{"field": f"told{n}", "title": title, "type": "nominal"} for n, title in enumerate(titles)]


def _breaks(breaks: Sequence[Break], points: Sequence[Point]) -> list[Spec]:
    if not breaks:
        return []
    rule = {"type": "rule", "color": WARN, "strokeDash": [4, 3]}
    layers: list[Spec] = [{"data": {"values": [{"x": mark.start.isoformat()} for mark in breaks]}, "mark": rule}]
    for step in range(min(_STEPS, len(breaks))):
        # Neighbours stand one beneath the other, so that two within a few days can both be read.
        for is_late in (False, True):
            shown = [mark for mark in breaks[step::_STEPS] if _is_late(mark, points) == is_late]
            rows = [{"x": mark.start.isoformat(), "text": mark.text} for mark in shown]
            place = {"align": "right", "dx": -5} if is_late else {"align": "left", "dx": 5}
            text = {"type": "text", "baseline": "top", "dy": 2 + 14 * step, "y": 0, "color": WARN, **place}
            if rows:
                layers.append({"data": {"values": rows}, "mark": text, "encoding": {"text": {"field": "text"}}})
    return layers


def _is_late(mark: Break, points: Sequence[Point]) -> bool:
    """Whether there is more room for its text to the left."""
    return bool(points) and mark.start - points[0].start > (points[-1].start - points[0].start) / 2


def _end(bar: Bar) -> float:
    """Where the text begins: beyond the bar and its interval."""
    return max(0.0, bar.value or 0.0, bar.high or 0.0)
