"""“Why this number?”: everything a figure rests on, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kpiproject.lib.periods import Grain
from metrics import beside, cards, presentation
from metrics.beside import Beside
from metrics.kpi import BUSINESS, Kpi, Share, Stock, Total, Unit
from metrics.lines import Line, of_point
from metrics.queries import Figures, Freshness, Point
from metrics.queries.supply import Supply, supply
from metrics.queries.unscheduled import measuring


@dataclass(frozen=True, kw_only=True)
class Why:
    """`line` has value, n, interval, median, mean and p90. `reasons` are the excluded rows by reason, the most
    frequent first."""

    kpi: Kpi
    line: Line
    period_text: str
    counts_itself: bool
    has_clock: bool
    is_duration: bool
    clock_name: str
    calendar_name: str
    zone: str
    as_of: datetime
    supply: Supply
    fresh: Freshness
    is_computing: bool
    bounds: tuple[str, str] | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    part: str = ""
    whole: str = ""
    is_part: bool = False
    provisional: str = ""


def why(figures: Figures, point: Point, fresh: Freshness, *, where: Mapping[str, Iterable[str]] | None = None) -> Why:
    """Of one point of these figures, over their whole period. `where` are the filters they were asked for with."""
    kpi, period = figures.kpi, figures.period
    point = fresh.known(point, kpi, period) if period else point
    return Why(
        kpi=kpi,
        line=of_point(figures, point, ""),
        period_text=presentation.period(period.start, Grain.ALL, period.end) if period else "",
        counts_itself=kpi.shape in (Total, Stock),
        has_clock=figures.clock is not None,
        is_duration=kpi.unit in (Unit.SECONDS, Unit.DAYS),
        clock_name=str(presentation.CLOCK_NAMES.get(figures.clock or "", "")),
        calendar_name=measuring(kpi, (where or {}).get("channel")).text if figures.clock == BUSINESS else "",
        zone=figures.zone,
        as_of=figures.as_of,
        supply=supply(kpi, figures.zone, fresh.today),
        fresh=fresh,
        is_computing=period is not None and fresh.is_computing(kpi, period),
        bounds=presentation.bounds(point, kpi, figures.clock),
        reasons=_reasons(point.excluded),
        beside=beside.beside(point),
        notes=list(point.notes),
        provisional=next(cards.provisional(point, kpi), ""),
        **_sums(point, kpi),
    )


def _reasons(excluded: Mapping[str, int]) -> list[tuple[str, str]]:
    ordered = sorted(excluded.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(presentation.reason(code), presentation.number(count)) for code, count in ordered]


def _sums(point: Point, kpi: Kpi) -> dict[str, Any]:
    """The two amounts that were divided, where the figure is such a division: a part of a whole, or what falls to one
    of many."""
    if not point.whole or point.part is None or kpi.shape is Share:
        return {}
    part, whole = _summed(kpi)
    is_part = kpi.unit in (Unit.PERCENT, Unit.POINTS)
    return {"part": _amount(point.part, part), "whole": _amount(point.whole, whole), "is_part": is_part}


def _summed(kpi: Kpi) -> tuple[Unit | None, Unit | None]:
    """What the two are counted in, where it is not rows."""
    if kpi.amounts is not None:
        return kpi.amounts, kpi.amounts
    return (kpi.unit, None) if kpi.unit in (Unit.MONEY, Unit.SECONDS) else (None, None)


def _amount(amount: float, unit: Unit | None) -> str:
    if unit is not None:
        return presentation.in_unit(amount, unit, BUSINESS)
    return presentation.number(amount, 0 if float(amount).is_integer() else 2)
