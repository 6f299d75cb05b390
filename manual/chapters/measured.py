"""What was measured of every KPI up to the instant: the last complete month, the one before, and a year by month."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kpiproject.lib.periods import Grain, Period, grain_end
from manual.chapters.context import Context
from manual.chapters.places import adopted
from metrics import cards, lines, presentation
from metrics.kpi import CATALOGUE, Kpi, Stock, Total
from metrics.lines import Line
from metrics.presentation import Change
from metrics.queries import Figures, Freshness, Glance, Point, extent, glance

LEAST_CASES: Final = 30
"""Of a month with fewer, the last three months are taken together: 30 answers leave the share within ±18 points."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A KPI over a period, and by month. Of stocks and numbers of tickets the period is always a month."""

    kpi: Kpi
    clock: str | None
    period: Period
    current: Point
    previous: Point
    months: list[Point]
    year: Period
    context: Context

    @property
    def counts_itself(self) -> bool:
        """Whether the figure is a number of tickets, so that it is its own n."""
        return self.kpi.shape in (Total, Stock)

    @property
    def is_computing(self) -> bool:
        """Whether any of the months may be another one in a moment."""
        return self.context.freshness.is_computing(self.kpi, self.year)

    @property
    def words(self) -> str:
        return presentation.figure(self.current, self.kpi, self.clock)

    @property
    def rests_on(self) -> str:
        return "" if self.counts_itself or not self.current.n else presentation.counted(self.current.n, self.kpi)

    @property
    def interval(self) -> str:
        return presentation.interval(self.current, self.kpi, self.clock)

    @property
    def period_name(self) -> str:
        return name_of(self.period)

    @property
    def change(self) -> Change | None:
        return cards.change(self.figures, self.current, self.previous, period=self.period, fresh=self.context.freshness)

    @property
    def figures(self) -> Figures:
        """The year by month, as charts and tables read it."""
        return Figures(
            kpi=self.kpi,
            clock=self.clock,
            zone=self.context.zone,
            as_of=self.context.as_of,
            period=self.year,
            points=self.months,
        )

    @property
    def lines(self) -> list[Line]:
        fresh: Freshness = self.context.freshness
        return lines.over_time(self.figures, Grain.MONTH, week_start=self.context.house.week_start, fresh=fresh)


def measured(context: Context) -> dict[str, Measured]:
    """Every KPI that the organisation works with by its code, in a fixed number of queries. Those that have figures by
    a dimension only are not in it."""
    return context.once(_measure_all)


def _measure_all(context: Context) -> dict[str, Measured]:
    year = context.year
    reach = context.once(_reach_of_tickets)
    codes = [kpi.code for kpi in adopted(context) if not kpi.needs_dimension]
    glances = glance(year, grain=Grain.MONTH, codes=codes) if codes else ()  # without a code it means all of them
    by_month = [_without_unknown(found, reach) for found in glances]
    thin = [found.kpi.code for found in by_month if _is_thin(found)]
    three = {found.kpi.code: found for found in _three_months(context, thin)}
    return {found.kpi.code: _measured(context, year, found, three.get(found.kpi.code)) for found in by_month}


def name_of(period: Period) -> str:
    """“October 2026”, or the days of what is not one month."""
    is_month = period.days <= 31 and period.start.day == 1
    return presentation.period(period.start, Grain.MONTH if is_month else Grain.ALL, period.end)


def _reach_of_tickets(context: Context) -> Period | None:
    return extent(CATALOGUE["ticket_volume"], context.zone)


def _without_unknown(found: Glance, known: Period | None) -> Glance:
    """A number of tickets of a month outside of all facts is not 0: nobody knows it."""
    if found.kpi.shape not in (Total, Stock) or found.kpi.frame not in ("tickets", "spells"):
        return found
    series = [
        point if known and lines.day(point) < known.end and _end(point) > known.start else replace(point, value=None)
        for point in found.series
    ]
    return replace(found, series=series)


def _end(point: Point) -> date:
    return grain_end(lines.day(point), Grain.MONTH)


def _is_thin(found: Glance) -> bool:
    return found.kpi.shape not in (Total, Stock) and found.series[-1].n < LEAST_CASES


def _three_months(context: Context, codes: list[str]) -> Iterator[Glance]:
    """The last three months, with the three before them as what was before."""
    if not codes:
        return
    six, current = context.last_months(6), context.last_months(3)
    before = Period(six.start, current.start, context.zone)
    earlier = glance(before, grain=Grain.ALL, codes=codes)
    for found, former in zip(glance(current, grain=Grain.ALL, codes=codes), earlier, strict=True):
        yield Glance(
            kpi=found.kpi, clock=found.clock, current=found.current, previous=former.current, series=found.series
        )


def _measured(context: Context, year: Period, by_month: Glance, three: Glance | None) -> Measured:
    is_month = three is None or three.current.n <= by_month.series[-1].n
    wide = by_month if three is None else three
    return Measured(
        kpi=by_month.kpi,
        clock=by_month.clock,
        period=context.last_months(1 if is_month else 3),
        current=by_month.series[-1] if is_month else wide.current,
        previous=by_month.series[-2] if is_month else wide.previous,
        months=by_month.series,
        year=year,
        context=context,
    )
