"""How good the forecasts were."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goals import calibration
from goals.calibration import Bin
from metrics import presentation


@dataclass(frozen=True, kw_only=True)
class Line:
    """A bin in words."""

    label: str
    count: str
    said: str
    came_true: str
    interval: str


@require_safe
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def record(request: HttpRequest) -> HttpResponse:
    found = calibration.record()
    context = {
        "record": found,
        "lines": [_line(one) for one in found.bins],
        "brier": None if found.brier is None else presentation.number(found.brier, 3),
        "least_forecasts": calibration.LEAST_FORECASTS,
        "least_goals": calibration.LEAST_GOALS,
    }
    return render(request, "goals/calibration_page.html", context)


def _line(found: Bin) -> Line:
    bounds = {"first": round(100 * found.first), "last": round(100 * found.last)}
    interval = ""
    if found.low is not None and found.high is not None:
        interval = _("%(low)s to %(high)s") % {"low": _percent(found.low), "high": _percent(found.high)}
    return Line(
        label=_("%(first)s to %(last)s %%") % bounds,
        count=presentation.number(found.count),
        said=_percent(found.said),
        came_true=_percent(found.came_true),
        interval=interval,
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else presentation.SPACE.join((presentation.number(100 * share), "%"))
