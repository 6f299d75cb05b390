"""Every kind of alarm, how often it is looked for, and every state that it can be in."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from goals.alarms import keeping, meanings, watch
from goals.models import AlertRule
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context, Figure, rule
from manual.chapters.escalation import WRITTEN
from metrics import presentation
from metrics.target_words import written


def build(_context: Context) -> Built:
    return Built(blocks=[*_kinds(), *_states(), *_severities()], figures=_figures())


def _kinds() -> Iterator[Block]:
    yield tree.heading(1, _("The kinds"), "ref-alarms-kinds")
    heads = [_("Alarm when"), _("What it means"), _("Looked for")]
    rows: list[list[str | list[Inline]]] = [
        [
            [tree.link(capfirst(str(kind.label)), f"#escalation-{WRITTEN[kind]}")],
            str(meanings.KINDS[kind]),
            _("every %(time)s") % {"time": _time(watch.EVERY[kind])},
        ]
        for kind in AlertRule.Kind
    ]
    yield tree.table(_("Kinds of alarms"), heads, rows)


def _states() -> Iterator[Block]:
    yield tree.heading(1, _("The states"), "ref-alarms-states")
    yield tree.facts(*((capfirst(str(state.label)), str(meanings.STATES[state])) for state in AlertRule.State))


def _severities() -> Iterator[Block]:
    """How often the same rule may tell of a new alarm."""
    yield tree.heading(1, _("How serious it is"), "ref-alarms-severity")
    said = _("people are told of it again after %(time)s at the earliest")
    rows = ((capfirst(str(each.label)), said % {"time": _time(keeping.COOLDOWN[each])}) for each in AlertRule.Severity)
    yield tree.facts(*rows)


def _time(length: timedelta) -> str:
    return presentation.day_count(length.days) if length.days > 1 else written(round(length.total_seconds()))


def _figures() -> dict[str, Figure]:
    named = "; ".join(str(kind.label) for kind in AlertRule.Kind)
    return {"every:alarm": rule(_("Kinds of alarms"), named)}
