"""Where the draft stands on its way to an edition, and each step that it has taken."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from kpiproject.models import User
from manual.approval_states import OPEN, State, Step, after
from manual.models import Approval, ApprovalComment, ApprovalEvent


class Comment(NamedTuple):
    """What is to be changed in a section; an empty slug means the manual as a whole."""

    slug: str
    title: str
    text: str


def current() -> Approval | None:
    """The round that may still become an edition; none before somebody submits the draft."""
    found = Approval.objects.select_related("author", "reviewer", "approver").order_by("-number").first()
    return found if found is not None and found.state in OPEN else None


def state() -> State:
    found = current()
    return State(found.state) if found else State.DRAFT


def locked() -> Approval:
    """The present round to take a step with, a new one if there is none; call it in a transaction.

    Two who begin a round at once get the same number, and the second an IntegrityError.
    """
    last = Approval.objects.select_for_update().order_by("-number").first()
    if last is not None and last.state in OPEN:
        return last
    return Approval.objects.create(number=last.number + 1 if last else 1)


def take(
    approval: Approval, step: Step, *, by: User | None, words: str = "", comments: Sequence[Comment] = ()
) -> ApprovalEvent:
    """Take a step and keep it. Raises NotNowError before anything is stored."""
    approval.state = after(State(approval.state), step)
    approval.changed_at = timezone.now()
    approval.save()
    event = ApprovalEvent.objects.create(
        approval=approval, step=step, state=approval.state, words=words, by=by, at=approval.changed_at
    )
    ApprovalComment.objects.bulk_create(ApprovalComment(event=event, **comment._asdict()) for comment in comments)
    return event


def edited(*, by: User | None, what: str) -> ApprovalEvent | None:
    """The text or the order has changed: what was in review or approved is a draft again. The step, if it was."""
    with transaction.atomic():
        last = Approval.objects.select_for_update().order_by("-number").first()
        if last is None or last.state not in (State.IN_REVIEW, State.APPROVED):
            return None
        return take(last, Step.EDIT, by=by, words=what)
