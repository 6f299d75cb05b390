"""Whether a target can be reached: how far it lies beyond what a figure does anyway.

The distance is counted in standard deviations of an individuals chart: the mean moving range over 1.128 (Wheeler). A
figure reaches what lies within one of them by luck; beyond three, or beyond its best value ever, something about the
work has to change. The classes are Plumbline's own definition.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from math import copysign, inf
from typing import Final

from metrics.kpi import Better

LEAST: Final = 6
"""So many periods a figure must have been measured for before a goal is set by it."""
_RANGE_TO_SIGMA: Final = 1.128
_LUCK: Final = 1.0
_STRETCH: Final = 3.0
_SLACK: Final = 1e-9


class Reach(StrEnum):
    ALREADY_MET = "already_met_on_average"
    INSIDE = "inside_normal_variation"
    STRETCH = "stretch"
    BEYOND = "beyond_anything_the_process_does_now"


def sigma(values: Sequence[float]) -> float:
    """The standard deviation from one period to the next. Raises ValueError for fewer than two values."""
    if len(values) < 2:
        msg = "How a figure varies cannot be told from fewer than two values."
        raise ValueError(msg)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    return sum(ranges) / len(ranges) / _RANGE_TO_SIGMA


def distance(values: Sequence[float], target: float, better: Better) -> float:
    """How many standard deviations the target lies beyond the mean; 0 or less where the mean meets it. Infinite for a
    figure that never varied and does not meet it. Raises ValueError for fewer than two values."""
    way = _sign(better) * (target - sum(values) / len(values))
    spread = sigma(values)
    if spread > _SLACK * max(1.0, abs(target)):
        return way / spread
    return 0.0 if abs(way) <= _SLACK * max(1.0, abs(target)) else copysign(inf, way)


def best(values: Sequence[float], better: Better) -> float:
    return min(values) if better is Better.LOWER else max(values)


def is_record(values: Sequence[float], target: float, better: Better) -> bool:
    """Whether the target is better than anything there ever was."""
    return _sign(better) * (target - best(values, better)) > _SLACK * max(1.0, abs(target))


def reach(values: Sequence[float], target: float, better: Better, *, ever: Sequence[float] = ()) -> Reach:
    """By how the figure is now; `ever` are all there were, if `values` are the last of them. Raises ValueError for
    fewer than two values."""
    found = distance(values, target, better)
    if found <= 0:
        return Reach.ALREADY_MET
    if found > _STRETCH or is_record(ever or values, target, better):
        return Reach.BEYOND
    return Reach.INSIDE if found <= _LUCK else Reach.STRETCH


def needed_slope(value: float, target: float, *, ahead: int) -> float:
    """How much the figure has to change in each of so many periods, with its sign."""
    return (target - value) / max(ahead, 1)


def best_slope(values: Sequence[float], better: Better) -> float | None:
    """The steepest least-squares line, per period and with its sign, in the good direction, through any LEAST values in
    a row: fewer say nothing, and over more a change that was real is thinned out. None for fewer values."""
    if len(values) < LEAST:
        return None
    return _sign(better) * max(_sign(better) * one for one in _slopes(values, LEAST))


def _slopes(values: Sequence[float], length: int) -> Iterator[float]:
    middle = (length - 1) / 2
    square = sum((place - middle) ** 2 for place in range(length))
    for first in range(len(values) - length + 1):
        part = values[first : first + length]
        yield sum((place - middle) * value for place, value in enumerate(part)) / square


def _sign(better: Better) -> int:
    return -1 if better is Better.LOWER else 1
