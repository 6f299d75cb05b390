"""What stands around an alarm in its mail: the course of the figure, what else moved, and what customers wrote.

It is gathered before anybody is told and outside of any transaction, because drawing takes longer than a lock may be
held. Every part stands alone: one that fails is named in the mail, and never keeps the mail from being written.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import dropwhile
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from goals import baseline
from goals.alarms import judging, sources, words
from goals.alarms.lifecycle import Verdict
from goals.alarms.series import LONG, Group, Piece, Series
from goals.models import Alarm, AlertRule
from goals.scales import scale
from kpiproject.drawing import locale
from kpiproject.lib import charts
from kpiproject.lib.charts import Spec
from kpiproject.lib.limit_chart import Level, limit_chart
from kpiproject.lib.periods import Grain, Period, day_start, grain_end
from kpiproject.mail import File
from kpiproject.queries import organisation
from metrics import pictures
from metrics.kpi import Better, Kpi
from metrics.queries import adopted, find
from surveys.models import Answer

logger = logging.getLogger(__name__)
Kind = AlertRule.Kind

MOST_AT_ONCE: Final = 12
"""So many alarms of one tick have surroundings; the pages of the others show theirs."""
IN_A_CHART: Final = {Grain.DAY: 14, Grain.WEEK: 13, Grain.MONTH: 12}
MOST_COMMENTS: Final = 3
MOST_MOVED: Final = 4
_LATELY: Final = timedelta(days=7)
_OF_FIGURES: Final = frozenset({Kind.THRESHOLD, Kind.SIGNAL, Kind.BUDGET, Kind.NO_DATA, Kind.GOAL})
_WITH_COMMENTS: Final = frozenset({Kind.THRESHOLD, Kind.SIGNAL, Kind.BUDGET, Kind.GOAL, Kind.ANSWER})
_COLUMNS: Final = {"": "", "channel": "channel", "category": "category", "team": "team", "survey": "survey__slug"}
"""How answers are told apart by what a rule can be narrowed to."""


class Part(StrEnum):
    CHART = "chart"
    MOVED = "moved"
    COMMENTS = "comments"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Another figure of the same scope that tells of a change in the same period."""

    kpi: Kpi
    clock: str
    value: float | None
    low: float
    high: float
    is_better: bool | None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    pieces: Sequence[Piece] = ()
    picture: File | None = None
    moved: Sequence[Moved] = ()
    comments: Sequence[Answer] = ()
    failed: frozenset[Part] = frozenset()


