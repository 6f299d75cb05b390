"""The complete periods of a figure, as far as they can be relied on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from kpiproject.lib.periods import Grain, Period, grain_end, grain_start
from kpiproject.queries import organisation
from metrics import basis, queries
from metrics.definitions import in_turn, once
from metrics.kpi import Kpi, Mean, Ratio, Stock, Total
from metrics.queries import BadQuestion, Freshness, Point, Question

LEAST_ROWS: Final = 5
"""Shares, scores and medians of fewer rows say nothing about a period: of four answers, one more unhappy customer is
25 points. Numbers of tickets and levels need no such limit, because they rest on nothing but themselves."""
_SHARED: Final = (Mean, Ratio, Stock, Total)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which figure is meant: a KPI, for everybody or for one member of a dimension, by the organisation's weeks or
    months."""

    kpi: Kpi
    dimension: str
    member: str
    grain: Grain
    clock: str
    zone: str
    week_start: int

    @property
    def adds_up(self) -> bool:
        """Whether it is a number by itself, of which 0 is as good a value as any."""
        return self.kpi.shape in (Total, Stock)

    def question(self, start: date, end: date, grain: Grain) -> Question:
        where = {self.dimension: [self.member]} if self.dimension else {}
        return Question(code=self.kpi.code, start=start, end=end, grain=grain, where=where, clock=self.clock)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A complete week or month."""

    start: date
    end: date
    value: float
    low: float | None
    high: float | None
    n: int


def window(scope: Scope, *, before: date, today: date, most: int) -> Period:
    """The last so many weeks or months that are over before a day and whose rows count for good today."""
    settled = today - timedelta(days=scope.kpi.matures_after_days)
    end = grain_start(min(before, settled), scope.grain, scope.week_start)
    start = end
    for _ in range(most):
        start = grain_start(start - DAY, scope.grain, scope.week_start)
    return Period(start, end, scope.zone)


def pieces(scope: Scope, period: Period, *, least_rows: int = LEAST_ROWS) -> list[Piece]:
    """The measured ones of a window's weeks or months, oldest first. Raises BadQuestion."""
    made = _measured(_points(scope, period), scope)
    if scope.adds_up:
        return _within_facts(list(made), scope)
    return [piece for piece in made if piece.n >= least_rows]


def freshness(zone: str) -> Freshness:
    """How far the figures reach, asked once for all goals that are judged together."""
    return once("goals.freshness", lambda: queries.freshness(zone, all_change=not basis.is_current()))


def _points(scope: Scope, period: Period) -> list[Point]:
    """Asked once within a task, however many goals are about the same KPI; of a dimension for all members at once,
    which takes hardly longer than one. Not of medians: those of all members may be approximations where that of one
    is not."""
    about = (scope.kpi.code, scope.dimension, scope.grain, scope.clock, period.start, period.end)
    if scope.dimension and scope.kpi.shape in _SHARED and in_turn():
        members = once(f"goals.course {about}", lambda: _of_members(scope, period))
        if scope.member in members:
            return members[scope.member]
    question = scope.question(period.start, period.end, scope.grain)
    return once(f"goals.course {about} {scope.member}", lambda: queries.told(question).points)


def _of_members(scope: Scope, period: Period) -> dict[str, list[Point]]:
    """By member; empty where there are too many."""
    question = scope.question(period.start, period.end, scope.grain)
    try:
        points = queries.told(replace(question, by=scope.dimension, where={})).points
    except BadQuestion:
        return {}
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point.member or "", []).append(point)
    return found


def steps(scope: Scope, first: date, later: date) -> int:
    """How many weeks or months lie between the beginnings of two of them."""
    if scope.grain is Grain.MONTH:
        return (later.year - first.year) * 12 + later.month - first.month
    return round((later - first).days / 7)


def _measured(points: list[Point], scope: Scope) -> Iterator[Piece]:
    for point in points:
        if point.value is not None:
            start = point.start
            end = grain_end(start, scope.grain, scope.week_start)
            yield Piece(start=start, end=end, value=point.value, low=point.low, high=point.high, n=point.n)


def _within_facts(found: list[Piece], scope: Scope) -> list[Piece]:
    """Without the time before the first fact and after the last one: nothing was recorded then, which is not 0."""
    known = queries.extent(scope.kpi, scope.zone)
    if known is None:
        return []
    return [piece for piece in found if known.start <= piece.start < known.end]


def has_complete_period(grain: Grain, start: date, due: date) -> bool:
    """Whether a whole week or month ends between two days, the second one included, that is not over at the first."""
    return grain_start(due + DAY, grain, organisation().week_start) > start


def after(scope: Scope, start: date) -> date:
    """The first day after the week or month that begins on a day."""
    return grain_end(start, scope.grain, scope.week_start)
