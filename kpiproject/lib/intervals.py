"""95 % intervals around figures; None where there is nothing to bound."""

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import Any, Final, NamedTuple

import numpy.typing as npt
from scipy.special import bdtr, stdtrit

Z: Final = 1.959963984540054
_TAIL: Final = 0.025


class Interval(NamedTuple):
    low: float
    high: float


def wilson(part: float, whole: float) -> Interval | None:
    """Wilson's score interval of a share, in percent. Stays within 0 and 100 (Wilson 1927)."""
    if whole <= 0:
        return None
    share, square = part / whole, Z * Z
    centre = share + square / (2 * whole)
    spread = Z * sqrt(max(share * (1 - share), 0.0) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    return _within(0.0, 100 * (centre - spread) / scale, 100 * (centre + spread) / scale)


def nps(promoters: float, detractors: float, n: float) -> Interval | None:
    """Adjusted Wald interval of the Net Promoter Score: three answers are added, 3/4 of them at either end.

    In points from -100 to 100 (Rocks 2016; measuringu.com, "Three ways to compute NPS confidence intervals"). With a
    handful of equal answers it would miss the score itself, so it is widened to contain it.
    """
    if n <= 0:
        return None
    score, variance = _adjusted(promoters, detractors, n)
    margin = Z * sqrt(variance)
    seen = (promoters - detractors) / n
    return _within(-100.0, 100 * min(score - margin, seen), 100 * max(score + margin, seen))


def newcombe(one: tuple[float, float], other: tuple[float, float]) -> Interval | None:
    """How much the first of two shares is above the second, each given as (part, whole), in percentage points.

    Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10: the distances
    of both shares from their Wilson bounds are squared and added. None where one of them is of nothing.
    """
    first, second = wilson(*one), wilson(*other)
    if first is None or second is None:
        return None
    a, b = 100 * one[0] / one[1], 100 * other[0] / other[1]
    below = sqrt((a - first.low) ** 2 + (second.high - b) ** 2)
    above = sqrt((first.high - a) ** 2 + (b - second.low) ** 2)
    return _within(-100.0, a - b - below, a - b + above)


def nps_difference(one: tuple[float, float, float], other: tuple[float, float, float]) -> Interval | None:
    """How much the first of two Net Promoter Scores is above the second, each given as (promoters, detractors, n).

    The adjusted Wald intervals of both (see `nps`) put together: the variances of the adjusted scores are added, as
    those of independent samples (measuringu.com, "How to compare two Net Promoter Scores"). Widened to contain the
    difference itself.
    """
    if one[2] <= 0 or other[2] <= 0:
        return None
    (score, variance), (score_before, variance_before) = _adjusted(*one), _adjusted(*other)
    seen = 100 * ((one[0] - one[1]) / one[2] - (other[0] - other[1]) / other[2])
    centre = 100 * (score - score_before)
    margin = 100 * Z * sqrt(variance + variance_before)
    low, high = min(centre - margin, seen), max(centre + margin, seen)
    return Interval(max(-200.0, round(low, 10)), min(200.0, round(high, 10)))


def _adjusted(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """The score and its variance after three answers were added, 3/4 of them at either end; as parts of one."""
    above, below, count = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3), n + 3
    score = above - below
    return score, max(above + below - score * score, 0.0) / count


def _within(least: float, low: float, high: float) -> Interval:
    """Cut to the scale, and without the last digits, in which 100 would read 99.99999999999999."""
    return Interval(max(least, round(low, 10)), min(100.0, round(high, 10)))


def mean(n: int, total: float, square: float) -> Interval | None:
    """Student's t interval of a mean, from the sums of the values and of their squares. None below two values."""
    if n < 2:
        return None
    centre = total / n
    variance = max(square - total * centre, 0.0) / (n - 1)
    margin = float(stdtrit(n - 1, 1 - _TAIL)) * sqrt(variance / n)
    return Interval(centre - margin, centre + margin)


def median(values: Sequence[float] | npt.NDArray[Any]) -> Interval | None:
    """Order-statistic interval of a median, from sorted values; at least 95 %, whatever their distribution.

    Below six values no two of them enclose the median with 95 % certainty: the least and the greatest are given.
    """
    count = len(values)
    if not count:
        return None
    outside = values_outside(count)
    return Interval(float(values[outside]), float(values[count - 1 - outside]))


@lru_cache(maxsize=4096)
def values_outside(n: int) -> int:
    """How many of n sorted values lie below, and how many above, the interval of their median (Conover 1999, 3.2).

    One less than the greatest k with P(Binomial(n, 1/2) < k) of at most 2.5 %.
    """
    low, high = 0, n // 2
    while low < high:
        middle = (low + high + 1) // 2
        if float(bdtr(middle - 1, n, 0.5)) <= _TAIL:
            low = middle
        else:
            high = middle - 1
    return max(low - 1, 0)