class Gatherer:
    """What alarms of one tick share is read once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.house = organisation()
        self.series = Series(self.house, now)
        self._known: dict[tuple[Any, ...], Any] = {}

    def gather(self, alarm: Alarm) -> Surroundings:
        failed: set[Part] = set()
        pieces = self._part(Part.CHART, alarm, self._pieces, failed) or []
        picture = None
        if pieces and Part.CHART not in failed:
            picture = self._part(Part.CHART, alarm, lambda one: _picture(one, pieces), failed)
        return Surroundings(
            pieces=pieces,
            picture=picture,
            moved=self._part(Part.MOVED, alarm, self._all_moved, failed) or [],
            comments=self._part(Part.COMMENTS, alarm, self._comments, failed) or [],
            failed=frozenset(failed),
        )

    def _once(self, about: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if about not in self._known:
            self._known[about] = make()
        return self._known[about]

    def _part(self, part: Part, alarm: Alarm, make: Callable[[Alarm], Any], failed: set[Part]) -> Any:
        try:
            return make(alarm)
        except Exception:
            logger.exception("The %s of alarm %s cannot be told.", part, alarm.pk)
            failed.add(part)
            return None

    def _pieces(self, alarm: Alarm) -> list[Piece]:
        """The last complete periods, from the first one with anything on. Raises BadQuestion for a figure that is
        gone."""
        if alarm.kind not in _OF_FIGURES:
            return []
        found: list[Piece] = self._once(("pieces", *_scope(alarm)), lambda: self._course(alarm))
        return found

    def _course(self, alarm: Alarm) -> list[Piece]:
        group = _group(alarm)
        period = self.series.window(group, IN_A_CHART[group.grain])
        found = self.series.pieces(group, [alarm.member], period)[alarm.member]
        return list(dropwhile(lambda piece: piece.value is None and not piece.n, found))

    # --- What else moved ------------------------------------------------------------------------------------------
    def _all_moved(self, alarm: Alarm) -> list[Moved]:
        start = _bad_start(alarm)
        if alarm.kind not in _OF_FIGURES or start is None:
            return []
        about = ("moved", alarm.dimension, alarm.member, alarm.grain, start)
        found: list[Moved] = self._once(about, lambda: list(self._moved_in(alarm, start)))
        return [one for one in found if one.kpi.code != alarm.kpi][:MOST_MOVED]

    def _moved_in(self, alarm: Alarm, start: date) -> Iterator[Moved]:
        grain, others = Grain(alarm.grain), [kpi for kpi in adopted() if _may_move(kpi, alarm.dimension)]
        end = grain_end(start, grain, self.house.week_start)
        period = self.series.window_until(end, grain, LONG[grain])
        courses = self._courses(alarm, others, grain, period)
        for group, pieces in courses.items():
            if not self.series.is_computing(group.kpi, period) and (moved := _moved(group, pieces)) is not None:
                yield moved

    def _courses(self, alarm: Alarm, kpis: Sequence[Kpi], grain: Grain, period: Period) -> dict[Group, list[Piece]]:
        if not alarm.dimension:
            return self.series.glanced(kpis, grain, period)
        groups = [Group(kpi=kpi, dimension=alarm.dimension, grain=grain, clock=baseline.clock_of(kpi)) for kpi in kpis]
        return {group: self.series.pieces(group, [alarm.member], period)[alarm.member] for group in groups}

    # --- What customers wrote -------------------------------------------------------------------------------------
    def _comments(self, alarm: Alarm) -> list[Answer]:
        """The last ones since the bad period began; never where they could be about one agent."""
        if alarm.kind not in _WITH_COMMENTS or alarm.dimension not in _COLUMNS:
            return []
        found: list[Answer] = self._once(
            ("comments", *_scope(alarm), _bad_start(alarm)), lambda: self._said(alarm, _bad_start(alarm))
        )
        return found

    def _said(self, alarm: Alarm, start: date | None) -> list[Answer]:
        kinds = {alarm.kpi} if alarm.kpi in sources.KINDS else sources.KINDS
        since = day_start(start, self.house.time_zone) if start else self.now - _LATELY
        rows = Answer.objects.filter(kind__in=kinds, answered_at__gte=since, answered_at__lte=self.now)
        if column := _COLUMNS[alarm.dimension]:
            rows = rows.filter(**{column: alarm.member})
        said = rows.exclude(comment="").select_related("survey").order_by("-answered_at", "-pk")
        return list(said[:MOST_COMMENTS])


def gather(alarms: Sequence[Alarm], now: datetime) -> dict[int, Surroundings]:
    """By the number of the alarm, of the first ones only."""
    gatherer = Gatherer(now)
    return {alarm.pk: gatherer.gather(alarm) for alarm in alarms[:MOST_AT_ONCE]}


def _scope(alarm: Alarm) -> tuple[str, ...]:
    return alarm.kpi, alarm.dimension, alarm.member, alarm.grain, alarm.clock


def _group(alarm: Alarm) -> Group:
    kpi = find(alarm.kpi)
    if kpi is None:
        msg = f"The KPI {alarm.kpi!r} is no longer in the catalogue."
        raise LookupError(msg)
    return Group(kpi=kpi, dimension=alarm.dimension, grain=Grain(alarm.grain), clock=alarm.clock)


def _bad_start(alarm: Alarm) -> date | None:
    """The first day of the last period past the limit."""
    start = alarm.facts.get("at_start")
    return date.fromisoformat(start) if start else alarm.period_start


def _moved(group: Group, pieces: Sequence[Piece]) -> Moved | None:
    """What the last of these pieces tells of, by the limits of those before it."""
    [reading] = judging.signals(AlertRule(side=""), pieces, len(pieces) - 1, scale(group.kpi))
    if reading.verdict is not Verdict.BREACH or reading.value is None:
        return None
    return Moved(
        kpi=group.kpi,
        clock=group.clock,
        value=reading.value,
        low=reading.facts["low"],
        high=reading.facts["high"],
        is_better=_is_better(group.kpi, reading.value, reading.facts["centre"]),
    )


def _may_move(kpi: Kpi, dimension: str) -> bool:
    return kpi.adds_up and not kpi.needs_dimension and (not dimension or dimension in kpi.dimensions)


def _is_better(kpi: Kpi, value: float, centre: float) -> bool | None:
    if kpi.better not in (Better.HIGHER, Better.LOWER):
        return None
    return value < centre if kpi.better is Better.LOWER else value > centre


# --- The chart ----------------------------------------------------------------------------------------------------
def _picture(alarm: Alarm, pieces: Sequence[Piece]) -> File | None:
    """Drawn once for all readers, in the language of the house; the words beneath are in the reader's."""
    if all(piece.value is None for piece in pieces):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        png = charts.to_mail_png(_spec(alarm, pieces))
    content_id = f"{hashlib.sha256(png).hexdigest()[:24]}.{alarm.pk}@plumbline"
    name = f"{slugify(words.figure(alarm)) or 'alarm'}.png"
    return File(name=name, content_type="image/png", content=png, content_id=content_id)


