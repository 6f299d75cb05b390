"""The chart of a survey's course."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.drawing import drawn, locale
from kpiproject.lib import charts
from surveys import result_words
from surveys.models import Survey
from surveys.results import Part, Results


def course(survey: Survey, results: Results, title: str) -> dict[str, object] | None:
    """For _chart.html; None without any score."""
    if all(part.score.value is None for part in results.course):
        return None
    points = [_point(survey, results, part) for part in results.course if part.start]
    unit = _("points") if survey.scale.is_recommendation else "%"
    spec = charts.time_series(points, title=title, unit=unit, starts_at_zero=False, locale=locale())
    return drawn(spec, "course")


def _point(survey: Survey, results: Results, part: Part) -> charts.Point:
    if part.start is None or part.end is None:
        raise ValueError("Only pieces of time are points of a course.")
    score = part.score
    return charts.Point(
        start=part.start,
        value=score.value,
        low=score.low,
        high=score.high,
        is_complete=part.is_complete,
        tooltip={
            _("Which"): result_words.piece(part.start, part.end, results.grain),
            _("Score"): result_words.value(score.value, survey.scale),
            _("95 % interval"): result_words.interval(score, survey.scale),
            _("Rests on"): counted(score.n),
        },
    )


def counted(n: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": result_words.number(n)}


def widths(counts: Sequence[int]) -> list[str]:
    """SVG lengths of bars, the longest being the whole; with a dot whatever the reader's decimal sign."""
    most = max(counts, default=0)
    return [f"{100 * count / most if most else 0:.1f}%" for count in counts]
