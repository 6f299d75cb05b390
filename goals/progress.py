"""How far a figure has come on the way from its baseline to its target, whichever of the two is higher."""

from datetime import date

from metrics.kpi import Better


def progress(baseline: float, target: float, value: float) -> float:
    """0 at the baseline and 1 at the target; below 0 or above 1 beyond them.

    Raises ValueError where the target is the baseline: then there is no way to go.
    """
    if target == baseline:
        msg = "The target is the baseline, so there is no way between the two."
        raise ValueError(msg)
    return (value - baseline) / (target - baseline)


def expected(baseline: float, target: float, *, start: date, due: date, on: date) -> float:
    """Where the figure would be on a day if it went straight from the baseline at the start to the target when due."""
    share = (on - start).days / (due - start).days
    return baseline + min(max(share, 0.0), 1.0) * (target - baseline)


def is_reached(value: float, target: float, better: Better) -> bool:
    return value <= target if better is Better.LOWER else value >= target
