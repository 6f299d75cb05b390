"""How reliable the data are, and whether our figures are those of the systems they come from."""

from datetime import date
from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpiproject.documents import sheets
from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from metrics import quality_words
from metrics.quality_forms import ComparedForm, ComparedRowsForm
from metrics.queries import deliveries, quality
from metrics.queries import reconciliation as comparing
from metrics.queries.reconciliation import Compared, Comparison

ROWS_PER_PAGE = 50

may_see = permission_required("metrics.view_importrun", raise_exception=True)
may_see_tickets = permission_required("metrics.view_ticket", raise_exception=True)


@require_safe
@login_required
@may_see
def data_quality(request: HttpRequest) -> HttpResponse:
    zone = organisation().time_zone
    found = [quality_words.told(one) for one in quality.findings(zone)]
    context = {"found": found, "sources": deliveries.sources(timezone.now()), "days": quality.LOOKS_BACK_DAYS}
    return render(request, "metrics/quality_page.html", context)


@require_safe
@login_required
@may_see
def reconciliation(request: HttpRequest) -> HttpResponse:
    form = ComparedForm(request.GET)
    if not form.is_valid():
        context: dict[str, object] = {"form": form}
        return render(request, "metrics/reconciliation_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    period = form.period(today=_today(), zone=organisation().time_zone)
    form.fill_in(period)
    rows = [_line(one) for one in comparing.compare(period)]
    context = {"form": form, "period": period, "rows": rows, "most": comparing.MOST_TICKETS}
    return render(request, "metrics/reconciliation_page.html", context)


@require_safe
@login_required
@may_see_tickets
def reconciliation_rows(request: HttpRequest) -> HttpResponseBase:
    form = ComparedRowsForm(request.GET)
    if not form.is_valid():
        context: dict[str, object] = {"form": form}
        return render(request, "metrics/reconciliation_rows_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.cleaned_data
    period = form.period(today=_today(), zone=organisation().time_zone)
    found = next((one for one in comparing.compare(period) if _is_asked(one, asked)), None)
    rows = [row for row in (found.rows if found else []) if asked["rule"] in ("", row.rule)]
    if asked["download"]:
        header = [_("source"), _("ticket"), _("ours, in seconds"), _("theirs, in seconds"), _("why")]
        lines = ([row.source, row.reference, row.ours, row.theirs, quality_words.rule(row.rule)] for row in rows)
        return sheets.response(asked["download"], f"{asked['measure']}-{asked['clock']}", header, lines)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {"form": form, "asked": asked, "page": page, "period": period, "kept": kept.urlencode()}
    context |= {"shown": [(row, quality_words.rule(row.rule), _difference(row)) for row in page]}
    context |= {"measure": quality_words.MEASURE_NAMES[asked["measure"]], "total": len(rows)}
    return render(request, "metrics/reconciliation_rows_page.html", context)


def _line(found: Comparison) -> dict[str, object]:
    return {
        "found": found,
        "measure": quality_words.MEASURE_NAMES[found.measure],
        "rules": [(rule, quality_words.rule(rule), count) for rule, count in found.rules.items()],
    }


def _is_asked(found: Comparison, asked: dict[str, str]) -> bool:
    return (found.source, found.measure, found.clock) == (asked["source"], asked["measure"], asked["clock"])


def _difference(row: Compared) -> int | None:
    return None if row.ours is None else row.theirs - row.ours


def _today() -> date:
    return local_day(timezone.now(), organisation().time_zone)
