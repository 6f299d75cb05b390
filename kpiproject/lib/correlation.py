"""How two things go together. An association is not a cause."""

from collections.abc import Sequence
from math import atanh, sqrt, tanh
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kpiproject.lib.intervals import Z

LEAST: Final = 30
"""On fewer pairs a correlation says nothing that chance could not have said."""


class Correlation(NamedTuple):
    """`rho` is None where there are too few pairs, or where one of the two is always the same."""

    rho: float | None
    low: float | None
    high: float | None
    n: int


def spearman(
    one: Sequence[float] | npt.NDArray[Any], other: Sequence[float] | npt.NDArray[Any], *, least: int = LEAST
) -> Correlation:
    """Spearman's ρ of pairs, equal values sharing their mean rank, with its 95 % interval by Fisher's transformation
    and the standard error of Bonett and Wright (2000)."""
    n = len(one)
    first, second = _ranks(one), _ranks(other)
    if n < max(least, 4) or np.ptp(first) == 0 or np.ptp(second) == 0:
        return Correlation(None, None, None, n)
    rho = float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))
    if abs(rho) > 1 - 1e-12:
        return Correlation(round(rho), round(rho), round(rho), n)
    reach = Z * sqrt((1 + rho * rho / 2) / (n - 3))
    return Correlation(rho, tanh(atanh(rho) - reach), tanh(atanh(rho) + reach), n)


def _ranks(values: Sequence[float] | npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Mean ranks. Written out because scipy.stats, which has them, takes half a second to import, in every process."""
    _sorted, which, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    means: npt.NDArray[Any] = np.cumsum(counts) - (counts - 1) / 2
    return means[which]
