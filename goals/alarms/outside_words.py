"""An alarm in words for people outside of the house: of many together, never of a few, and of no single answer."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from goals.alarms import words
from goals.course import LEAST_ROWS
from goals.models import Alarm, AlertRule
from metrics.kpi import Stock, Total
from metrics.queries import find

Kind = AlertRule.Kind


def what(alarm: Alarm) -> str:
    if tell := _WHAT.get(alarm.kind):
        return tell(alarm)
    if _is_small(alarm, alarm.facts.get("at_n", alarm.n)):
        return _("%(figure)s is past its limit.") % {"figure": words.figure(alarm)}
    return words.what(alarm)


def rests_on(alarm: Alarm) -> str:
    return "" if alarm.kind in _WHAT or _is_small(alarm, alarm.n) else words.rests_on(alarm)


def over(alarm: Alarm) -> str:
    """Without how bad it got where that is a number of single ones."""
    if alarm.ended_at is None or not (alarm.kind in _WHAT or _is_small(alarm, alarm.n)):
        return words.recovered(alarm)
    return _("It was there for %(duration)s.") % {"duration": words.lasted(alarm.opened_at, alarm.ended_at)}


def _is_small(alarm: Alarm, n: int) -> bool:
    """Whether a figure rests on so few that one of them could be meant. Numbers of tickets rest on themselves."""
    kpi = find(alarm.kpi)
    counts_itself = kpi is not None and kpi.shape in (Total, Stock)
    return not counts_itself and alarm.kind in (Kind.THRESHOLD, Kind.SIGNAL) and n < LEAST_ROWS


def _budget(alarm: Alarm) -> str:
    given = {"figure": words.figure(alarm), "limit": words.limit(alarm, alarm.limit)}
    return _("%(figure)s: among the last ones, more are bad than chance explains, if it is to be %(limit)s.") % given


def _import(_alarm: Alarm) -> str:
    return _("Data did not arrive as they should, so that figures may be missing.")


_WHAT: Final[Mapping[str, Callable[[Alarm], str]]] = {Kind.BUDGET: _budget, Kind.IMPORT: _import}
