"""Figures that do not add up, out of the columns they rest on."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kpiproject.lib import intervals
from kpiproject.lib.correlation import Correlation, spearman
from metrics.kpi import Column, Text, Whole

Truths = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

DAY: Final = 86_400
MONTH_DAYS: Final = 365.25 / 12


def truths(column: Column) -> Truths:
    return np.asarray(column, dtype=np.bool_)


def count(column: Column) -> int:
    return int(np.count_nonzero(np.asarray(column)))


def percent(part: float, base: float) -> float | None:
    return 100 * part / base if base else None


def share(
    whole: Column,
    part: Column,
    *,
    excluded: Mapping[str, Column] | None = None,
    beside: Mapping[str, float | None] | None = None,
    notes: tuple[Text, ...] = (),
    at: Column | None = None,
) -> Whole:
    """Which share of the counted rows are in `part`, in percent, with Wilson's interval."""
    counted, good = truths(whole), truths(whole) & truths(part)
    n, hits = count(counted), count(good)
    low, high = intervals.wilson(hits, n) or (None, None)
    return Whole(
        whole=counted,
        value=percent(hits, n),
        part=hits,
        base=n,
        low=low,
        high=high,
        values=good.astype(np.float64),
        excluded=excluded or {},
        beside=beside or {},
        notes=notes,
        at=at,
    )


def spread(whole: Column, values: Column, **more: Any) -> Whole:
    """The median of the counted rows' values, with its interval, the mean and the 90th percentile."""
    counted, said = truths(whole), np.asarray(values, dtype=np.float64)
    found = np.sort(said[counted])
    if not len(found):
        return Whole(whole=counted, value=None, values=said, **more)
    low, high = intervals.median(found) or (None, None)
    middle = float(np.median(found))
    return Whole(
        whole=counted,
        value=middle,
        median=middle,
        low=low,
        high=high,
        mean=float(found.mean()),
        p90=float(np.quantile(found, 0.9)),
        values=said,
        **more,
    )


def association(whole: Column, one: Floats, other: Floats, **more: Any) -> Whole:
    """Spearman's ρ over the counted rows; what each of them says is the second of its two values."""
    counted = truths(whole)
    found: Correlation = spearman(one[counted], other[counted])
    return Whole(whole=counted, value=found.rho, low=found.low, high=found.high, values=other, **more)


def middle(values: Column, which: Column) -> float | None:
    """The median of those meant; None of none."""
    found = np.asarray(values, dtype=np.float64)[truths(which)]
    return float(np.median(found)) if len(found) else None
