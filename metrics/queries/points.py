"""From sums to figures."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from kpiproject.lib import intervals
from kpiproject.lib.intervals import Interval
from metrics.kpi import Kpi, Mean, Quantile, Rate, Ratio, Shape, Share, Stock, Total, Unit
from metrics.queries.questions import Point
from metrics.spreads import Spread
from metrics.sums import Sum

TOO_RECENT: Final = "too_recent"

Fields = dict[str, Any]
"""What a point says beside its place."""
_NOTHING: Final = vars(Point(start=date.min, end=None))


def point(kpi: Kpi, place: Point, sure: Sum, recent: Sum, *, member: str | None = None) -> Point:
    """The place (a point with its period, and nothing measured) filled with the figures of these sums, for one member.

    `recent` are the sums of days whose rows may still change: they are excluded, and make the provisional value.
    """
    filled = _filled(kpi, member, sure)
    if kpi.matures_after_days:
        provisional = filled
        if recent.whole or recent.excluded or recent.part:
            both = Sum()
            both.add(sure)
            both.add(recent)
            provisional = _filled(kpi, member, both)
            filled["excluded"] = _joined(both, {TOO_RECENT: recent.whole})
        filled["provisional"], filled["provisional_n"] = provisional.get("value"), provisional["n"]
    # There may be thousands of points: once for all figures of one, and past `replace` and what a frozen dataclass does
    # for each of its many fields.
    found = object.__new__(Point)
    found.__dict__.update(_NOTHING)
    found.__dict__.update(start=place.start, end=place.end, complete=place.complete, member=member, beside={})
    found.__dict__.update(filled)
    return found


def _joined(found: Sum, more: Mapping[str, int]) -> dict[str, int]:
    if not more and 0 not in found.excluded.values():
        return found.excluded
    return {reason: count for reason, count in {**found.excluded, **more}.items() if count}


def _filled(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    excluded = _joined(found, {}) if found.excluded else {}
    return {"n": found.whole, "excluded": excluded, **_FILL[kpi.shape](kpi, member, found)}


def _total(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    return {"value": found.whole}


def _ratio(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    """Percent, with Wilson's interval."""
    has_mean = found.whole and len(found.scales) == 1
    return {
        "value": 100 * found.part / found.whole if found.whole else None,
        "part": found.part,
        "whole": found.whole,
        "mean": found.score / found.whole if has_mean else None,
        **_bounds(intervals.wilson(found.part, found.whole)),
    }


def _mean(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    """In points: of -1, 0 and 1 the squares add up to all that are not 0, which tells the two sides apart."""
    sums: Fields = {"part": found.part, "whole": found.whole}
    if not found.whole:
        return sums
    if kpi.unit is Unit.POINTS:
        above, below = (found.square + found.part) / 2, (found.square - found.part) / 2
        bounds = _bounds(intervals.nps(above, below, found.whole))
        return {**sums, "value": 100 * found.part / found.whole, **bounds}
    average = found.part / found.whole
    bounds = _bounds(intervals.mean(found.whole, found.part, found.square))
    return {**sums, "value": average, "mean": average, **bounds}


def _quantile(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    spread = Spread(found.exact, found.stored)
    median = spread.quantile(0.5)
    return {
        "value": median,
        "mean": found.part / found.whole if found.whole else None,
        "median": median,
        "p90": spread.quantile(0.9),
        "approximate": not spread.is_exact,
        **_bounds(spread.median_interval()),
    }


def _rate(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    value = found.part / found.square if found.square else None
    fields: Fields = {"value": _scaled(kpi, value), "part": found.part, "whole": found.square}
    if found.whole and not found.square:
        fields["notes"] = (_("What it is divided by adds up to nothing, so there is no figure."),)
    return fields


def _share(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    """Of all rows, whose number stands in `square`; there is no figure for all of them together."""
    if member is None or not found.square:
        return {}
    return {
        "value": 100 * found.whole / found.square,
        "part": found.whole,
        "whole": found.square,
        **_bounds(intervals.wilson(found.whole, found.square)),
    }


def _scaled(kpi: Kpi, value: float | None) -> float | None:
    return value if value is None or kpi.unit is not Unit.PERCENT else 100 * value


def _stock(kpi: Kpi, member: str | None, found: Sum) -> Fields:
    return {"value": found.whole, "end": None}


def _bounds(interval: Interval | None) -> Fields:
    return {} if interval is None else {"low": interval.low, "high": interval.high}


_FILL: Mapping[type[Shape], Callable[[Kpi, str | None, Sum], Fields]] = {
    Total: _total,
    Ratio: _ratio,
    Mean: _mean,
    Quantile: _quantile,
    Stock: _stock,
    Rate: _rate,
    Share: _share,
}
