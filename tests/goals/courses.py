"""Courses of goals, as their evaluation stores them."""

from collections.abc import Sequence
from datetime import date, timedelta

from goals.models import Goal
from tests.factories import GoalFactory

FIRST = date(2026, 1, 5)
"""A Monday."""
SHIFTED = [86, 88, 85, 87, 89, 86, 84, 88, 91, 92, 90, 93, 91, 92, 93, 92]
"""From the ninth week on another process."""


def week(number: int) -> date:
    return FIRST + timedelta(days=7 * number)


def pieces(values: Sequence[float], ns: Sequence[int] | None = None) -> list[dict[str, object]]:
    """A week of each value, from the first Monday of 2026 on."""
    return [
        {
            "start": week(number).isoformat(),
            "end": week(number + 1).isoformat(),
            "value": float(value),
            "low": None,
            "high": None,
            "n": ns[number] if ns else 50,
        }
        for number, value in enumerate(values)
    ]


def goal(values: Sequence[float], *, ns: Sequence[int] | None = None, **other: object) -> Goal:
    known = {"course": pieces(values, ns), "start": FIRST, "target": 90.0, "baseline": 70.0}
    found: Goal = GoalFactory(**known | other)
    return found
