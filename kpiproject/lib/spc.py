"""Individuals charts (XmR): which values of a series tell of a real change, and which lie within its normal range.

The limits are 2.66 mean moving ranges around the mean, which is three standard deviations (Shewhart's constants for
ranges of two; Wheeler, "Understanding Variation"). Before that, ranges above 3.267 times their mean are left out, once:
one leap must not widen the range in which everything else is called normal. The mean stays that of all values, as in
"Making Data Count" of the NHS, whose rules these are, with one difference: of values on one side of the mean 8 are
needed instead of 7, because fewer false alarms matter more here than one early warning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from typing import Final

LEAST_VALUES: Final = 6
"""So many values at least are needed before their range says anything."""
SURE_VALUES: Final = 13
"""The limits of fewer are provisional: one more value can move them a good way."""
ON_ONE_SIDE: Final = 8
IN_ONE_DIRECTION: Final = 7

_WIDTH: Final = 2.66
_RANGE_LIMIT: Final = 3.267
_RANGE_TO_SIGMA: Final = 1.128
_NEAR: Final = 2 / 3
_WINDOW: Final = 3
_NEAR_IN_WINDOW: Final = 2
_UNEVEN: Final = 0.25
_SLACK: Final = 1e-9


class Signal(StrEnum):
    """From the one that says most to the one that says least, where several hold."""

    BEYOND = "beyond"
    TREND = "trend"
    NEAR = "near"
    SHIFT = "shift"


class Assurance(StrEnum):
    """Whether a process as it is will meet a target: always, now and then, or never."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    HIT_AND_MISS = "hit_and_miss"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The mean of a series, and between what it varies as long as nothing changes. Provisional: of few values."""

    centre: float
    low: float
    high: float
    is_provisional: bool = False

    def within(self, least: float | None, most: float | None) -> "Limits":
        """Cut to what the values can be at all: a share is never below 0 nor above 100."""
        low = self.low if least is None else max(self.low, least)
        return replace(self, low=low, high=self.high if most is None else min(self.high, most))

    def scaled(self, factor: float) -> "Limits":
        """In another unit."""
        return replace(self, centre=self.centre * factor, low=self.low * factor, high=self.high * factor)

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limits; a hair beyond them is the computer's rounding."""
        slack = _SLACK * max(1.0, abs(self.centre), abs(value))
        return self.low - slack <= value <= self.high + slack

    def is_near(self, value: float) -> bool:
        """Whether a value lies within the limits, but beyond two of their three standard deviations."""
        margin = self.high if value > self.centre else self.low
        slack = _SLACK * max(1.0, abs(self.centre), abs(value))
        return self.holds(value) and abs(value - self.centre) > _NEAR * abs(margin - self.centre) + slack


def limits(values: Sequence[float]) -> Limits | None:
    """The limits of values in the order of time; None for fewer than LEAST_VALUES."""
    if len(values) < LEAST_VALUES:
        return None
    centre = sum(values) / len(values)
    margin = _WIDTH * _mean_range(values)
    return Limits(centre=centre, low=centre - margin, high=centre + margin, is_provisional=_is_short(values))


def share_limits(values: Sequence[float], wholes: Sequence[int]) -> list[Limits] | None:
    """The limits at each of several percentages, each of so many rows (p-chart); None for too few values.

    Many rows make a percentage steadier, so that its limits are narrower than those of few. Percentages of very many
    rows still vary from week to week by more than the drawing of rows explains; then the limits are as much wider
    (Laney, "Improved control charts for attributes", 2002). Every whole is above 0.
    """
    if len(values) < LEAST_VALUES:
        return None
    centre = sum(value * whole for value, whole in zip(values, wholes, strict=True)) / sum(wholes)
    sigmas = [sqrt(max(centre * (100 - centre), 0.0) / whole) for whole in wholes]
    spread = _spread([(value - centre) / sigma for value, sigma in zip(values, sigmas, strict=True) if sigma])
    short = _is_short(values)
    return [
        Limits(centre=centre, low=centre - 3 * spread * sigma, high=centre + 3 * spread * sigma, is_provisional=short)
        for sigma in sigmas
    ]


def limits_of_each(values: Sequence[float], wholes: Sequence[int] | None = None) -> list[Limits] | None:
    """The limits at each value: the same for all, except for percentages of wholes that differ by more than a quarter.

    None for fewer than LEAST_VALUES.
    """
    if wholes is not None and is_uneven(wholes):
        return share_limits(values, wholes)
    found = limits(values)
    return None if found is None else [found] * len(values)


