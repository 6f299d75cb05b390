"""Drafts that are made active from outside of their form: what stands in the way, and doing it."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from goals import baseline, changes, evidence, scopes, smart
from goals.changes import NotPossibleError
from goals.models import Goal
from goals.smart import Sheet
from kpiproject.models import User
from metrics.queries import BadQuestion, find

State = Goal.State


class BlockedError(NotPossibleError):
    """The checks do not let the draft become active."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def obstacles(goal: Goal) -> list[str]:
    """What keeps a draft from being made active, each in a sentence. Its baseline is measured as of now; nothing is
    saved."""
    sheet = _sheet(goal)
    if sheet.blocks:
        return [check.text for check in sheet.blocks]
    if sheet.warnings and not goal.smart_note.strip():
        return [_("The checks warn. Say in one sentence why the goal is right nevertheless, or change it.")]
    return []


@transaction.atomic
def activate(goal_id: int, *, by: User | None) -> Goal:
    """Make a draft active with the baseline of this moment. Raises NotPossibleError."""
    Goal.objects.select_for_update().get(pk=goal_id)
    goal = Goal.objects.select_related("objective", "owner", "reviewer").get(pk=goal_id)
    if goal.state != State.DRAFT:
        message = _("It is no draft (it is “%(state)s”).")
        raise NotPossibleError(message % {"state": goal.get_state_display()})
    if reasons := obstacles(goal):
        raise BlockedError(reasons)
    goal.state = State.ACTIVE
    changes.save(goal, by=by, seen=State.DRAFT)
    return goal


def _sheet(goal: Goal) -> Sheet:
    kpi = find(goal.kpi)
    if kpi is not None:
        try:
            scopes.check(kpi, goal.dimension, goal.member)
            baseline.fill(goal)
        except (ValidationError, BadQuestion):
            baseline.write(goal, kpi, baseline.NOTHING)
    return smart.sheet(evidence.facts(goal))
