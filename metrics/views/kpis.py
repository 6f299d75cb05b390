"""One KPI from all sides: its figure and why it is that, its course, its parts, its definition."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpiproject import drawing
from kpiproject.lib.cells import safe_cell
from kpiproject.lib.charts import Spec
from metrics import adoption, benchmarks, comparing, lines, mixes, parts, pictures, presentation, queries, turn_words
from metrics.dimensions import overlap
from metrics.filters import offered
from metrics.kpi import Kpi
from metrics.lines import Line
from metrics.queries import BadQuestion
from metrics.views import looks
from metrics.views.looks import Look
from metrics.why import why

may_see = permission_required("metrics.view_rollup", raise_exception=True)


@require_safe
@login_required
@may_see
def kpi(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = looks.look(request.GET, code, with_people=looks.may_see_people(request))
    except BadQuestion:
        return looks.unknown(request, code)
    if look.period is None:
        return _refused(request, look)
    try:
        context = _whole(look) | _parts(look)
    except BadQuestion as error:
        look.form.add_error(None, str(error))
        return _refused(request, look)
    context |= {"offered": offered(look.form, looks.names)} | looks.kept(request)
    return render(request, "metrics/kpi_page.html", context)


@require_safe
@login_required
@may_see
def kpi_why(request: HttpRequest, code: str) -> HttpResponse:
    """What a figure rests on, on a page of its own, to which every figure elsewhere leads."""
    try:
        look = looks.look(request.GET, code, with_people=looks.may_see_people(request))
    except BadQuestion:
        return looks.unknown(request, code)
    context = _named(look) | looks.kept(request)
    if look.period is None:
        return render(request, "metrics/why_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    figures = look.overall()
    context["why"] = why(figures, figures.points[0], look.fresh, where=look.question.where)
    return render(request, "metrics/why_page.html", context)


@require_safe
@login_required
@may_see
def kpi_csv(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = looks.look(request.GET, code, with_people=looks.may_see_people(request))
    except BadQuestion:
        return looks.unknown(request, code)
    if look.period is None:
        return _refused(request, look)
    by = look.form.dimension if "members" in request.GET or look.kpi.needs_dimension else ""
    try:
        figures = queries.told(replace(look.question, grain=look.grain, by=by))
        figures = queries.with_unknown_members(figures, look.question)
    except BadQuestion as error:
        look.form.add_error(None, str(error))
        return _refused(request, look)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{look.kpi.code}-{look.period.start}-{look.period.end}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    for row in queries.as_table(queries.as_document(queries.as_known(figures))):
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return response


def _named(look: Look) -> dict[str, object]:
    named = {"look": look, "kpi": look.kpi, "form": look.form, "about": _about(look.kpi)}
    return named | {"adopted": adoption.row(look.kpi.code)}


def _whole(look: Look) -> dict[str, object]:
    """The whole period as one figure beside earlier ones, and the pieces of it."""
    figures = look.overall()
    point = figures.points[0]
    found = why(figures, point, look.fresh, where=look.question.where)
    context = _named(look) | {
        "figures": figures,
        "overall": found.line,
        "why": found,
        "benchmarks": benchmarks.shown(look.kpi, point, look.fresh.today),
        "is_computing": found.is_computing,
        "fresh": look.fresh,
        "clock_name": found.clock_name,
        "period_text": look.period_text,
        "includes_today": look.fresh.today < look.chosen.end,
    }
    if look.kpi.needs_dimension:
        return context | _mix(look)
    return context | _course(look) | {"comparison": comparing.comparison(look.question, look.chosen, look.fresh)}


def _course(look: Look) -> dict[str, object]:
    course = queries.told(replace(look.question, grain=look.grain))
    found = lines.over_time(course, look.grain, week_start=look.house.week_start, fresh=look.fresh)
    title = _step_title(look, _("%(name)s, by %(step)s"))
    control = comparing.control(course, found, look.fresh)
    turns = queries.turns(course)
    control_title = _step_title(look, _("%(name)s by %(step)s, with its normal range"))
    drawn = drawing.drawn(pictures.control(course, control, control_title), "control") if control.limits else None
    return {
        "lines": found,
        "has_course": any(line.point.value is not None or line.excluded for line in found),
        "title": title,
        "chart": _chart(pictures.over_time(course, found, title, turns=turns), found, name="course"),
        "turns": [(turn.start, turn_words.sentence(turn)) for turn in turns],
        "control": control,
        "control_title": control_title,
        "control_chart": drawn,
    }


def _mix(look: Look) -> dict[str, object]:
    """Of what only exists by a dimension: its members over time."""
    title = _step_title(look, _("%(name)s, by %(step)s"))
    return {"mix": mixes.mix(look.question, look.form.dimension, look.grain, looks.names), "mix_title": title}


def _step_title(look: Look, words: str) -> str:
    return words % {"name": look.kpi.name, "step": presentation.GRAIN_NAMES[look.grain]}


def _parts(look: Look) -> dict[str, object]:
    """The members of one dimension, over the whole period."""
    dimension = look.form.dimension
    if not dimension:
        return {}
    given = look.form.cleaned_data
    question = replace(look.question, by=dimension)
    most = parts.MOST_UNFOLDED if given["all"] else parts.MOST_SHOWN
    found = parts.parts(question, lambda members: looks.names(dimension, members), sort=given["sort"], most=most)
    name = presentation.dimension(dimension)
    title = _("%(name)s, by %(dimension)s") % {"name": look.kpi.name, "dimension": name}
    spec = pictures.by_member(found.figures, found.lines, title)
    return {
        "dimension": dimension,
        "dimension_name": name,
        "parts": found,
        "overlap": overlap(dimension),
        "headings": parts.headings(look.kpi, dimension, given["sort"]),
        "parts_title": title,
        "parts_chart": _chart(spec, found.lines, name="parts"),
    }


def _chart(spec: Spec, found: Sequence[Line], *, name: str) -> dict[str, object] | None:
    """None without any number."""
    return None if all(line.point.value is None for line in found) else drawing.drawn(spec, name)


def _about(kpi: Kpi) -> Sequence[str]:
    return str(kpi.text).split("\n\n")


def _refused(request: HttpRequest, look: Look) -> HttpResponse:
    return render(request, "metrics/kpi_page.html", _named(look), status=HTTPStatus.UNPROCESSABLE_ENTITY)
