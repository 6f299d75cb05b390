"""A goal's way drawn and in numbers: where it comes from, where it is and where it is heading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import lines
from goals.models import Goal, TargetChange
from goals.progress import expected
from kpiproject.drawing import drawn, locale
from kpiproject.lib import goal_chart
from kpiproject.lib.charts import Point, Spec
from kpiproject.lib.goal_chart import Ahead, Path, Step
from kpiproject.lib.periods import local_day
from metrics import pictures, presentation
from metrics.kpi import Unit
from metrics.queries import find

Piece = dict[str, Any]
Moved = tuple[TargetChange, float | None, float | None]
"""A change of the target, with the value before and after."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A complete period in words. `way` is where the straight line is at its end; empty before the start."""

    label: str
    value: str
    interval: str
    n: str
    way: str


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A period to come: the middle of what is expected, and the bounds of 8 of 10 cases, such as “3 h to 4 h”."""

    label: str
    middle: str
    bounds: str


def rows(goal: Goal) -> list[Row]:
    """The periods that were judged, oldest first."""
    return [
        Row(
            label=lines.piece(goal, _day(piece["start"])),
            value=lines.amount(goal, piece["value"]),
            interval=lines.interval(goal, piece["low"], piece["high"]),
            n=presentation.number(piece["n"]),
            way=_way(goal, _day(piece["end"])),
        )
        for piece in goal.course
    ]


def outlook(goal: Goal) -> list[Outlook]:
    """The periods to come, up to the one that ends the goal; empty where there is no forecast."""
    return [
        Outlook(
            label=lines.piece(goal, _day(piece["start"])),
            middle=lines.amount(goal, piece["middle"]),
            bounds=lines.bounds(goal, piece["low"], piece["high"]),
        )
        for piece in _fan(goal)
    ]


def trend(goal: Goal) -> list[float | None]:
    """The values for a small picture, with a gap where a period was not measured."""
    found: list[float | None] = []
    end = None
    for piece in goal.course:
        if end not in (None, piece["start"]):
            found.append(None)
        found.append(piece["value"])
        end = piece["end"]
    return found


def drawing(goal: Goal, changes: Sequence[TargetChange], *, zone: str, title: str) -> dict[str, object] | None:
    """The chart for _chart.html; None where nothing was measured yet."""
    return drawn(spec(goal, changes, zone=zone, title=title), "path") if goal.course else None


def spec(goal: Goal, changes: Sequence[TargetChange], *, zone: str, title: str) -> Spec:
    """The chart of a goal of which something was measured."""
    kpi = find(goal.kpi)
    bounds = [
        piece[key] for piece in (*goal.course, *_fan(goal)) for key in ("high", "value", "middle") if piece.get(key)
    ]
    longest = max((goal.target, goal.target_high or 0.0, *bounds))
    factor, unit = pictures.scale(kpi, goal.clock or None, longest) if kpi else (1.0, "")
    path = Path(
        start=goal.start,
        due=goal.due,
        baseline=None if goal.baseline is None else goal.baseline / factor,
        targets=[Step(start=step.start, value=step.value / factor) for step in targets(goal, changes, zone=zone)],
        upper=[Step(start=step.start, value=step.value / factor) for step in upper_ends(goal, changes, zone=zone)],
        baseline_text=_("baseline %(value)s") % {"value": lines.amount(goal, goal.baseline)},
        target_text=_("target %(value)s") % {"value": lines.target(goal)},
        due_text=_("due %(day)s") % {"day": date_format(goal.due, "DATE_FORMAT")},
        ahead=list(_ahead(goal, factor)),
        is_kept=goal.was_met,
    )
    points = list(_points(goal, factor))
    return goal_chart.goal_path(points, path, title=title, unit=str(unit), locale=locale())


def targets(goal: Goal, changes: Sequence[TargetChange], *, zone: str) -> list[Step]:
    """The targets one after the other, each from the day on which it was set; of one day, or before the start, the
    last."""
    return _steps(goal, [(change, change.before, change.after) for change in _ordered(changes)], goal.target, zone)


def upper_ends(goal: Goal, changes: Sequence[TargetChange], *, zone: str) -> list[Step]:
    """The same of the upper ends of a range; empty where there is none."""
    if goal.target_high is None:
        return []
    moved = [(change, change.before_high, change.after_high) for change in _ordered(changes)]
    return _steps(goal, moved, goal.target_high, zone)


def _ordered(changes: Sequence[TargetChange]) -> list[TargetChange]:
    return sorted(changes, key=lambda change: (change.at, change.pk))


def _steps(goal: Goal, moved: list[Moved], now: float, zone: str) -> list[Step]:
    found = {goal.start: moved[0][1] if moved else now}
    for change, _before, after in moved:
        found[min(max(local_day(change.at, zone), goal.start), goal.due)] = after
    return [Step(start=day, value=value) for day, value in sorted(found.items()) if value is not None]


def _points(goal: Goal, factor: float) -> Iterator[Point]:
    """At the end of each period, where it can first be known; a gap where one was not measured."""
    end = None
    for piece, row in zip(goal.course, rows(goal), strict=True):
        if end not in (None, piece["start"]):
            yield Point(start=_day(piece["start"]), value=None, tooltip=dict.fromkeys(_told(row), ""))
        end = piece["end"]
        low, high = (None if piece[key] is None else piece[key] / factor for key in ("low", "high"))
        yield Point(start=_day(end), value=piece["value"] / factor, low=low, high=high, tooltip=_told(row))


def _told(row: Row) -> dict[str, str]:
    told = {_("Which"): row.label, _("Value"): row.value, _("95 % interval"): row.interval, "n": row.n}
    return told | {_("On the straight way"): row.way}


def _ahead(goal: Goal, factor: float) -> Iterator[Ahead]:
    """It opens at the last point."""
    fan = _fan(goal)
    if fan:
        last = goal.course[-1]
        yield Ahead(day=_day(last["end"]), **dict.fromkeys(("low", "middle", "high"), last["value"] / factor))
    for piece in fan:
        low, middle, high = (piece[key] / factor for key in ("low", "middle", "high"))
        yield Ahead(day=_day(piece["end"]), low=low, middle=middle, high=high)


def _fan(goal: Goal) -> list[Piece]:
    """Of a goal that has come to its end, nothing lies ahead. The forecast does not depend on the target."""
    is_over = goal.status in (Goal.Status.ACHIEVED, Goal.Status.MISSED) or goal.state != Goal.State.ACTIVE
    return [] if is_over else list(goal.outlook.get("fan", []))


def _way(goal: Goal, on: date) -> str:
    end = goal.aim.end(goal.baseline)
    if goal.baseline is None or end is None or goal.was_met or on <= goal.start:
        return ""
    return lines.amount(goal, expected(goal.baseline, end, start=goal.start, due=goal.due, on=on))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def has_bounds(goal: Goal) -> bool:
    """Whether the KPI has intervals and rows behind it: numbers of events are themselves."""
    kpi = find(goal.kpi)
    return kpi is None or kpi.unit is not Unit.COUNT
