"""What people say about a goal beside what was judged of it. Neither ever changes the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from goals import lines
from goals.changes import NotPossibleError
from goals.confidence import apart
from goals.models import CheckIn, Goal
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

ADDS: Final = "goals.add_checkin"
PER_PAGE: Final = 10
_SAME: Final = timedelta(minutes=5)
"""The same words from the same person within so long are the same check-in: a form that was sent twice."""
_FIGURES: Final = (
    "target", "value", "value_low", "value_high", "value_n", "value_start", "value_end", "status", "reason",
    "probability",
)  # fmt: skip


class UnexplainedError(NotPossibleError):
    """The person sees the goal differently from what was judged, and does not say why."""


class NotTheirsError(PermissionError):
    """Only the reviewer or the owner, whoever has not written it, acknowledges a check-in."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """The words of a person. `confidence` is one of CheckIn.Confidence."""

    confidence: str
    what_changed: str
    next_step: str
    difference: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckInLine:
    """A check-in as it is shown: person and machine side by side. Empty words where nothing was judged. It
    `is_waiting` until somebody has read it; the reader may be the one whom it waits for."""

    check_in: CheckIn
    person: str
    person_tone: str
    machine: str
    machine_tone: str
    chance: str
    value: str
    is_apart: bool
    is_waiting: bool
    may_acknowledge: bool


def is_theirs(user: User, goal: Goal) -> bool:
    """Whether it is for this person to say something about a goal: for its owner and for managers."""
    return user.has_perm(ADDS) and (goal.owner_id == user.pk or user.has_perm("goals.change_goal"))


def may_check_in(user: User, goal: Goal) -> bool:
    return goal.state == Goal.State.ACTIVE and is_theirs(user, goal)


@transaction.atomic
def check_in(goal_id: int, said: Said, *, by: User, now: datetime) -> CheckIn:
    """Keep what a person says, with the figures of this moment.

    Raises NotPossibleError for a goal that is not active, UnexplainedError where a difference is not explained.
    """
    goal = Goal.objects.select_for_update().get(pk=goal_id)
    if goal.state != Goal.State.ACTIVE:
        message = _("This goal is not active (it is “%(state)s”), so there is nothing to check in on.")
        raise NotPossibleError(message % {"state": goal.get_state_display()})
    if same := _sent_before(goal, said, by, now):
        return same
    if apart(said.confidence, goal.status) and not said.difference:
        message = _("The goal is judged “%(status)s”. Say in a sentence why you see it differently.")
        raise UnexplainedError(message % {"status": goal.get_status_display()})
    goal.checked_in_on = local_day(now, organisation().time_zone)
    goal.confidence = said.confidence
    goal.save(update_fields=["checked_in_on", "confidence"])
    figures = {name: getattr(goal, name) for name in _FIGURES}
    difference = said.difference if apart(said.confidence, goal.status) else ""
    words = {"confidence": said.confidence, "what_changed": said.what_changed, "next_step": said.next_step}
    return CheckIn.objects.create(goal=goal, by=by, at=now, difference=difference, **words, **figures)


def _sent_before(goal: Goal, said: Said, by: User, now: datetime) -> CheckIn | None:
    recent = goal.check_ins.filter(by=by, at__gt=now - _SAME, at__lte=now)
    same = recent.filter(confidence=said.confidence, what_changed=said.what_changed, next_step=said.next_step)
    return same.order_by("-at", "-id").first()


# --- Read by somebody else ----------------------------------------------------------------------------------------
def may_acknowledge(user: User, found: CheckIn, goal: Goal) -> bool:
    """Whoever of reviewer and owner has not written it; where neither is left to do so, a manager who has not."""
    if found.by_id == user.pk or found.acknowledged_at is not None:
        return False
    those = readers(found, goal)
    return user.pk in those if those else user.has_perm("goals.change_goal")


def readers(found: CheckIn, goal: Goal) -> dict[int, User]:
    """For whom it was written, by their ids; nobody where neither reviewer nor owner is left."""
    people = [person for person in (goal.reviewer, goal.owner) if person is not None and person.is_active]
    return {person.pk: person for person in people if person.pk != found.by_id}


def waiting() -> "QuerySet[CheckIn]":
    """Those of active goals that nobody has acknowledged, with their goals and people, the oldest first."""
    rows = CheckIn.objects.filter(acknowledged_at__isnull=True, goal__state=Goal.State.ACTIVE)
    return rows.select_related("goal__owner", "goal__reviewer", "by").defer("goal__course").order_by("at", "id")


def waiting_for(user: User) -> "QuerySet[CheckIn]":
    """Those of them that this person may acknowledge."""
    is_theirs = Q(goal__owner=user) | Q(goal__reviewer=user)
    if user.has_perm("goals.change_goal"):
        no_owner = Q(goal__owner__is_active=False) | Q(goal__owner=F("by"))
        no_reviewer = Q(goal__reviewer=None) | Q(goal__reviewer__is_active=False) | Q(goal__reviewer=F("by"))
        is_theirs |= no_owner & no_reviewer
    return waiting().filter(is_theirs).exclude(by=user)


@transaction.atomic
def acknowledge(check_in_id: int, *, by: User, now: datetime) -> CheckIn:
    """They have read it. Of two the first counts. Raises NotTheirsError."""
    found = CheckIn.objects.select_for_update().get(pk=check_in_id)
    if found.acknowledged_at is not None:
        return found
    if not may_acknowledge(by, found, Goal.objects.select_related("owner", "reviewer").get(pk=found.goal_id)):
        raise NotTheirsError(_("Somebody else reads this check-in."))
    found.acknowledged_by, found.acknowledged_at = by, now
    found.save(update_fields=["acknowledged_by", "acknowledged_at"])
    return found


def unread(goals: Sequence[Goal], since: datetime) -> dict[int, int]:
    """How many check-ins of each of these active goals nobody has acknowledged since then, by the goals' ids. In one
    query."""
    active = [goal.pk for goal in goals if goal.state == Goal.State.ACTIVE]
    rows = CheckIn.objects.filter(goal__in=active, acknowledged_at__isnull=True, at__gte=since).order_by()
    return dict(rows.values_list("goal").annotate(count=Count("pk")))


# --- As they are shown --------------------------------------------------------------------------------------------
def pages_of(goal: Goal) -> "Paginator[CheckIn]":
    """All of them, the last first."""
    return Paginator(goal.check_ins.select_related("by", "acknowledged_by"), PER_PAGE)


def line(found: CheckIn, goal: Goal, reader: User | None) -> CheckInLine:
    """`reader` is the person who looks at it; a document has none."""
    has_chance = found.probability is not None and found.status in lines.TONES
    return CheckInLine(
        check_in=found,
        person=found.get_confidence_display(),
        person_tone=lines.TONES.get(found.confidence, ""),
        machine=lines.status_name(found.status, found.reason),
        machine_tone=lines.TONES.get(found.status, ""),
        chance=lines.chance(found.probability) if has_chance and found.probability is not None else "",
        value=lines.amount(goal, found.value),
        is_apart=bool(apart(found.confidence, found.status)),
        is_waiting=found.acknowledged_at is None and goal.state == Goal.State.ACTIVE,
        may_acknowledge=reader is not None and may_acknowledge(reader, found, goal),
    )
