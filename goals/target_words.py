"""A target that was moved, in words."""

from goals import lines
from goals.models import Goal, TargetChange


def both(goal: Goal, change: TargetChange) -> tuple[str, str]:
    """The target before and after; of a range both ends of each."""
    return _target(goal, change.before, change.before_high), _target(goal, change.after, change.after_high)


def _target(goal: Goal, value: float, high: float | None) -> str:
    return lines.amount(goal, value) if high is None else lines.interval(goal, value, high)
