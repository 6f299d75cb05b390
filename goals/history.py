"""How a goal's status changed, in words."""

from dataclasses import dataclass

from goals import lines
from goals.models import Goal, StatusChange


@dataclass(frozen=True, kw_only=True)
class StatusLine:
    """`before` is empty where there was none."""

    change: StatusChange
    after: str
    before: str
    tone: str
    value: str


def status_changes(goal: Goal) -> list[StatusLine]:
    """The last one first. What was before has its words from the change that led there."""
    found: list[StatusLine] = []
    reason = ""
    for change in reversed(goal.status_changes.all()):
        line = StatusLine(
            change=change,
            after=lines.status_name(change.after, change.reason),
            before=lines.status_name(change.before, reason),
            tone=lines.TONES.get(change.after, ""),
            value=lines.amount(goal, change.value),
        )
        found.append(line)
        reason = change.reason
    return found[::-1]
