"""What people do to milestones: write them down, tick one off, take that back. Every change stays to be read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import changes, evaluation, milestones
from goals.changes import NotPossibleError
from goals.milestones import Written
from goals.models import Goal, Milestone, MilestoneChange
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

State, Kind = Goal.State, MilestoneChange.Kind
EARLIEST: Final = timedelta(days=366)
"""Nothing was done longer before the start of its goal than that: then the year is mistyped."""


# --- On the way ---------------------------------------------------------------------------------------------------
@transaction.atomic
def tick(milestone_id: int, on: date, *, by: User | None, now: datetime, note: str = "") -> Goal:
    """It was done on a day. Judged again at once. Raises NotPossibleError; the same sent twice is one."""
    goal, found = _locked(milestone_id)
    _check_day(goal, on, local_day(now, organisation().time_zone))
    if found.done_on is not None:
        if found.done_on == on:
            return goal
        message = _("“%(name)s” is done already, since %(day)s. Take that back first, if the day is wrong.")
        raise NotPossibleError(message % {"name": found, "day": date_format(found.done_on, "DATE_FORMAT")})
    found.done_on, found.done_by, found.note = on, by, note
    found.save(update_fields=["done_on", "done_by", "note"])
    _note(goal, found, Kind.DONE, after=on, reason=note, by=by, at=now)
    return _judged(goal, now)


@transaction.atomic
def undo(milestone_id: int, *, by: User | None, now: datetime, why: str = "") -> Goal:
    """It is not done after all. What was told before stays in the history. Raises NotPossibleError."""
    goal, found = _locked(milestone_id)
    if found.done_on is None:
        return goal
    _note(goal, found, Kind.UNDONE, before=found.done_on, reason=why, by=by, at=now)
    found.done_on, found.done_by, found.note = None, None, ""
    found.save(update_fields=["done_on", "done_by", "note"])
    return _judged(goal, now)


def _locked(milestone_id: int) -> tuple[Goal, Milestone]:
    goal = Goal.objects.select_for_update().get(milestones=milestone_id)
    if goal.state != State.ACTIVE:
        message = _("This goal is not active (it is “%(state)s”), so nothing about its milestones changes.")
        raise NotPossibleError(message % {"state": goal.get_state_display()})
    if goal.has_kpi:
        raise NotPossibleError(_("This goal is judged by a KPI and not by milestones."))
    return goal, Milestone.objects.get(pk=milestone_id)


def _check_day(goal: Goal, on: date, today: date) -> None:
    if on > today:
        raise NotPossibleError(_("That day has not come yet: tell when it was done, today at the latest."))
    if on < goal.start - EARLIEST:
        words = {"start": date_format(goal.start, "DATE_FORMAT")}
        message = _("That is more than a year before the goal starts, on %(start)s. Is the year right?")
        raise NotPossibleError(message % words)


def _judged(goal: Goal, now: datetime) -> Goal:
    """What was being judged meanwhile is not kept: it rests on what was before."""
    Goal.objects.filter(pk=goal.pk).update(milestones_at=now, next_evaluation_at=now)
    return evaluation.evaluate(goal, now=now)


# --- Writing them down --------------------------------------------------------------------------------------------
@transaction.atomic
def save(
    goal: Goal, written: Sequence[Written], *, by: User | None, now: datetime, why: str = "", seen: str = ""
) -> None:
    """Store a goal as `goals.changes.save` does, with its milestones."""
    is_noted = goal.pk is not None and Goal.objects.filter(pk=goal.pk).exclude(state=State.DRAFT).exists()
    changes.save(goal, by=by, why=why, seen=seen)
    if milestones.as_written(goal) != milestones.ordered(written):
        _keep(goal, written, by=by, at=now, why=why, is_noted=is_noted)


def _keep(goal: Goal, written: Sequence[Written], *, by: User | None, at: datetime, why: str, is_noted: bool) -> None:
    """In the order of their days; those that are left out are deleted. Of what was a draft nothing is noted."""
    known = {one.pk: one for one in goal.milestones.all()}
    kept = {one.pk for one in written}
    for pk, milestone in known.items():
        if pk not in kept:
            if is_noted:
                _note(goal, milestone, Kind.REMOVED, before=milestone.due, reason=why, by=by, at=at)
            milestone.delete()
    for position, one in enumerate(milestones.ordered(written)):
        stored = known.get(one.pk) if one.pk is not None else None
        if is_noted:
            _note_written(goal, stored, one, reason=why, by=by, at=at)
        made = stored or Milestone(goal=goal)
        made.position, made.name, made.due = position, one.name, one.due
        made.save()
        if is_noted and stored is None:
            _note(goal, made, Kind.ADDED, after=one.due, reason=why, by=by, at=at)
    count = {} if goal.has_kpi else {"target": float(len(written))}
    Goal.objects.filter(pk=goal.pk).update(milestones_at=at, next_evaluation_at=at, **count)


def _note_written(
    goal: Goal, stored: Milestone | None, one: Written, *, reason: str, by: User | None, at: datetime
) -> None:
    if stored is None:
        return
    if stored.name != one.name:
        renamed = {"name": one.name, "was": stored.name}
        _create(goal, stored, Kind.RENAMED, reason=reason, by=by, at=at, **renamed)
    if stored.due != one.due:
        moved = {"name": one.name, "before": stored.due, "after": one.due}
        _create(goal, stored, Kind.MOVED, reason=reason, by=by, at=at, **moved)


def _note(goal: Goal, found: Milestone, kind: MilestoneChange.Kind, **said: object) -> None:
    _create(goal, found, kind, name=found.name, **said)


def _create(goal: Goal, found: Milestone, kind: MilestoneChange.Kind, **said: object) -> None:
    MilestoneChange.objects.create(goal=goal, milestone=found, kind=kind, **said)
