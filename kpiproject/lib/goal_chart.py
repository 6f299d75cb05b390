"""A chart of a goal: what was measured against the way it is to go, and where it is heading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpiproject.lib import charts
from kpiproject.lib.charts import ACCENT, INK, MUTED, SURFACE, Point, Spec


@dataclass(frozen=True, kw_only=True)
class Step:
    """A target from a day on."""

    start: date
    value: float


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What is expected on a day to come: the middle, and where 8 of 10 cases lie."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Path:
    """The way from a baseline at the start to the target when due. `targets` are in force one after the other, the
    first from the start on, and so are the `upper` ends of ranges; the texts are written beside what they name. Where
    the target `is_kept` there is no way to go."""

    start: date
    due: date
    baseline: float | None
    targets: Sequence[Step]
    baseline_text: str
    target_text: str
    due_text: str
    ahead: Sequence[Ahead] = ()
    upper: Sequence[Step] = ()
    is_kept: bool = False

    @property
    def target(self) -> float:
        """Where the way leads: of a range to the nearer end."""
        low = self.targets[-1].value
        is_above = bool(self.upper) and self.baseline is not None and self.baseline > low
        return self.upper[-1].value if is_above else low


def goal_path(points: Sequence[Point], path: Path, *, title: str, unit: str, locale: Spec | None = None) -> Spec:
    """The time series of the points with the path around it. At least one of them must have a value.

    They stand at the end of their piece of time, so that the last one of a goal stands where it is due.
    """
    spec = charts.time_series(points, title=title, unit=unit, starts_at_zero=False, locale=locale)
    y: Spec = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    *measured, hover = spec["layer"]
    under = [*_ahead(path.ahead, y), *_way(path, y), *_target(path, y), *_due(path)]
    return spec | {"layer": [*under, *measured, *_names(path, y), hover]}


def _ahead(ahead: Sequence[Ahead], y: Spec) -> list[Spec]:
    if not ahead:
        return []
    rows = [{"x": day.day.isoformat(), "low": day.low, "value": day.middle, "high": day.high} for day in ahead]
    area = {"type": "area", "color": MUTED, "opacity": 0.2}
    line = {"type": "line", "color": ACCENT, "strokeWidth": 1.5, "strokeDash": [2, 3]}
    return [
        {"data": {"values": rows}, "mark": area, "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"data": {"values": rows}, "mark": line, "encoding": {"y": {**y, "field": "value"}}},
    ]


def _way(path: Path, y: Spec) -> list[Spec]:
    """Straight from the baseline to the target; left out where no baseline was measured, or the target is kept."""
    if path.baseline is None or path.is_kept:
        return []
    ends = [(path.start, path.baseline), (path.due, path.target)]
    mark = {"type": "line", "color": MUTED, "strokeWidth": 1.5, "strokeDash": [7, 4]}
    start = {
        "data": _places(ends[:1]),
        "mark": {"type": "point", "filled": True, "color": MUTED, "size": 45, "opacity": 1},
    }
    return [
        {"data": _places(ends), "mark": mark, "encoding": {"y": {**y, "field": "value"}}},
        {**start, "encoding": {"y": {**y, "field": "value"}}},
    ]


def _target(path: Path, y: Spec) -> list[Spec]:
    """In steps: a target that was moved is seen to have moved. A range has a line for each end."""
    mark = {"type": "line", "color": INK, "strokeWidth": 2, "interpolate": "step-after"}
    lines = [[(step.start, step.value) for step in steps] for steps in (path.targets, path.upper) if steps]
    found = [_places([*ends, (path.due, ends[-1][1])]) for ends in lines]
    return [{"data": places, "mark": mark, "encoding": {"y": {**y, "field": "value"}}} for places in found]


def _due(path: Path) -> list[Spec]:
    mark = {"type": "rule", "color": INK, "strokeWidth": 1, "strokeDash": [1, 3]}
    return [{"data": {"values": [{"x": path.due.isoformat()}]}, "mark": mark}]


def _names(path: Path, y: Spec) -> list[Spec]:
    """On the side away from the way, and with a rim in the colour of the ground, so that they can be read."""
    rises = path.baseline is None or path.target > path.baseline
    above, beneath = {"baseline": "bottom", "dy": -7}, {"baseline": "top", "dy": 8}
    left, right = {"align": "right", "dx": -6}, {"align": "left", "dx": 6}
    edge = {"y": "height", "baseline": "bottom", "dy": -4} if rises else {"y": 0, "baseline": "top", "dy": 4}
    named = [_name(path.due_text, _places([(path.due, path.target)]), {**left, **edge}, {})]
    level = {"y": {**y, "field": "value"}}
    place = _places([(path.due, path.target)])
    named.append(_name(path.target_text, place, {**left, **(above if rises else beneath)}, level))
    if path.baseline is not None:
        place = _places([(path.start, path.baseline)])
        named.append(_name(path.baseline_text, place, {**right, **(beneath if rises else above)}, level))
    rims = [{**layer, "mark": {**layer["mark"], "stroke": SURFACE, "strokeWidth": 4}} for layer in named]
    return [layer for pair in zip(rims, named, strict=True) for layer in pair]


def _name(text: str, data: Spec, place: Spec, encoding: Spec) -> Spec:
    mark = {"type": "text", "color": INK, "fontSize": 12, **place}
    return {"data": data, "mark": mark, "encoding": {"text": {"value": text}, **encoding}}


def _places(places: Sequence[tuple[date, float]]) -> Spec:
    return {"values": [{"x": day.isoformat(), "value": value} for day, value in places]}
