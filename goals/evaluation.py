"""Judging a goal by what was measured."""

from datetime import datetime

from goals.models import Goal


def due_ids(now: datetime) -> list[int]:
    """Active goals whose next evaluation is due."""
    raise NotImplementedError


def evaluate_due(goal_id: int) -> None:
    """Judge a goal if its evaluation is due and nobody else has it in hand: claimed by moving the date."""
    raise NotImplementedError


def evaluate(goal: Goal, *, now: datetime | None = None) -> Goal:
    """Measure, judge, store, and note a change of status; returns the goal as stored."""
    raise NotImplementedError
