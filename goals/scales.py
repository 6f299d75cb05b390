"""Between what the figures of a KPI can lie at all."""

from collections.abc import Mapping
from typing import Final

from metrics.kpi import Kpi, Unit

Scale = tuple[float | None, float | None]

_UNITS: Final[Mapping[Unit, Scale]] = {
    Unit.PERCENT: (0, 100),
    Unit.POINTS: (-100, 100),
    Unit.COUNT: (0, None),
    Unit.SECONDS: (0, None),
    Unit.DAYS: (0, None),
    Unit.MONEY: (0, None),
    Unit.NUMBER: (0, None),
    Unit.CORRELATION: (-1, 1),
}
_OPEN: Final[Mapping[str, Scale]] = {
    "net_revenue_retention": (0, None),
    "net_revenue_churn": (None, None),
    "retention_roi": (None, None),
}
"""Percentages that are no shares: revenue grows beyond what it was, and what was spent may bring less than nothing."""


def scale(kpi: Kpi) -> Scale:
    """The least and the most; None where there is no end."""
    return _OPEN.get(kpi.code, _UNITS[kpi.unit])


def holds(kpi: Kpi, value: float) -> bool:
    low, high = scale(kpi)
    return (low is None or value >= low) and (high is None or value <= high)
