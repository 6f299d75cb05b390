"""The catalogue: every KPI by family, with the latest figure of those that are worked with."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpiproject.lib.periods import Grain
from kpiproject.queries import organisation
from metrics import basis, presentation, queries
from metrics.forms import CatalogueForm
from metrics.shelf import shelf


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def kpi_list(request: HttpRequest) -> HttpResponse:
    house = organisation()
    fresh = queries.freshness(house.time_zone, all_change=not basis.is_current())
    form = CatalogueForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    period = form.period(zone=house.time_zone, fresh=fresh)
    context = {
        "form": form,
        "words": words,
        "shelf": shelf(period, fresh, words=words),
        "period": period,
        "period_text": presentation.period(period.start, Grain.ALL, period.end),
        "fresh": fresh,
    }
    return render(request, "metrics/kpi_list_page.html", context, status=200 if form.is_valid() else 422)
