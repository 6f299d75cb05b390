"""How each customer was served."""

import numpy as np

from kpiproject.lib.periods import MISSING, Seconds
from metrics.catalogue._activity import instants, numbers, per_customer, places
from metrics.catalogue._figures import Floats
from metrics.kpi import Frame, Window


def satisfaction(customers: Frame, answers: Frame, window: Window) -> tuple[Floats, Seconds]:
    """Of every customer the mean of all answers about service in the period, from 0 to 1, and when the last one came:
    NaN and MISSING for those who gave none."""
    at, rows, n = instants(answers, "answered_at"), places(customers, answers), len(customers)
    which = (answers["kind"] == "csat") & answers["is_headline"] & ~answers["is_superseded"] & ~answers["is_off_scale"]
    meant = which.to_numpy() & (at >= window.start) & (at < window.end) & (rows >= 0)
    low, high, score = (numbers(answers, name) for name in ("scale_min", "scale_max", "score"))
    with np.errstate(invalid="ignore", divide="ignore"):
        felt = (score - low) / (high - low)
        mean = per_customer(rows, meant, n, felt) / per_customer(rows, meant, n)
    last = np.full(n, MISSING, dtype=np.int64)
    np.maximum.at(last, rows[meant], at[meant])
    return mean, last
