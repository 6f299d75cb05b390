"""Individuals charts (XmR): which values of a series tell of a real change, and which lie within its normal range.

The limits are 2.66 mean moving ranges around the mean (Shewhart's constants for ranges of two; Wheeler,
"Understanding Variation"). Of the rules of Western Electric and Nelson three are kept, which seldom cry wolf: a value
beyond the limits, 8 in a row on one side of the mean, 6 in a row that rise or fall.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

LEAST_VALUES: Final = 8
"""So many values at least are needed before their range says anything."""

_WIDTH: Final = 2.66
_ON_ONE_SIDE: Final = 8
_IN_ONE_DIRECTION: Final = 6
_SLACK: Final = 1e-9


class Signal(StrEnum):
    BEYOND = "beyond"
    SHIFT = "shift"
    TREND = "trend"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The mean of a series, and between what it varies as long as nothing changes."""

    centre: float
    low: float
    high: float

    def within(self, least: float | None, most: float | None) -> "Limits":
        """Cut to what the values can be at all: a share is never below 0 nor above 100."""
        low = self.low if least is None else max(self.low, least)
        return replace(self, low=low, high=self.high if most is None else min(self.high, most))

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limits; a hair beyond them is the computer's rounding."""
        slack = _SLACK * max(1.0, abs(self.centre), abs(value))
        return self.low - slack <= value <= self.high + slack


def limits(values: Sequence[float]) -> Limits | None:
    """The limits of values in the order of time; None for fewer than LEAST_VALUES."""
    if len(values) < LEAST_VALUES:
        return None
    centre = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    margin = _WIDTH * sum(ranges) / len(ranges)
    return Limits(centre=centre, low=centre - margin, high=centre + margin)


def signals(values: Sequence[float], found: Limits) -> list[frozenset[Signal]]:
    """What each value tells of a real change; a run is told of at every value that is its 8th (6th) or later one."""
    sides = [_sign(value - found.centre, value) for value in values]
    steps = [0, *(_sign(after - before, after) for before, after in pairwise(values))]
    told = []
    for n, value in enumerate(values):
        here = set()
        if not found.holds(value):
            here.add(Signal.BEYOND)
        if _is_run(sides[: n + 1], _ON_ONE_SIDE):
            here.add(Signal.SHIFT)
        if _is_run(steps[: n + 1], _IN_ONE_DIRECTION - 1):
            here.add(Signal.TREND)
        told.append(frozenset(here))
    return told


def _sign(difference: float, beside: float) -> int:
    if abs(difference) <= _SLACK * max(1.0, abs(beside)):
        return 0
    return 1 if difference > 0 else -1


def _is_run(signs: Sequence[int], length: int) -> bool:
    """Whether the last ones are all the same, and none of them is 0."""
    last = signs[-length:]
    return len(last) == length and abs(sum(last)) == length
