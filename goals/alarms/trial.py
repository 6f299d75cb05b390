"""What a rule would have done lately, so that whoever writes it down sees at once whether it cries wolf."""

from dataclasses import dataclass
from datetime import datetime

from goals.alarms import keeping, lifecycle, readings
from goals.alarms.lifecycle import Memory
from goals.alarms.series import LONG, Series
from goals.models import AlertRule
from kpiproject.queries import organisation
from metrics.queries import BadQuestion


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How many alarms there would have been in so many complete periods with data."""

    alarms: int
    periods: int


def trial(rule: AlertRule, now: datetime) -> Trial | None:
    """By the very machine that runs; None for what is not judged by periods, and where nothing was measured."""
    if rule.kind not in readings.FIGURES or readings.problem(rule):
        return None
    series = Series(organisation(), now)
    try:
        group = readings.group_of(rule)
        pieces = series.pieces(group, [rule.member], series.window(group, LONG[group.grain]))[rule.member]
    except BadQuestion:
        return None
    memory, alarms, policy = Memory(), 0, keeping.policy(rule)
    for reading in readings.of_pieces(rule, group, pieces, first=0):
        after = lifecycle.observe(memory, reading.verdict, key=reading.key, policy=policy, now=now)
        alarms += after.is_firing and not memory.is_firing
        memory = after
    measured = sum(piece.value is not None for piece in pieces)
    return Trial(alarms=alarms, periods=measured) if measured else None
