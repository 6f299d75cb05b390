"""Where a figure is heading: three textbook forecasts of equal weight, and the chance that it reaches a target.

The plain mean of a level, a drift and a trend came out best calibrated where histories are short and noisy; any single
one of them, above all the trend, promises too much. The formulas of the drift and of the prediction interval of the
trend are those of Hyndman and Athanasopoulos, “Forecasting: Principles and Practice”, 3rd edition, 5.2 and 7.6; the
spread of the level is Wheeler's mean moving range over 1.128.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from goals.aims import Aim
from metrics.kpi import Better

LEAST: Final = 8
"""So many measured periods a forecast needs."""
_RECENT: Final = 6
_RANGE_TO_SIGMA: Final = 1.128
_HALVINGS: Final = 40
_ROUNDING: Final = 1e-9
Numbers = npt.NDArray[np.float64]


class TooLittleError(ValueError):
    """There are fewer periods than a forecast needs."""


class Band(NamedTuple):
    """What lies ahead in one period: in 8 of 10 cases the figure will be between low and high."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Method:
    """One forecast for each of several periods ahead. Without degrees of freedom the errors are normal."""

    centre: Numbers
    spread: Numbers
    degrees: int | None = None

    def below(self, limits: Numbers) -> Numbers:
        """The chance of a figure of at most the limit; where nothing ever varied it is certain or impossible."""
        tiny = _ROUNDING * np.maximum(1.0, np.abs(self.centre))
        varies = self.spread > tiny
        distance = (limits - self.centre) / np.where(varies, self.spread, 1.0)
        chance = ndtr(distance) if self.degrees is None else stdtr(self.degrees, distance)
        return np.where(varies, chance, limits >= self.centre - tiny)

    def quantile(self, share: float) -> Numbers:
        factor = ndtri(share) if self.degrees is None else stdtrit(self.degrees, share)
        return np.asarray(self.centre + factor * self.spread, dtype=np.float64)


def chance(values: Sequence[float], target: float, *, ahead: int, better: Better, at: Sequence[int] = ()) -> float:
    """The chance, from 0 to 1, that the figure meets the target so many periods after the last value.

    `at` are the numbers of the periods that were measured, where some were not. Raises TooLittleError.
    """
    sign = -1.0 if better is Better.LOWER else 1.0
    # Reaching a high target is staying below its mirror image; so a figure that is exactly there has reached it.
    mirrored = methods([-sign * value for value in values], [ahead], at)
    limits = np.array([-sign * target])
    return float(np.mean([method.below(limits)[0] for method in mirrored]))


def chance_of(values: Sequence[float], aim: Aim, *, ahead: int, at: Sequence[int] = ()) -> float:
    """The same for an aim: of a range, the chance that it is neither missed nor passed. Raises TooLittleError."""
    ends = [(aim.low, Better.HIGHER), (aim.high, Better.LOWER)]
    found = [chance(values, end, ahead=ahead, better=better, at=at) for end, better in ends if end is not None]
    return max(sum(found) - (len(found) - 1), 0.0)


def fan(values: Sequence[float], *, ahead: int, scale: tuple[float | None, float | None], at: Any = ()) -> list[Band]:
    """What to expect in each of the next periods, cut to the scale. Raises TooLittleError."""
    found = methods(values, range(1, ahead + 1), at)
    low, middle, high = (np.clip(_quantile(found, share), *scale) for share in (0.1, 0.5, 0.9))
    return [Band(*row) for row in np.stack([low, middle, high], axis=1).tolist()]


def methods(values: Sequence[float], ahead: Sequence[int], at: Sequence[int] = ()) -> list[Method]:
    """The three forecasts for so many periods after the last value. Raises TooLittleError."""
    if len(values) < LEAST:
        msg = f"A forecast needs {LEAST} periods, and there are {len(values)}."
        raise TooLittleError(msg)
    y = np.asarray(values, dtype=np.float64)
    x = np.asarray(at if len(at) else range(len(y)), dtype=np.float64)
    steps = np.asarray(ahead, dtype=np.float64)
    return [_level(y, steps), _drift(x, y, steps), _trend(x, y, steps)]


def _level(y: Numbers, steps: Numbers) -> Method:
    """The mean of the last six, with the variation from one period to the next."""
    sigma = float(np.abs(np.diff(y)).mean()) / _RANGE_TO_SIGMA
    ones = np.ones_like(steps)
    return Method(ones * y[-_RECENT:].mean(), ones * sigma * np.sqrt(1 + 1 / _RECENT))


def _drift(x: Numbers, y: Numbers, steps: Numbers) -> Method:
    """On from the last value as it went from the first to the last."""
    span = x[-1] - x[0]
    slope = (y[-1] - y[0]) / span
    gaps = np.diff(x)
    errors = (np.diff(y) - slope * gaps) / np.sqrt(gaps)
    sigma = np.sqrt((errors**2).sum() / (len(y) - 2))
    return Method(y[-1] + steps * slope, sigma * np.sqrt(steps * (1 + steps / span)))


def _trend(x: Numbers, y: Numbers, steps: Numbers) -> Method:
    """On along the straight line through all values (least squares)."""
    count, centre = len(y), x.mean()
    square = ((x - centre) ** 2).sum()
    slope = ((x - centre) * (y - y.mean())).sum() / square
    errors = y - y.mean() - slope * (x - centre)
    sigma = np.sqrt((errors**2).sum() / (count - 2))
    distance = x[-1] + steps - centre
    spread = sigma * np.sqrt(1 + 1 / count + distance**2 / square)
    return Method(y.mean() + slope * distance, spread, degrees=count - 2)


def _quantile(found: list[Method], share: float) -> Numbers:
    """The quantile of the three together: it lies between theirs, and halving finds it."""
    theirs = np.stack([method.quantile(share) for method in found])
    low, high = theirs.min(axis=0), theirs.max(axis=0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_above = np.mean([method.below(middle) for method in found], axis=0) >= share
        low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
    return np.asarray(high, dtype=np.float64)