def _spec(alarm: Alarm, pieces: Sequence[Piece]) -> Spec:
    found = levels(alarm)
    most = max([*(piece.value or 0.0 for piece in pieces), *(level.value for level in found)], default=0.0)
    factor, unit = pictures.scale(_group(alarm).kpi, alarm.clock or None, max(most, 0.0))
    bad = _bad_start(alarm)
    return limit_chart(
        [_point(piece, factor) for piece in pieces],
        [replace(level, value=level.value / factor) for level in found],
        title=words.figure(alarm),
        unit=str(unit),
        marked=[bad] if bad else [],
        locale=locale(),
    )


def _point(piece: Piece, factor: float) -> charts.Point:
    value, low, high = (None if one is None else one / factor for one in (piece.value, piece.low, piece.high))
    return charts.Point(start=piece.start, value=value, low=low, high=high)


def levels(alarm: Alarm) -> list[Level]:
    """The lines that the figure is watched by, in its own unit, with their words."""
    if alarm.kind == Kind.SIGNAL:
        names = {"high": _("upper limit %(value)s"), "centre": _("mean %(value)s"), "low": _("lower limit %(value)s")}
        return [_level(alarm, alarm.facts.get(name), text, is_limit=name != "centre") for name, text in names.items()]
    if alarm.kind == Kind.GOAL:
        targets = (alarm.goal.target, alarm.goal.target_high) if alarm.goal else ()
        return [_level(alarm, value, _("target %(value)s")) for value in targets if value is not None]
    found = [(alarm.limit, _("limit %(value)s"), True)]
    rule = alarm.rule
    if rule is not None and rule.clear_level not in (None, alarm.limit) and alarm.kind == Kind.THRESHOLD:
        found.append((rule.clear_level, _("over again at %(value)s"), False))
    return [_level(alarm, value, text, is_limit=is_limit) for value, text, is_limit in found if value is not None]


def _level(alarm: Alarm, value: float, text: str, *, is_limit: bool = True) -> Level:
    return Level(value=value, text=text % {"value": words.amount(alarm, value)}, is_limit=is_limit)
