"""Judging a goal by what was measured."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from goals import calibration, guardrails, judgement
from goals.models import Goal, StatusChange
from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation

logger = logging.getLogger(__name__)

_EVERY: Final = timedelta(hours=1)
_SOON: Final = timedelta(minutes=2)
"""When figures that are being computed may be there."""
_AT_ONCE: Final = 500
_ASKED: Final = (
    "state", "kpi", "dimension", "member", "grain", "clock", "target", "target_high", "start", "due", "baseline",
    "revision", "guardrail", "guardrail_limit", "status", "candidate", "evaluated_at", "milestones_at",
)  # fmt: skip
_JUDGED: Final = (
    "status", "reason", "outlook", "probability", "candidate", "value", "value_low", "value_high", "value_n",
    "value_start", "value_end", "progress", "course", "guardrail_value", "guardrail_n", "guardrail_low",
    "guardrail_high", "guardrail_start", "guardrail_breached", "evaluated_at", "next_evaluation_at",
)  # fmt: skip


def due_ids(now: datetime) -> list[int]:
    """Active goals whose next evaluation is due, those that wait longest first."""
    rows = Goal.objects.filter(state=Goal.State.ACTIVE, next_evaluation_at__lte=now)
    return list(rows.order_by("next_evaluation_at", "id").values_list("pk", flat=True)[:_AT_ONCE])


def evaluate_due(goal_id: int) -> None:
    """Judge a goal if its evaluation is due and nobody else has it in hand: claimed by moving the date."""
    now = timezone.now()
    waiting = Goal.objects.filter(pk=goal_id, state=Goal.State.ACTIVE, next_evaluation_at__lte=now)
    if waiting.update(next_evaluation_at=now + _EVERY):
        evaluate(Goal.objects.get(pk=goal_id), now=now)


def evaluate(goal: Goal, *, now: datetime | None = None) -> Goal:
    """Measure, judge, store, and note a change of status; returns the goal as stored.

    Only active goals are judged. Judging the same figures again changes nothing.
    """
    now = now or timezone.now()
    goal.refresh_from_db()
    if goal.state != Goal.State.ACTIVE:
        return goal
    asked, before = _asked(goal), goal.status
    is_judged = _judge_alone(goal, now)
    goal.next_evaluation_at = now + (_EVERY if is_judged else _SOON)
    if is_judged:
        goal.evaluated_at = now
    with transaction.atomic():
        _store(goal, asked, before)
    return goal


def _judge_alone(goal: Goal, now: datetime) -> bool:
    """A goal that cannot be judged says so, instead of going on to say what it said before."""
    today = local_day(now, organisation().time_zone)
    try:
        is_judged = judgement.judge(goal, today)
        if is_judged:
            guardrails.watch(goal, today)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Goal %s could not be judged.", goal.pk)
        goal.refresh_from_db()
        judgement.fail(goal)
        return True
    return is_judged


def _store(goal: Goal, asked: tuple[Any, ...], before: str) -> None:
    """What somebody changed meanwhile is judged again soon, instead of being overwritten."""
    stored = Goal.objects.select_for_update().filter(pk=goal.pk).first()
    if stored is None or _asked(stored) != asked:
        Goal.objects.filter(pk=goal.pk).update(next_evaluation_at=timezone.now())
        goal.refresh_from_db()
        return
    if goal.status != before:
        StatusChange.objects.create(
            goal=goal,
            before=before,
            after=goal.status,
            reason=goal.reason,
            period_end=goal.value_end,
            value=goal.value,
        )
    goal.save(update_fields=_JUDGED)
    calibration.note(goal)


def _asked(goal: Goal) -> tuple[Any, ...]:
    """What a judgement rests on."""
    return tuple(getattr(goal, name) for name in _ASKED)
