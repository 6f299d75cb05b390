"""Every KPI at a glance: the figures of the first page."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpRequest

from kpiproject.lib.periods import Grain, Period
from kpiproject.queries import organisation
from metrics import basis, cards, presentation, queries
from metrics.forms import SPANS, PeriodForm
from metrics.queries import Freshness
from metrics.queries.imported import amounts


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is shown: the first steps where nothing was measured yet (`is_empty`), else the cards of a period."""

    fresh: Freshness
    context: dict[str, object]
    status: int = 200
    is_empty: bool = False


def page(request: HttpRequest) -> Page:
    """The cards of the period that was asked for; without them, and with status 422, where that is nonsense."""
    house = organisation()
    fresh = queries.freshness(house.time_zone, all_change=not basis.is_current())
    context: dict[str, object] = {"organisation": house, "fresh": fresh, "spans": SPANS}
    if fresh.is_empty:
        return _from_facts(request, fresh, context)
    return _page(request, fresh, context)


def _from_facts(request: HttpRequest, fresh: Freshness, context: dict[str, object]) -> Page:
    """Some KPIs are never added up day by day: where only these have figures, nothing is stored and facts are there.
    Without a figure among those that one works with there are first steps still, which say so."""
    found = [one for one in amounts() if one.first and one.last and one.first <= fresh.today]
    if not found:
        return Page(fresh=fresh, context=context, is_empty=True)
    reach = replace(
        fresh,
        first=min(one.first for one in found if one.first),
        last=max(min(one.last, fresh.today) for one in found if one.last),
    )
    page = _page(request, reach, {**context, "fresh": reach})
    if page.status != HTTPStatus.OK or page.context["has_any"]:
        return page
    return Page(fresh=fresh, context={**context, "has_facts": True}, is_empty=True)


def _page(request: HttpRequest, fresh: Freshness, context: dict[str, object]) -> Page:
    form = PeriodForm(request.GET)
    context["form"] = form
    if not form.is_valid():
        return Page(fresh=fresh, context=context, status=422)
    period = form.chosen(zone=fresh.zone, fresh=fresh)
    form.fill_in(period)
    return Page(fresh=fresh, context=context | _shown(form, period, fresh))


def _shown(form: PeriodForm, period: Period, fresh: Freshness) -> dict[str, object]:
    glances = queries.glance(period, grain=_step(period))
    return {
        "groups": cards.grouped(glances, period, fresh),
        "has_any": any(one.current.n for one in glances),
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
