"""From sums to figures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from kpiproject.lib import intervals
from kpiproject.lib.intervals import Interval
from metrics.kpi import Kpi, Mean, Quantile, Ratio, Stock, Total, Unit
from metrics.queries.questions import Point
from metrics.spreads import Spread
from metrics.sums import Sum

TOO_RECENT = "too_recent"


class _Bounds(NamedTuple):
    low: float | None = None
    high: float | None = None


def point(kpi: Kpi, place: Point, sure: Sum, recent: Sum) -> Point:
    """The place (a point with its period and member, and nothing measured) filled with the figures of these sums.

    `recent` are the sums of days whose rows may still change: they are excluded, and make the provisional value.
    """
    filled = _filled(kpi, place, sure)
    if not kpi.matures_after_days:
        return filled
    both = Sum()
    both.add(sure)
    both.add(recent)
    provisional = _filled(kpi, place, both)
    return replace(
        filled,
        excluded=_joined(both, {TOO_RECENT: recent.whole}),
        provisional=provisional.value,
        provisional_n=provisional.n,
    )


def _joined(found: Sum, more: Mapping[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in {**found.excluded, **more}.items() if count}


def _filled(kpi: Kpi, place: Point, found: Sum) -> Point:
    place = replace(place, n=found.whole, excluded=_joined(found, {}))
    return _FILL[kpi.shape](kpi, place, found)


def _total(kpi: Kpi, place: Point, found: Sum) -> Point:
    return replace(place, value=found.whole)


def _ratio(kpi: Kpi, place: Point, found: Sum) -> Point:
    """Percent, with Wilson's interval."""
    has_mean = found.whole and len(found.scales) == 1
    return replace(
        place,
        value=100 * found.part / found.whole if found.whole else None,
        part=found.part,
        whole=found.whole,
        mean=found.score / found.whole if has_mean else None,
        **_bounds(intervals.wilson(found.part, found.whole))._asdict(),
    )


def _mean(kpi: Kpi, place: Point, found: Sum) -> Point:
    """In points: of -1, 0 and 1 the squares add up to all that are not 0, which tells the two sides apart."""
    place = replace(place, part=found.part, whole=found.whole)
    if not found.whole:
        return place
    if kpi.unit is Unit.POINTS:
        above, below = (found.square + found.part) / 2, (found.square - found.part) / 2
        bounds = _bounds(intervals.nps(above, below, found.whole))
        return replace(place, value=100 * found.part / found.whole, **bounds._asdict())
    average = found.part / found.whole
    bounds = _bounds(intervals.mean(found.whole, found.part, found.square))
    return replace(place, value=average, mean=average, **bounds._asdict())


def _quantile(kpi: Kpi, place: Point, found: Sum) -> Point:
    spread = Spread(found.exact, found.stored)
    median = spread.quantile(0.5)
    return replace(
        place,
        value=median,
        mean=found.part / found.whole if found.whole else None,
        median=median,
        p90=spread.quantile(0.9),
        approximate=not spread.is_exact,
        **_bounds(spread.median_interval())._asdict(),
    )


def _stock(kpi: Kpi, place: Point, found: Sum) -> Point:
    return replace(place, value=found.whole, end=None)


def _bounds(interval: Interval | None) -> _Bounds:
    return _Bounds() if interval is None else _Bounds(*interval)


_FILL = {Total: _total, Ratio: _ratio, Mean: _mean, Quantile: _quantile, Stock: _stock}
