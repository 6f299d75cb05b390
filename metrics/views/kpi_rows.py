"""The very rows behind a figure: to page through, and as a file. Their number is its n."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Final

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpiproject.documents import sheets
from kpiproject.lib.periods import zone_info
from metrics import presentation, queries
from metrics.kpi import Kpi, Ratio
from metrics.queries import BadQuestion, RowBehind
from metrics.views import looks
from metrics.views.looks import Look

ROWS_PER_PAGE: Final = 50
FILES: Final = ("csv", "xlsx")

may_see = permission_required("metrics.view_ticket", raise_exception=True)


@require_safe
@login_required
@may_see
def kpi_rows(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = looks.look(request.GET, code, with_people=looks.may_see_people(request))
    except BadQuestion:
        return looks.unknown(request, code)
    if not look.kpi.has_rows:
        return _never(request)
    context = {"look": look, "kpi": look.kpi, "form": look.form}
    if look.period is None:
        return render(request, "metrics/rows_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    number = _page_number(request)
    found = queries.rows(look.question, first=(number - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE)
    page = Paginator(range(found.total), ROWS_PER_PAGE).get_page(number)
    if page.number != number:
        found = queries.rows(look.question, first=(page.number - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE)
    is_shown = look.kpi.frame == "answers" and request.user.has_perm("surveys.view_survey")
    written = queries.comments(found) if is_shown else {}
    shown = [(row, written.get((row.pk, row.is_rating), "")) for row in found.rows]
    context |= {"found": found, "shown": shown, "has_comments": is_shown, "page": page}
    context["is_share"] = look.kpi.shape is Ratio
    context |= {"period_text": look.period_text} | looks.kept(request)
    return render(request, "metrics/rows_page.html", context)


@require_safe
@login_required
@may_see
def kpi_rows_file(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """All of them at once. What was written with answers stays on the page, where surveys are seen."""
    if kind not in FILES:
        raise Http404
    try:
        look = looks.look(request.GET, code, with_people=looks.may_see_people(request))
    except BadQuestion:
        return looks.unknown(request, code)
    if not look.kpi.has_rows:
        return _never(request)
    if look.period is None:
        context = {"look": look, "kpi": look.kpi, "form": look.form}
        return render(request, "metrics/rows_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    name = f"{look.kpi.code}-rows-{look.period.start}-{look.period.end}"
    return sheets.response(kind, name, _header(look.kpi), _lines(look, queries.every_row(look.question)))


def _never(request: HttpRequest) -> HttpResponse:
    return render(request, "metrics/rows_never_page.html", status=HTTPStatus.NOT_FOUND)


def _header(kpi: Kpi) -> list[str]:
    score = [_("Score")] if kpi.frame == "answers" else []
    return [
        *(_("Source"), _("Reference"), _("Counted at"), _("Counts as")),
        *score,
        *(presentation.dimension(name) for name in kpi.dimensions),
    ]


def _lines(look: Look, rows: Iterable[RowBehind]) -> Iterator[sheets.Row]:
    zone, has_score = zone_info(look.house.time_zone), look.kpi.frame == "answers"
    for row in rows:
        value = 1.0 if row.value is None else row.value
        score = [row.score] if has_score else []
        members = [row.members.get(name, "") for name in look.kpi.dimensions]
        yield [row.source, row.reference, row.at.astimezone(zone), value, *score, *members]


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1
