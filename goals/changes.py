"""What people do to goals: write them down, move a target, measure again. How one ends is in `close_out`."""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goals import baseline, baseline_words, targets
from goals.models import Goal, TargetChange
from kpiproject.models import User
from metrics import queries
from metrics.queries import BadQuestion, find

State = Goal.State
_BASELINE: Final = (
    "baseline", "baseline_low", "baseline_high", "baseline_n", "baseline_start", "baseline_end", "baseline_at",
    "clock", "direction", "revision", "outlook",
)  # fmt: skip
_WRITTEN: Final = (
    "statement", "objective", "owner", "reviewer", "state", "target", "target_high", "direction", "check_in_cadence",
    "review_cadence", "guardrail", "guardrail_limit", "guardrail_clock", "has_incentive", "smart_note",
    "next_evaluation_at",
)  # fmt: skip
_DRAFTED: Final = (*_WRITTEN, *_BASELINE, "kpi", "dimension", "member", "grain", "start", "due")
_UNJUDGED: Final = {"status": "", "reason": "", "candidate": "", "probability": None}
_ANEW: Final = {"is_anew": True}
_MEASURED_AGAIN: Final = ("definition_changed", "no_calendar")


class NotPossibleError(ValueError):
    """What was asked for does not fit the goal as it is; the message is a sentence for the reader."""


@transaction.atomic
def save(goal: Goal, *, by: User | None, why: str = "", seen: str = "") -> None:
    """Store what a form has changed, and nothing that a judgement may have written meanwhile. Judged again at once.

    `seen` is the state that the form was built on: NotPossibleError if somebody has closed the goal since, or the like.
    """
    goal.next_evaluation_at = timezone.now()
    if goal.pk is None:
        goal.created_by = by
        goal.save()
        return
    stored = _as_seen(goal, seen or None)
    if stored.state == State.ACTIVE and goal.state != State.ACTIVE:
        raise NotPossibleError(
            _("An active goal is ended on its own page, with a reason: choose “Close this goal” there.")
        )
    if stored.state == State.DRAFT:
        _set(goal, _UNJUDGED)
        goal.save(update_fields=[*_DRAFTED, *_UNJUDGED])
        return
    names = list(_WRITTEN)
    if goal.has_kpi and (stored.target, stored.target_high) != (goal.target, goal.target_high):
        _move_target(goal, stored, by=by, why=why)
        names += ["outlook", "candidate"]
    goal.save(update_fields=names)


@transaction.atomic
def check_unchanged(goal: Goal, seen: str) -> None:
    """NotPossibleError if the goal's state is another one; else it stays until the caller's transaction is over."""
    _as_seen(goal, seen)


def _as_seen(goal: Goal, seen: str | None) -> Goal:
    stored = Goal.objects.select_for_update().get(pk=goal.pk)
    if seen is not None and stored.state != seen:
        message = _("Meanwhile somebody has changed the state of this goal to “%(state)s”. Open it again.")
        raise NotPossibleError(message % {"state": stored.get_state_display()})
    return stored


def _move_target(goal: Goal, stored: Goal, *, by: User | None, why: str) -> None:
    TargetChange.objects.create(
        goal=goal,
        before=stored.target,
        after=goal.target,
        before_high=stored.target_high,
        after_high=goal.target_high,
        reason=why,
        by=by,
    )
    goal.outlook, goal.candidate = stored.outlook | _ANEW, ""
    if kpi := find(goal.kpi):
        goal.direction = baseline.direction(kpi, goal)


@transaction.atomic
def measure_again(goal: Goal) -> None:
    """Replace the baseline of a draft, or of a goal that can no longer be compared with it. Raises NotPossibleError."""
    goal = _locked(goal)
    if not goal.has_kpi:
        raise NotPossibleError(_("It has milestones and no KPI, so there is no baseline to measure."))
    is_stuck, keeps = goal.state == State.ACTIVE and goal.reason in _MEASURED_AGAIN, goal.was_met
    if goal.state != State.DRAFT and not is_stuck:
        raise NotPossibleError(_("The baseline stays as it was when the goal was made active."))
    try:
        kpi = queries.find_kpi(goal.kpi)
        found = baseline.fill(goal)
        # What a draft is to become is still open; an active goal stays what it is.
        keeps = keeps if is_stuck else goal.was_met
        targets.check(goal, kpi, goal.target, goal.target_high, keeps=keeps)
    except BadQuestion as error:
        raise NotPossibleError(str(error)) from error
    except ValidationError as error:
        raise NotPossibleError(" ".join(error.messages)) from error
    if is_stuck and found.value is None:
        raise NotPossibleError(baseline_words.no_baseline(goal))
    goal.outlook |= _ANEW
    goal.next_evaluation_at = timezone.now()
    goal.save(update_fields=[*_BASELINE, "next_evaluation_at"])


@transaction.atomic
def delete_draft(goal: Goal) -> None:
    """It is gone for good. Raises NotPossibleError for what was once active."""
    stored = _locked(goal)
    if reason := not_deletable(stored):
        raise NotPossibleError(reason)
    stored.delete()


def not_deletable(goal: Goal) -> str:
    """Why a goal cannot be deleted, in a sentence; empty for a draft."""
    if goal.state == State.DRAFT:
        return ""
    message = _(
        "Only drafts can be deleted, and it is “%(state)s”: close or cancel it on its page, and it can be read."
    )
    return message % {"state": goal.get_state_display()}


def _locked(goal: Goal) -> Goal:
    """As it is now, and stays until the transaction is over; the caller's goal is brought up to date."""
    Goal.objects.select_for_update().get(pk=goal.pk)
    goal.refresh_from_db()
    return goal


def _set(goal: Goal, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(goal, name, value)
