"""What must not get worse while a goal is pursued: which goals need that, and whether it still holds.

A guardrail is another KPI with a limit, for whatever the goal is for, and judged by the same weeks or months.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from goals import course, judgement
from goals.baseline import clock_of
from goals.course import Piece
from goals.models import Goal
from goals.progress import is_reached
from metrics.kpi import Better, Family, Kpi, Unit
from metrics.queries import BadQuestion, find

STALE: Final = 4
"""A guardrail that was not measured in so many complete periods is not known any more."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The last complete period that says something; `piece` is None where there is none, or not any more."""

    kpi: Kpi
    clock: str
    piece: Piece | None


def is_needed(kpi: Kpi) -> bool:
    """Whether a KPI is about speed or cost, both of which can be had at the customer's expense: how fast, how long,
    how dear, and how much work comes out of an hour. How many tickets there are is neither."""
    if kpi.family is Family.RESPONSE or kpi.unit is Unit.SECONDS:
        return True
    if kpi.unit in (Unit.MONEY, Unit.DAYS):
        return kpi.better is Better.LOWER
    return kpi.family is Family.WORKLOAD and kpi.unit is not Unit.COUNT


def can_guard(kpi: Kpi) -> bool:
    """Whether it is known of a KPI what would be worse."""
    return kpi.better is not Better.NEITHER and not kpi.needs_dimension


def read(goal: Goal, kpi: Kpi, today: date) -> Reading:
    """What the guardrail is by the goal's weeks or months until it ends."""
    clock = goal.guardrail_clock or clock_of(kpi)
    scope = replace(judgement.scope_of(goal, kpi), clock=clock)
    before = min(today, goal.due + course.DAY) if goal.due else today
    period = course.window(scope, before=before, today=today, most=STALE)
    try:
        found = course.pieces(scope, period)
    except BadQuestion:  # such as business time without a calendar
        found = []
    return Reading(kpi=kpi, clock=clock, piece=found[-1] if found else None)


def watch(goal: Goal, today: date) -> None:
    """Write into the goal whether its guardrail holds; nothing is saved. What cannot be measured is not known. While
    figures are computed it stays as it was."""
    kpi = find(goal.guardrail)
    if kpi is None or goal.guardrail_limit is None or (goal.dimension and goal.dimension not in kpi.dimensions):
        _write(goal, None)
        return
    scope = judgement.scope_of(goal, kpi)
    period = course.window(scope, before=today, today=today, most=STALE)
    if not judgement.is_computing(kpi, period):
        _write(goal, read(goal, kpi, today).piece, kpi)


def holds(value: float, limit: float, kpi: Kpi) -> bool:
    return is_reached(value, limit, kpi.better)


def _write(goal: Goal, piece: Piece | None, kpi: Kpi | None = None) -> None:
    goal.guardrail_value, goal.guardrail_n = (piece.value, max(piece.n, 0)) if piece else (None, 0)
    goal.guardrail_low, goal.guardrail_high = (piece.low, piece.high) if piece else (None, None)
    goal.guardrail_start = piece.start if piece else None
    goal.guardrail_breached = None
    if piece is not None and kpi is not None and goal.guardrail_limit is not None:
        goal.guardrail_breached = not holds(piece.value, goal.guardrail_limit, kpi)
