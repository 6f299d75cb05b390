"""Every KPI at a glance: the figures of the first page."""

from dataclasses import dataclass

from django.http import HttpRequest

from kpiproject.lib.periods import Grain, Period
from kpiproject.queries import organisation
from metrics import basis, cards, presentation, queries
from metrics.forms import SPANS, PeriodForm
from metrics.queries import Freshness


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is shown: the first steps where nothing was measured yet (`is_empty`), else the cards of a period."""

    fresh: Freshness
    context: dict[str, object]
    status: int = 200

    @property
    def is_empty(self) -> bool:
        return self.fresh.is_empty


def page(request: HttpRequest) -> Page:
    """The cards of the period that was asked for; without them, and with status 422, where that is nonsense."""
    house = organisation()
    fresh = queries.freshness(house.time_zone, all_change=not basis.is_current())
    context: dict[str, object] = {"organisation": house, "fresh": fresh, "spans": SPANS}
    if fresh.is_empty:
        return Page(fresh=fresh, context=context)
    form = PeriodForm(request.GET)
    context["form"] = form
    if not form.is_valid():
        return Page(fresh=fresh, context=context, status=422)
    period = form.chosen(zone=house.time_zone, fresh=fresh)
    form.fill_in(period)
    return Page(fresh=fresh, context=context | _shown(form, period, fresh))


def _shown(form: PeriodForm, period: Period, fresh: Freshness) -> dict[str, object]:
    return {
        "groups": cards.grouped(queries.glance(period, grain=_step(period)), period, fresh),
        "period": period,
        "period_text": presentation.period(period.start, Grain.ALL, period.end),
        "previous_text": presentation.period(period.previous().start, Grain.ALL, period.start),
        "includes_today": period.start <= fresh.today < period.end,
        "ends_earlier": bool(form.chosen_span) and period.end < fresh.today,
        "are_whole_days": bool(form.chosen_span) and period.end <= fresh.today,
    }


def _step(period: Period) -> Grain:
    """Of the trend on a card."""
    if period.days <= 45:
        return Grain.DAY
    return Grain.WEEK if period.days <= 200 else Grain.MONTH
