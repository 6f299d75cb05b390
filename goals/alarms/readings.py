"""How every rule stands now: one or more readings for each, and none where its figures are just being computed.

Rules of the same figure share one question; rules of the same kind that rest on rows of a table share one query.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.alarms import judging, sources
from goals.alarms.series import LONG, SHORT, Group, Piece, Series
from goals.models import AlertRule
from goals.scales import scale
from kpiproject.calendars import default_worktime
from kpiproject.lib.periods import Grain
from kpiproject.queries import organisation
from metrics.kpi import BUSINESS
from metrics.queries import BadQuestion, find, find_kpi

logger = logging.getLogger(__name__)
Kind = AlertRule.Kind

FIGURES: Final = frozenset({Kind.THRESHOLD, Kind.SIGNAL, Kind.NO_DATA})
"""Judged by complete periods."""
OF_A_KPI: Final = FIGURES | {Kind.BUDGET, Kind.ANSWER}
PROBLEMS: Final[Mapping[str, Promise]] = {
    "kpi_retired": _("The KPI “%(kpi)s” no longer exists; choose another one, or delete the rule."),
    "no_dimension": _("“%(kpi)s” can no longer be told apart by %(dimension)s."),
    "no_calendar": _("There is no business calendar any more, so business time cannot be measured."),
    "no_limit": _("It has no limit any more; enter one."),
    "failed": _("It could not be checked; the log says why."),
}
Reading = judging.Reading
Readings = dict[int, list[Reading]]


def read(rules: Sequence[AlertRule], now: datetime) -> Readings:
    """By the number of the rule. A rule that cannot be checked has one reading that says why."""
    found: Readings = {}
    series = Series(organisation(), now)
    checkable = []
    for rule in rules:
        if code := problem(rule):
            found[rule.pk] = [judging.failed(code)]
        else:
            checkable.append(rule)
    figures = [rule for rule in checkable if rule.kind in FIGURES]
    for group, members in _groups(figures).items():
        _alone(members, found, partial(_of_group, series, group, members))
    by_kind: dict[str, list[AlertRule]] = defaultdict(list)
    for rule in checkable:
        if rule.kind not in FIGURES:
            by_kind[rule.kind].append(rule)
    for kind, members in by_kind.items():
        _alone(members, found, partial(_READERS[kind], members, series, now))
    return found


def _alone(rules: Iterable[AlertRule], found: Readings, read_them: Callable[[], Readings]) -> None:
    """One group that fails keeps no other from being checked."""
    try:
        found.update(read_them())
    except DatabaseError:
        raise
    except BadQuestion as error:
        found.update({rule.pk: [judging.failed(f"said:{error}")] for rule in rules})
    except Exception:
        logger.exception("Alert rules %s could not be checked.", [rule.pk for rule in rules])
        found.update({rule.pk: [judging.failed("failed")] for rule in rules})


def problem(rule: AlertRule) -> str:
    """Why a rule cannot be checked at all; empty if it can."""
    if rule.kind not in OF_A_KPI:
        return ""
    kpi = find(rule.kpi)
    obstacles = {
        "kpi_retired": kpi is None,
        "no_dimension": kpi is not None and bool(rule.dimension) and rule.dimension not in kpi.dimensions,
        "no_calendar": rule.clock == BUSINESS and default_worktime() is None,
        "no_limit": rule.kind in (Kind.THRESHOLD, Kind.BUDGET) and rule.fire_level is None,
    }
    return next((code for code, is_there in obstacles.items() if is_there), "")


def _groups(rules: Iterable[AlertRule]) -> dict[Group, list[AlertRule]]:
    found: dict[Group, list[AlertRule]] = defaultdict(list)
    for rule in rules:
        found[group_of(rule)].append(rule)
    return found


def group_of(rule: AlertRule) -> Group:
    """The figure that a rule watches. Raises BadQuestion for one that does not exist."""
    kpi = find_kpi(rule.kpi)
    return Group(kpi=kpi, dimension=rule.dimension, grain=Grain(rule.grain), clock=rule.clock)


def _of_group(series: Series, group: Group, rules: Sequence[AlertRule]) -> Readings:
    """Nothing where the figures are being computed: such rules stay as they are, and are asked again soon."""
    has_signals = any(rule.kind == Kind.SIGNAL for rule in rules)
    period = series.window(group, LONG[group.grain] if has_signals else SHORT)
    if series.is_computing(group.kpi, period):
        return {}
    pieces = series.pieces(group, {rule.member for rule in rules}, period)
    found = {}
    for rule in rules:
        mine = pieces[rule.member]
        found[rule.pk] = of_pieces(rule, group, mine, first=_first(rule, mine))
    return found


def of_pieces(rule: AlertRule, group: Group, pieces: Sequence[Piece], *, first: int) -> list[Reading]:
    """A reading for every period from one on."""
    if rule.kind == Kind.SIGNAL:
        return list(judging.signals(rule, pieces, first, scale(group.kpi)))
    if rule.kind == Kind.NO_DATA:
        return list(judging.silences(pieces, first, sources.feed(group.kpi)))
    return list(judging.thresholds(rule, pieces, first))


def _first(rule: AlertRule, pieces: Sequence[Piece]) -> int:
    """From the last period that was seen on, which may be another one by now; of a new rule, only as many periods as
    it needs to fire."""
    seen = rule.memory.get("seen")
    if not seen:
        return max(0, len(pieces) - rule.of)
    last = str(seen[-1][0])
    return next((place for place, piece in enumerate(pieces) if piece.start.isoformat() >= last), len(pieces))


_READERS: Final[Mapping[str, Callable[[Sequence[AlertRule], Series, datetime], Readings]]] = {
    Kind.BUDGET: sources.budgets,
    Kind.GOAL: sources.goals,
    Kind.IMPORT: sources.imports,
    Kind.ANSWER: sources.answers,
}
