"""How long something lasts where much of it is not over yet (Kaplan and Meier 1958)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kpiproject.lib.intervals import Interval, Z

Floats = npt.NDArray[np.float64]
_HALF: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Survival:
    """A curve that steps down at every time at which something ended. `n` were observed, `ended` of them to the end;
    `longest` is the longest duration of all. `spread` is Greenwood's sum, of which intervals are made."""

    times: Floats
    shares: Floats
    spread: Floats
    n: int
    ended: int
    longest: float

    def at(self, time: float) -> float | None:
        """The share that lasts longer than a time; None beyond the longest duration that was seen."""
        if not self.n or time > self.longest:
            return None
        step = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if step == 0 else float(self.shares[step - 1])

    def interval_at(self, time: float) -> Interval | None:
        """95 %, by the log-log transformation, which stays within 0 and 1 (Kalbfleisch and Prentice 1980)."""
        share = self.at(time)
        if share is None:
            return None
        step = int(np.searchsorted(self.times, time, side="right"))
        if step == 0:
            return Interval(1.0, 1.0)
        return _log_log(share, float(self.spread[step - 1]))

    @property
    def median(self) -> float | None:
        """The first time at which no more than half are left; None while more than half last."""
        return self._first(self.shares)

    @property
    def median_interval(self) -> tuple[float | None, float | None]:
        """The times at which the bounds of the curve reach one half (Brookmeyer and Crowley 1982). A bound that never
        does is open: None."""
        bounds = [_log_log(share, spread) for share, spread in zip(self.shares, self.spread, strict=True)]
        lows, highs = ([bound[side] for bound in bounds] for side in (0, 1))
        return self._first(lows), self._first(highs)

    @property
    def restricted_mean(self) -> float | None:
        """The mean within the longest duration that was seen: the area under the curve."""
        if not self.n:
            return None
        steps = np.concatenate(([0.0], self.times, [self.longest]))
        heights = np.concatenate(([1.0], self.shares))
        return float(np.sum(np.diff(steps) * heights))

    def _first(self, shares: Sequence[float] | Floats) -> float | None:
        below = np.flatnonzero(np.asarray(shares, dtype=np.float64) <= _HALF)
        return float(self.times[below[0]]) if len(below) else None


def kaplan_meier(
    durations: Sequence[float] | npt.NDArray[Any], observed: Sequence[bool] | npt.NDArray[Any]
) -> Survival:
    """The curve of durations of at least 0; those not `observed` to their end lasted longer than theirs, nobody knows
    how much. What is censored at a time was still there when something ended at that time."""
    lasted, is_end = np.asarray(durations, dtype=np.float64), np.asarray(observed, dtype=np.bool_)
    if len(lasted) and not (lasted >= 0).all():
        msg = "Durations that are negative or missing have no place on a curve."
        raise ValueError(msg)
    times, ends = np.unique(lasted[is_end], return_counts=True)
    there = len(lasted) - np.searchsorted(np.sort(lasted), times, side="left")
    shares: Floats = np.cumprod(1.0 - ends / there).astype(np.float64)
    left = there - ends
    # Where nobody is left the sum has no end, and the interval neither: it is all or nothing there.
    pieces = np.divide(ends, there * left, out=np.full(len(times), inf), where=left > 0)
    longest = float(lasted.max()) if len(lasted) else 0.0
    return Survival(
        times=times, shares=shares, spread=np.cumsum(pieces), n=len(lasted), ended=int(is_end.sum()), longest=longest
    )


def _log_log(share: float, spread: float) -> Interval:
    if share <= 0 or share >= 1:
        return Interval(share, share)
    reach = exp(Z * sqrt(spread) / -log(share))
    return Interval(share**reach, share ** (1 / reach))