def is_uneven(wholes: Sequence[int]) -> bool:
    """Whether any of them lies more than a quarter off their mean."""
    if not wholes or min(wholes) <= 0:
        return False
    mean = sum(wholes) / len(wholes)
    return max(wholes) > (1 + _UNEVEN) * mean or min(wholes) < (1 - _UNEVEN) * mean


def signals(
    values: Sequence[float], found: Limits | Sequence[Limits], *, run: int = ON_ONE_SIDE
) -> list[frozenset[Signal]]:
    """What each value tells of a real change, by the limits of all values or of each.

    A run (so many on one side of the mean) is told of at every value that is its last needed or a later one, and so is
    a trend (7 that rise or fall); of three neighbours on one side of which two are near a limit, at those two.
    """
    each = [found] * len(values) if isinstance(found, Limits) else found
    sides = _sides(values, each)
    steps = [0, *(_sign(after - before, after) for before, after in pairwise(values))][: len(values)]
    near = _crowded(sides, [here.is_near(value) for value, here in zip(values, each, strict=True)])
    return [
        frozenset(
            signal
            for signal, is_told in (
                (Signal.BEYOND, not here.holds(value)),
                (Signal.TREND, in_trend >= IN_ONE_DIRECTION - 1),
                (Signal.NEAR, is_near),
                (Signal.SHIFT, in_run >= run),
            )
            if is_told
        )
        for value, here, in_run, in_trend, is_near in zip(
            values, each, _lengths(sides), _lengths(steps), near, strict=True
        )
    ]


def strongest(found: frozenset[Signal]) -> Signal | None:
    """The one that says most."""
    return next((signal for signal in Signal if signal in found), None)


def changed_at(values: Sequence[float], found: Limits | Sequence[Limits], *, fixed: int = 0) -> int | None:
    """Where a run that still goes on began: the process is another one from there. None without a run at the end.

    The first `fixed` values made the limits, and so belong to the process before.
    """
    each = [found] * len(values) if isinstance(found, Limits) else found
    length = _lengths(_sides(values, each))[-1] if values else 0
    start = max(len(values) - length, fixed)
    return start if length >= ON_ONE_SIDE and start else None


def assurance(found: Limits, target: float, *, is_higher_better: bool | None) -> Assurance | None:
    """What the process as it is promises of a target; None where neither direction is better."""
    if is_higher_better is None:
        return None
    if found.low <= target <= found.high:
        return Assurance.HIT_AND_MISS
    is_above = target > found.high
    return Assurance.FAIL if is_above is is_higher_better else Assurance.PASS


def _is_short(values: Sequence[float]) -> bool:
    return len(values) < SURE_VALUES


def _mean_range(values: Sequence[float]) -> float:
    """Of neighbours, without the leaps; where there is nothing but leaps, with them."""
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean = sum(ranges) / len(ranges)
    kept = [each for each in ranges if each < _RANGE_LIMIT * mean]
    return sum(kept) / len(kept) if any(kept) else mean


def _spread(scores: Sequence[float]) -> float:
    """By how much standardised values vary beyond what is expected of them; never less than 1."""
    return max(1.0, _mean_range(scores) / _RANGE_TO_SIGMA) if len(scores) > 1 else 1.0


def _sides(values: Sequence[float], each: Sequence[Limits]) -> list[int]:
    return [_sign(value - here.centre, value) for value, here in zip(values, each, strict=True)]


def _sign(difference: float, beside: float) -> int:
    if abs(difference) <= _SLACK * max(1.0, abs(beside)):
        return 0
    return 1 if difference > 0 else -1


def _lengths(signs: Sequence[int]) -> list[int]:
    """At each place, how many in a row up to it are the same and not 0."""
    return list(_counted(signs))


def _counted(signs: Sequence[int]) -> Iterator[int]:
    length, before = 0, 0
    for sign in signs:
        length = 0 if not sign else length + 1 if sign == before else 1
        before = sign
        yield length


def _crowded(sides: Sequence[int], near: Sequence[bool]) -> list[bool]:
    """Which of those near a limit are one of two, or three, among three neighbours on the same side of the mean."""
    told = [False] * len(sides)
    for start in range(len(sides) - _WINDOW + 1):
        window = range(start, start + _WINDOW)
        is_one_sided = abs(sum(sides[n] for n in window)) == _WINDOW
        if is_one_sided and sum(near[n] for n in window) >= _NEAR_IN_WINDOW:
            for n in window:
                told[n] = told[n] or near[n]
    return told
