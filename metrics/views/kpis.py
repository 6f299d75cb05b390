"""One KPI from all sides: its course, its parts, its definition, and the rows behind it."""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpiproject.calendars import default_worktime
from kpiproject.lib.charts import Spec
from kpiproject.lib.periods import Grain, Period
from kpiproject.models import Organisation
from kpiproject.queries import agent_names, calendar_name, organisation
from metrics import basis, cards, lines, pictures, presentation, queries
from metrics.forms import QuestionForm
from metrics.kpi import BUSINESS, FAMILY_NAMES, Kpi
from metrics.lines import Line
from metrics.queries import BadQuestion, Figures, Freshness, Question
from metrics.sources.rows import safe_cell

ROWS_PER_PAGE = 50
MOST_MEMBERS = 100


@dataclass(frozen=True, kw_only=True)
class Look:
    """A KPI and how the reader looks at it. Without a period the form has errors."""

    kpi: Kpi
    form: QuestionForm
    fresh: Freshness
    house: Organisation
    period: Period | None = None
    grain: Grain = Grain.ALL

    @property
    def chosen(self) -> Period:
        if self.period is None:
            raise ValueError("Only a valid form asks a question.")
        return self.period

    @property
    def question(self) -> Question:
        return self.form.question(self.chosen)


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def kpi_list(request: HttpRequest) -> HttpResponse:
    groups = [
        (name, [kpi for kpi in queries.CATALOGUE.values() if kpi.family is family])
        for family, name in FAMILY_NAMES.items()
    ]
    return render(request, "metrics/kpi_list_page.html", {"groups": [group for group in groups if group[1]]})


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def kpi(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = _look(request.GET, code)
    except BadQuestion as error:
        return _unknown(request, error)
    if look.period is None:
        return _refused(request, look)
    context = {"look": look, "kpi": look.kpi, "form": look.form, "about": _about(look.kpi)}
    return render(request, "metrics/kpi_page.html", context | _course(look) | _parts(look) | _kept(request, look))


@require_safe
@login_required
@permission_required("metrics.view_ticket", raise_exception=True)
def kpi_rows(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = _look(request.GET, code)
    except BadQuestion as error:
        return _unknown(request, error)
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
    context |= {"period_text": _period_text(look)} | _kept(request, look)
    return render(request, "metrics/rows_page.html", context)


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def kpi_csv(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = _look(request.GET, code)
    except BadQuestion as error:
        return _unknown(request, error)
    if look.period is None:
        return _refused(request, look)
    by = look.form.dimension if "members" in request.GET else ""
    try:
        figures = queries.figures(replace(look.question, grain=look.grain, by=by))
    except BadQuestion as error:
        look.form.add_error(None, str(error))
        return _refused(request, look)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{look.kpi.code}-{look.period.start}-{look.period.end}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    for row in queries.as_table(queries.as_document(figures)):
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return response


def _look(given: QueryDict, code: str) -> Look:
    """Raises BadQuestion for a KPI that does not exist."""
    kpi = queries.find_kpi(code)
    house = organisation()
    fresh = queries.freshness(house.time_zone, all_change=not basis.is_current())
    form = QuestionForm(given, kpi=kpi, has_calendar=kpi.has_clocks and default_worktime() is not None)
    look = Look(kpi=kpi, form=form, fresh=fresh, house=house)
    if not form.is_valid():
        return look
    period = form.period(zone=house.time_zone, fresh=fresh)
    grain = form.fit(period)
    if not form.is_valid():
        return look
    form.fill_in(period)
    return replace(look, period=period, grain=grain)


def _course(look: Look) -> dict[str, object]:
    """The whole period as one figure, the one before, and the pieces of it."""
    overall = queries.figures(look.question)
    before = queries.figures(_before(look))
    course = queries.figures(replace(look.question, grain=look.grain))
    found = _over_time(look, course)
    title = _("%(name)s, by %(step)s") % {"name": look.kpi.name, "step": presentation.GRAIN_NAMES[look.grain]}
    point = overall.points[0]
    return {
        "figures": overall,
        "overall": lines.single(overall),
        "is_computing": look.fresh.is_computing(look.kpi, look.chosen),
        "fresh": look.fresh,
        "change": cards.change(overall, point, before.points[0], period=look.chosen, fresh=look.fresh),
        "notes": list(cards.notes(point, look.kpi)),
        "bounds": presentation.bounds(point, look.kpi, overall.clock),
        "reasons": [(presentation.reason(code), presentation.number(n)) for code, n in sorted(point.excluded.items())],
        "lines": found,
        "title": title,
        "chart": _chart(pictures.over_time(course, found, title), found, name="course"),
        "clock_name": presentation.CLOCK_NAMES.get(overall.clock or "", ""),
        "calendar_name": calendar_name() if overall.clock == BUSINESS else "",
        "period_text": _period_text(look),
        "includes_today": look.period is not None and look.fresh.today < look.period.end,
    }


def _parts(look: Look) -> dict[str, object]:
    """The members of one dimension, over the whole period."""
    dimension = look.form.dimension
    if not dimension:
        return {}
    figures = queries.figures(replace(look.question, by=dimension))
    found = lines.by_member(figures, _names(dimension, [point.member or "" for point in figures.points]))
    name = presentation.dimension(dimension)
    title = _("%(name)s, by %(dimension)s") % {"name": look.kpi.name, "dimension": name}
    return {
        "dimension": dimension,
        "dimension_name": name,
        "members": found[:MOST_MEMBERS],
        "more_members": max(0, len(found) - MOST_MEMBERS),
        "parts_title": title,
        "parts_chart": _chart(pictures.by_member(figures, found, title), found, name="parts"),
    }


def _over_time(look: Look, figures: Figures) -> list[Line]:
    return lines.over_time(figures, look.grain, week_start=look.house.week_start, fresh=look.fresh)


def _before(look: Look) -> Question:
    period = look.question
    previous = Period(period.start, period.end, look.house.time_zone).previous()  # type: ignore[arg-type]
    return replace(look.question, start=previous.start, end=previous.end)


def _period_text(look: Look) -> str:
    return presentation.period(look.period.start, Grain.ALL, look.period.end) if look.period else ""


def _names(dimension: str, members: Collection[str]) -> Mapping[str, str]:
    """What members are called, where that is not what they are imported as."""
    return agent_names(members) if dimension == "agent" else {}


def _chart(spec: Spec, found: Sequence[Line], *, name: str) -> dict[str, object] | None:
    """None without any number."""
    return None if all(line.point.value is None for line in found) else pictures.drawn(spec, name)


def _kept(request: HttpRequest, look: Look) -> dict[str, object]:
    """What the reader keeps only, each with the address of the page without it."""
    kept = []
    for text in request.GET.getlist("where"):
        rest = request.GET.copy()
        rest.setlist("where", [other for other in request.GET.getlist("where") if other != text])
        rest.pop("page", None)
        name, _equals, member = text.partition("=")
        shown = presentation.member(member, _names(name, [member]))
        kept.append((presentation.dimension(name), shown, rest.urlencode()))
    return {"kept": kept, "asked": request.GET.urlencode()}


def _about(kpi: Kpi) -> Sequence[str]:
    return str(kpi.text).split("\n\n")


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _refused(request: HttpRequest, look: Look) -> HttpResponse:
    context = {"look": look, "kpi": look.kpi, "form": look.form, "about": _about(look.kpi)}
    return render(request, "metrics/kpi_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _unknown(request: HttpRequest, error: BadQuestion) -> HttpResponse:
    return render(request, "metrics/unknown_page.html", {"sentence": str(error)}, status=HTTPStatus.NOT_FOUND)
