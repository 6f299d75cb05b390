"""Goals that have ended lately, told so that nobody can fool themselves, and how good the forecasts were."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from goals import calibration, lines
from goals.models import CloseOut
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.periods import local_day
from manual import queries
from manual.chapters.context import Built, Context, Figure, is_personal, value

LATELY: Final = timedelta(days=183)


def build(context: Context) -> Built:
    rows = queries.close_outs(context.as_of - LATELY, context.as_of)
    found = [each for each in rows if not is_personal(each.goal.dimension)]
    said = calibration.record().sentence
    blocks: list[Block] = []
    figures: dict[str, Figure] = {}
    if found:
        blocks += [*_ended(found, context)]
        figures = {f"close-out:{each.goal_id}": _figure(each) for each in found}
    if context.once(_has_forecasts):
        blocks += [tree.heading(1, _("Do the forecasts come true?"), "forecasts"), tree.paragraph(said)]
        figures["goals:forecasts"] = value(_("Whether forecasts come true"), said)
    return Built(blocks=blocks, figures=figures)


def _has_forecasts(_context: Context) -> bool:
    return queries.has_forecasts()


def _ended(found: list[CloseOut], context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("Goals that have ended"), "ended-goals")
    yield tree.paragraph(
        _(
            "A goal counts as achieved only if its target was met and nothing else suffered for it. Where the "
            "guardrail was breached, it is a hollow win and does not count."
        )
    )
    rows = [
        [
            each.goal.statement,
            date_format(local_day(each.at, context.zone), "DATE_FORMAT"),
            lines.target(each.goal),
            lines.amount(each.goal, each.value),
            _outcome(each),
        ]
        for each in found
    ]
    heads = [_("Goal"), _("Ended on"), f"#{_('Target')}", f"#{_('At the end')}", _("What came of it")]
    yield tree.table(_("Goals that ended in the last six months"), heads, rows)


def _outcome(found: CloseOut) -> str:
    """“Hollow win; met clearly; inside normal variation”, “missed clearly; outside normal variation”."""
    normal = {True: _("inside normal variation"), False: _("outside normal variation"), None: ""}
    is_said = (found.outcome, found.certainty) == (CloseOut.Outcome.MISSED, CloseOut.Certainty.MISSED)
    parts = [
        "" if is_said else found.get_outcome_display(),
        found.get_certainty_display() if found.certainty else "",
        normal[found.is_within_normal],
    ]
    return capfirst("; ".join(part for part in parts if part))


def _figure(found: CloseOut) -> Figure:
    label = _("How the goal “%(goal)s” ended") % {"goal": found.goal.statement}
    return value(label, f"{_outcome(found)} ({lines.amount(found.goal, found.value)})")
