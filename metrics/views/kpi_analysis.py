"""Looking deeper into one KPI: when, how the mix shifts, how old what waits is, and where tickets get stuck."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpiproject import drawing
from kpiproject.lib.charts import Spec
from kpiproject.lib.periods import Grain
from metrics import analysis, mixes, presentation
from metrics.queries import BadQuestion
from metrics.queries.questions import check
from metrics.queries.stages import MOST_TICKETS, Stuck, stuck
from metrics.views import looks
from metrics.views.looks import Look

_MIXED: Final = ("channel", "category")
_AGED: Final = ("team", "channel")
_LONG_DAYS: Final = 62


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def kpi_analysis(request: HttpRequest, code: str) -> HttpResponse:
    try:
        look = looks.look(request.GET, code, with_people=looks.may_see_people(request))
    except BadQuestion:
        return looks.unknown(request, code)
    context: dict[str, Any] = {"look": look, "kpi": look.kpi, "form": look.form} | looks.kept(request)
    if look.period is None:
        return render(request, "metrics/analysis_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        context |= _sections(look)
    except BadQuestion as error:
        look.form.add_error(None, str(error))
        return render(request, "metrics/analysis_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context |= {"period_text": look.period_text, "zone": look.house.time_zone, "is_shown": True}
    return render(request, "metrics/analysis_page.html", context)


def _sections(look: Look) -> dict[str, object]:
    """Those that fit the KPI."""
    wanted: list[tuple[bool, Callable[[Look], dict[str, object]]]] = [
        (analysis.has_hours(look.kpi), _heat),
        (analysis.has_patterns(look.kpi), _seasons),
        (analysis.has_mix(look.kpi), _mixes),
        (analysis.has_ages(look.kpi), _ages),
        (analysis.has_stages(look.kpi), _stages),
    ]
    found: dict[str, object] = {"has_any": any(fits for fits, _section in wanted)}
    for fits, section in wanted:
        found |= section(look) if fits else {}
    return found


def _heat(look: Look) -> dict[str, object]:
    return {"heat": analysis.heat(look.question, look.kpi, _clock(look)), "clock_name": _clock_name(look)}


def _seasons(look: Look) -> dict[str, object]:
    clock = _clock(look)
    days, months = (season(look.question, look.kpi, clock) for season in (analysis.weekdays, analysis.months))
    return {
        "weekdays": days,
        "weekdays_chart": _drawn(days.spec, "weekdays"),
        "months": months,
        "months_chart": _drawn(months.spec, "months"),
        "counts": look.kpi.shape.name == "total",
    }


def _mixes(look: Look) -> dict[str, object]:
    grain = Grain.MONTH if look.chosen.days > _LONG_DAYS else Grain.WEEK
    found = []
    for dimension in _MIXED:
        if dimension in look.kpi.dimensions:
            name = presentation.dimension(dimension)
            title = _("%(name)s: share of each %(dimension)s") % {"name": look.kpi.name, "dimension": name}
            found.append((dimension, name, title, mixes.mix(look.question, dimension, grain, looks.names)))
    return {"mixes": found}


def _ages(look: Look) -> dict[str, object]:
    return {
        "ages": [
            (dimension, presentation.dimension(dimension), analysis.ages(look.question, dimension, looks.names))
            for dimension in _AGED
            if dimension in look.kpi.dimensions
        ]
    }


def _stages(look: Look) -> dict[str, object]:
    found: Stuck = stuck(look.question)
    return {
        "stuck": found,
        "is_cut": found.found > found.tickets,
        "most": MOST_TICKETS,
        "stages_chart": _drawn(analysis.stages_chart(found), "stages"),
    }


def _clock(look: Look) -> str | None:
    return check(look.question).clock or None


def _clock_name(look: Look) -> str:
    return str(presentation.CLOCK_NAMES.get(_clock(look) or "", ""))


def _drawn(spec: Spec | None, name: str) -> dict[str, object] | None:
    return drawing.drawn(spec, name) if spec else None
