"""The score of one survey from what its answers add up to."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpiproject.lib import intervals
from surveys.scales import Scale
from surveys.sums import Sums


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


def of_sums(scale: Scale, sums: Sums) -> Score:
    """Satisfied or easy answers over all, or promoters minus detractors; skipped questions are never inside n.

    Each answer was judged when it was given, by the definitions of scales.py; the mean is of those on the scale's own
    points. Answers on a scale without thresholds are in no score, and so not in n, unless none has any. 95 % interval:
    Wilson, for NPS adjusted Wald.
    """
    n = sums.judged
    groups = dict(zip(scale.groups, (sums.good, sums.middle, sums.bad), strict=True))
    mean = sums.total / sums.scored if sums.scored else None
    if not n:
        return Score(value=None, n=sums.n, mean=mean, groups=groups)
    if scale.is_recommendation:
        interval, value = intervals.nps(sums.good, sums.bad, n), 100 * (sums.good - sums.bad) / n
    else:
        interval, value = intervals.wilson(sums.good, n), 100 * sums.good / n
    low, high = interval or (None, None)
    return Score(value=value, n=n, low=low, high=high, mean=mean, groups=groups)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much a score is above another one, with the 95 % interval of that."""

    value: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self.low > 0 or self.high < 0


def difference(scale: Scale, now: Sums, before: Sums) -> Difference | None:
    """None where one of the two has no score."""
    if not now.judged or not before.judged:
        return None
    if scale.is_recommendation:
        interval = intervals.nps_difference((now.good, now.bad, now.judged), (before.good, before.bad, before.judged))
    else:
        interval = intervals.newcombe((now.good, now.judged), (before.good, before.judged))
    values = [of_sums(scale, sums).value or 0.0 for sums in (now, before)]
    return Difference(value=values[0] - values[1], low=interval.low, high=interval.high) if interval else None
