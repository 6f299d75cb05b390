"""Amounts in the organisation's currency."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpiproject.lib.periods import MISSING, Seconds, day_start, epoch
from metrics.frames.columns import fetch
from metrics.frames.context import Context
from metrics.models import ExchangeRate

Floats = npt.NDArray[np.float64]

UNKNOWN_CURRENCY = "currency_unknown"


def converted(amounts: Sequence[Any], currencies: Sequence[str], at: Seconds, context: Context) -> Floats:
    """Amounts in the organisation's currency by the rate in force at each instant; NaN where no rate is known. An
    amount without a currency is in the organisation's."""
    found = np.array([np.nan if amount is None else amount for amount in amounts], dtype=np.float64)
    codes, names = pd.factorize(np.array(currencies, dtype=object))
    for code, name in enumerate(names):
        if name not in ("", context.currency):
            rows = np.flatnonzero(codes == code)
            found[rows] *= _rates(name, at[rows], context)
    return found


def _rates(currency: str, at: Seconds, context: Context) -> Floats:
    known = fetch(ExchangeRate.objects.filter(currency=currency).order_by("valid_from"), ["valid_from", "rate"])
    if not known:
        return np.full(len(at), np.nan)
    starts = instants_of([day for day, _ in known], context.zone)
    worth = np.array([float(rate) for _, rate in known])
    # Before the first rate that was written down, that rate is the best there is.
    return worth[np.maximum(np.searchsorted(starts, at, side="right") - 1, 0)]


def instants_of(days: Sequence[Any], zone: str) -> Seconds:
    """The beginning of each local day, as a database gives days; MISSING where there is none."""
    codes, names = pd.factorize(np.array(["" if day is None else str(day) for day in days], dtype=object))
    starts = [epoch(day_start(pd.Timestamp(name).date(), zone)) if name else MISSING for name in names]
    found: Seconds = np.array(starts, dtype=np.int64)[codes] if len(names) else np.zeros(0, dtype=np.int64)
    return found
