"""The dashboard's cards: one KPI each, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from kpiproject.lib.periods import Period
from metrics import presentation
from metrics.kpi import FAMILY_NAMES, Kpi, Text, Total
from metrics.lines import day
from metrics.presentation import Change
from metrics.queries import Figures, Freshness, Glance, Point


@dataclass(frozen=True, kw_only=True)
class Card:
    """`trend` holds the values by day, week or month; None where there was nothing to measure."""

    kpi: Kpi
    value: str
    has_value: bool
    is_computing: bool
    is_all_left_out: bool
    rests_on: str
    interval: str
    change: Change | None
    trend: list[float | None]
    notes: list[str]


@dataclass(frozen=True, kw_only=True)
class Group:
    name: Text
    cards: list[Card]


def grouped(glances: Sequence[Glance], period: Period, fresh: Freshness) -> list[Group]:
    """By family, in the order of the catalogue."""
    found = []
    for family, name in FAMILY_NAMES.items():
        cards = [_card(glance, period, fresh) for glance in glances if glance.kpi.family is family]
        if cards:
            found.append(Group(name=name, cards=cards))
    return found


def change(
    figures: Glance | Figures, current: Point, previous: Point, *, period: Period, fresh: Freshness
) -> Change | None:
    """From the period before; None for numbers of which a part of that period could not count any. A period that
    is not over, or not computed, is not rated: it would be compared with a whole one."""
    first = fresh.first_of(figures.kpi) if figures.kpi.shape is Total else None
    if first is not None and day(previous) < first:
        return None
    found = presentation.change(current, previous, figures.kpi, figures.clock)
    is_final = period.end <= fresh.today and not fresh.is_computing(figures.kpi, period)
    return found if found is None or is_final else replace(found, tone="")


def _card(glance: Glance, period: Period, fresh: Freshness) -> Card:
    kpi, current = glance.kpi, fresh.known(glance.current, glance.kpi, period)
    counts_itself = kpi.shape is Total or kpi.is_stock
    return Card(
        kpi=kpi,
        value=presentation.figure(current, kpi, glance.clock),
        has_value=current.value is not None,
        is_computing=fresh.is_computing(kpi, period),
        is_all_left_out=bool(current.excluded) and not current.n,
        rests_on="" if counts_itself or not current.n else presentation.counted(current.n, kpi),
        interval=presentation.interval(current, kpi, glance.clock),
        change=change(
            glance, current, fresh.known(glance.previous, kpi, period.previous()), period=period, fresh=fresh
        ),
        trend=_trend(glance, period, fresh),
        notes=list(notes(current, kpi)),
    )


def _trend(glance: Glance, period: Period, fresh: Freshness) -> list[float | None]:
    starts = [day(point) for point in glance.series]
    pieces = [Period(*ends, period.zone) for ends in pairwise([*starts, period.end])]
    return [fresh.known(point, glance.kpi, piece).value for point, piece in zip(glance.series, pieces, strict=True)]


def notes(point: Point, kpi: Kpi) -> Iterator[str]:
    """What was left out, and what the figure would be with what is too recent to count for good."""
    if point.excluded:
        reasons = ", ".join(
            f"{presentation.number(count)} {presentation.reason(code)}"
            for code, count in sorted(point.excluded.items(), key=lambda pair: -pair[1])
        )
        yield _("Left out: %(reasons)s.") % {"reasons": reasons}
    yield from provisional(point, kpi)
    yield from point.notes


def provisional(point: Point, kpi: Kpi) -> Iterator[str]:
    """What the figure would be with what may still change, where there is any."""
    if point.provisional is not None and point.excluded.get("too_recent"):
        yield _("With the too recent ones it would be %(value)s.") % {
            "value": presentation.value(point.provisional, kpi)
        }
