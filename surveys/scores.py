"""The score of one survey from how often each number was given."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpiproject.lib import intervals
from surveys import scales


@dataclass(frozen=True, kw_only=True)
class Score:
    """`value` is in percent (CSAT, CES) or points (NPS) and None where there is nothing to measure or the scale has
    no agreed thresholds; `groups` counts answers by the names of the kind's groups."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    groups: Mapping[str, int]


def score(kind: str, low: int, high: int, counts: Mapping[int, int]) -> Score:
    """Satisfied or easy answers over all, or promoters minus detractors; skipped questions are never inside n.

    Raises ScoreOutOfScaleError. Definitions: scales.py. 95 % interval: Wilson, for NPS adjusted Wald.
    """
    n = sum(counts.values())
    good, middle, bad = scales.KINDS[kind].groups
    groups = dict.fromkeys((good, middle, bad), 0)
    for number, count in counts.items():
        if name := scales.group(kind, number, low, high):
            groups[name] += count
    if not n or scales.steps(kind, low, high) is None:
        return Score(value=None, n=n, groups=groups)
    mean = sum(number * count for number, count in counts.items()) / n
    if scales.KINDS[kind].groups == scales.RECOMMENDATION:
        interval = intervals.nps(groups[good], groups[bad], n)
        value = 100 * (groups[good] - groups[bad]) / n
    else:
        interval = intervals.wilson(groups[good], n)
        value = 100 * groups[good] / n
    bounds = interval or (None, None)
    return Score(value=value, n=n, low=bounds[0], high=bounds[1], mean=mean, groups=groups)
