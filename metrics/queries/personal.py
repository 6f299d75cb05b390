"""Figures as pages, files and reports tell them: the satisfaction with one person only where enough have answered.

Of a handful of answers, one bad day makes somebody look bad for a month; whoever compares people by that harms them
and learns nothing. So everybody reads figures through `told`, `manage.py kpi` included. `figures` and `in_a_row` are
the figures as they are, for code that puts many together.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from kpiproject.lib.periods import Period
from metrics.kpi import Kpi
from metrics.queries import exact
from metrics.queries.questions import Figures, Point, Question

LEAST_ANSWERS: Final = 30
_AGENT: Final = "agent"
_ASKED: Final = "answers"
"""The frame of everything that customers are asked: CSAT, NPS, effort, and own KPIs about answers."""


def told(question: Question) -> Figures:
    """The answer, without what says too little about one person. Raises BadQuestion."""
    return _guarded(question, exact.figures(question))


def told_in_a_row(question: Question, periods: Sequence[Period]) -> Figures:
    """The same over adjoining periods. Raises BadQuestion."""
    return _guarded(question, exact.in_a_row(question, periods))


def withheld(question: Question, kpi: Kpi, point: Point) -> Point:
    """The point with its n alone, if it is about one person and rests on too few answers; otherwise as it is."""
    if not is_personal(kpi, question) or not 0 < point.n < LEAST_ANSWERS:
        return point
    return replace(
        point,
        value=None,
        part=None,
        low=None,
        high=None,
        mean=None,
        median=None,
        p90=None,
        provisional=None,
        beside={},
        is_withheld=True,
        notes=(*point.notes, _words()),
    )


def is_personal(kpi: Kpi, question: Question) -> bool:
    """Whether it tells how satisfied customers are with one agent."""
    return kpi.frame == _ASKED and _AGENT in {question.by, *question.where}


def _guarded(question: Question, found: Figures) -> Figures:
    if not is_personal(found.kpi, question):
        return found
    return replace(found, points=[withheld(question, found.kpi, point) for point in found.points])


def _words() -> str:
    text = _("Fewer than %(least)s answers say too little about one person, so this figure is not shown.")
    return text % {"least": LEAST_ANSWERS}
