"""The first page: every KPI at a glance."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpiproject.lib.periods import Grain, Period
from kpiproject.queries import organisation
from metrics import basis, cards, presentation, queries
from metrics.forms import SPANS, PeriodForm
from metrics.queries import Freshness


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def dashboard(request: HttpRequest) -> HttpResponse:
    house = organisation()
    fresh = queries.freshness(house.time_zone, all_change=not basis.is_current())
    if fresh.is_empty:
        return render(request, "metrics/first_steps_page.html", {"organisation": house})
    form = PeriodForm(request.GET)
    context = {"organisation": house, "form": form, "fresh": fresh, "spans": SPANS}
    if not form.is_valid():
        return render(request, "metrics/dashboard_page.html", context, status=422)
    period = form.chosen(zone=house.time_zone, fresh=fresh)
    form.fill_in(period)
    return render(request, "metrics/dashboard_page.html", context | _shown(form, period, fresh))


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
