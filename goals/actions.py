"""Decisions, and who does what by when. What was agreed is kept; only how it went changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import countdown
from goals.changes import NotPossibleError
from goals.models import Action, Decision, Goal, Review
from kpiproject.models import User

State = Action.State
OPEN, OVERDUE = "open", "overdue"
SHELVES: Final[Mapping[str, str | Promise]] = {
    OPEN: gettext_lazy("open"),
    OVERDUE: gettext_lazy("overdue"),
    "done": gettext_lazy("done"),
    "dropped": gettext_lazy("dropped"),
    "all": gettext_lazy("all"),
}


@dataclass(frozen=True, kw_only=True)
class ActionLine:
    """An action as it is shown. `is_ownerless`: whoever was to do it can no longer log in."""

    action: Action
    when: str
    is_overdue: bool
    is_ownerless: bool


def every_action() -> "QuerySet[Action]":
    return Action.objects.select_related("owner", "review", "goal", "ended_by")


def open_actions() -> "QuerySet[Action]":
    """The earliest due first."""
    return every_action().filter(state=State.OPEN).order_by("due", "id")


def on_shelf(shelf: str, *, owner: int | None, today: date) -> "QuerySet[Action]":
    """What is to be done by its day; what has ended, the last first."""
    wanted = {
        OPEN: Q(state=State.OPEN),
        OVERDUE: Q(state=State.OPEN, due__lt=today),
        "done": Q(state=State.DONE),
        "dropped": Q(state=State.DROPPED),
        "all": Q(),
    }[shelf]
    found = every_action().filter(wanted)
    found = found.filter(owner=owner) if owner else found
    return found.order_by("due", "id") if shelf in (OPEN, OVERDUE) else found.order_by("-due", "-id")


def of_goal(goal: Goal, today: date) -> list[ActionLine]:
    """Those that are open first."""
    found = [line(action, today) for action in every_action().filter(goal=goal).order_by("due", "id")]
    return sorted(found, key=lambda one: one.action.state != State.OPEN)


def of_review(review: Review, today: date) -> list[ActionLine]:
    return [line(action, today) for action in every_action().filter(review=review).order_by("due", "id")]


def line(action: Action, today: date) -> ActionLine:
    is_open = action.state == State.OPEN
    return ActionLine(
        action=action,
        when=countdown.until(action.due, today),
        is_overdue=is_open and action.due < today,
        is_ownerless=is_open and not action.owner.is_active,
    )


def may_settle(user: User, action: Action) -> bool:
    """Whoever does it says that it is done; managers may, too."""
    return action.owner_id == user.pk or user.has_perm("goals.change_action")


# --- What is agreed -----------------------------------------------------------------------------------------------
@transaction.atomic
def decide(review_id: int, text: str, *, by: User, now: datetime) -> Decision:
    """Raises NotPossibleError for a review that was cancelled. The same words twice are one decision."""
    review = _open_review(review_id)
    return Decision.objects.get_or_create(review=review, text=text, defaults={"by": by, "at": now})[0]


@transaction.atomic
def add(action: Action, *, by: User, today: date) -> Action:
    """Store a new action. Raises NotPossibleError where nobody could do it in time."""
    if action.review_id is not None:
        _open_review(action.review_id)
    _check(action, today)
    same = {"what": action.what, "owner": action.owner, "due": action.due, "review": action.review}
    if found := Action.objects.filter(**same, goal=action.goal, state=State.OPEN).first():
        return found  # the form was sent twice
    action.created_by = by
    action.save()
    return action


@transaction.atomic
def change(action: Action, *, today: date) -> Action:
    """Other words, another person, another day. Raises NotPossibleError for one that has ended meanwhile."""
    stored = Action.objects.select_for_update().get(pk=action.pk)
    if stored.state != State.OPEN:
        raise NotPossibleError(_ended(stored))
    if action.due != stored.due or action.owner_id != stored.owner_id:
        _check(action, today)
    action.save(update_fields=["what", "owner", "due", "goal"])
    return action


def _open_review(review_id: int) -> Review:
    review = Review.objects.select_for_update().get(pk=review_id)
    if review.state == Review.State.CANCELLED:
        raise NotPossibleError(_("The review was cancelled, so nothing can be decided in it."))
    return review


def _check(action: Action, today: date) -> None:
    if not action.owner.is_active:
        message = _("%(person)s can no longer log in. Choose somebody who will do it.")
        raise NotPossibleError(message % {"person": action.owner})
    if action.due < today:
        raise NotPossibleError(_("This day is over. Choose today or a day to come."))


# --- How it went --------------------------------------------------------------------------------------------------
@transaction.atomic
def end(action_id: int, state: str, *, note: str, by: User, now: datetime) -> Action:
    """Done, or dropped with the reason in the note. The same twice changes nothing; else NotPossibleError."""
    action = Action.objects.select_for_update().get(pk=action_id)
    if action.state == state:
        return action
    if action.state != State.OPEN:
        raise NotPossibleError(_ended(action))
    if state == State.DROPPED and not note:
        raise NotPossibleError(_("Say in a few words why it is not done."))
    action.state, action.note, action.ended_at, action.ended_by = state, note, now, by
    action.save(update_fields=["state", "note", "ended_at", "ended_by"])
    return action


@transaction.atomic
def reopen(action_id: int) -> Action:
    """It was not done after all; what was noted stays until it ends again."""
    action = Action.objects.select_for_update().get(pk=action_id)
    action.state, action.ended_at, action.ended_by = State.OPEN, None, None
    action.save(update_fields=["state", "ended_at", "ended_by"])
    return action


def _ended(action: Action) -> str:
    words = {"state": action.get_state_display(), "person": action.ended_by or _("somebody")}
    return _("Meanwhile %(person)s has said that this action is %(state)s.") % words
