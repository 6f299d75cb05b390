"""Who may take which step from the draft to an edition; the steps themselves are in manual.approval_states."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.models import User
from kpiproject.people import is_invited
from kpiproject.queries import active_managers, organisation
from manual import announcing, approval_mail, drafts, editions, effect, readiness, rounds
from manual.approval_states import State, Step, possible
from manual.models import Approval, ApprovalEvent, Edition
from manual.rounds import Comment


class NotAllowedError(Exception):
    """A rule of approval forbids it; the message is the sentence to show."""


class NotReadyError(Exception):
    """Key chapters are empty, or the text contradicts what is in force; `problems` tells where."""

    def __init__(self, problems: Sequence[readiness.Problem]) -> None:
        super().__init__(_("The manual is not ready to be published."))
        self.problems = problems


def may_decide() -> list[User]:
    """Managers who can log in."""
    return [person for person in active_managers() if not is_invited(person)]


def reviewers(person: User | None) -> list[User]:
    """Whom a person may ask: every other manager; nobody if there is no other."""
    return [each for each in may_decide() if person is None or each.pk != person.pk]


@transaction.atomic
def submit(*, by: User, reviewer: User | None = None, words: str = "") -> ApprovalEvent:
    """Ask for a review of the text as it is now; of nobody in particular means of every other manager."""
    approval = _round(Step.SUBMIT)
    if reviewer is not None and reviewer.pk not in {person.pk for person in reviewers(by)}:
        raise NotAllowedError(_("Please choose another manager to review it."))
    approval.author, approval.reviewer, approval.approver, approval.is_sole = by, reviewer, None, False
    approval.fingerprint = drafts.fingerprint()
    return _told(rounds.take(approval, Step.SUBMIT, by=by, words=words.strip()))


@transaction.atomic
def withdraw(*, by: User) -> ApprovalEvent:
    return rounds.take(_round(Step.WITHDRAW), Step.WITHDRAW, by=by)


@transaction.atomic
def ask_changes(*, by: User, words: str = "", comments: Sequence[Comment] = ()) -> ApprovalEvent:
    """Give it back with what is to be changed, in all or section by section."""
    approval = _round(Step.ASK)
    given = [comment._replace(text=comment.text.strip()) for comment in comments if comment.text.strip()]
    if not given and not words.strip():
        raise NotAllowedError(_("Please say what is to be changed."))
    return _told(rounds.take(approval, Step.ASK, by=by, words=words.strip(), comments=given))


@transaction.atomic
def approve(*, by: User, seen: str) -> ApprovalEvent:
    """`seen` is the fingerprint of the text that the person has read. Nobody approves what they have submitted, unless
    nobody else could."""
    approval = _round(Step.APPROVE)
    _check_text(approval, seen)
    is_author = approval.author_id is not None and approval.author_id == by.pk
    if is_author and reviewers(by):
        raise NotAllowedError(_("You have submitted this draft. Somebody else has to approve it."))
    approval.approver, approval.is_sole = by, is_author
    return _told(rounds.take(approval, Step.APPROVE, by=by))


def publish(terms: editions.Terms, *, as_of: datetime | None = None) -> Edition:
    """Make an edition of the approved draft. What is approved, and ready, is looked at before and again when it is
    frozen: drafting takes too long to hold everybody else up.

    Raises NotAllowedError, NotReadyError and what editions.publish raises.
    """
    as_of = as_of or timezone.now()
    editions.check_number(terms.number)
    editions.check_computed(as_of)
    _check_publishable(rounds.current())
    found = drafts.draft(as_of)
    if problems := readiness.problems(found):
        raise NotReadyError(problems)
    with transaction.atomic():
        approval = rounds.locked()
        _check_publishable(approval)
        edition = editions.freeze(found, as_of, replace(terms, facts=_facts(approval)))
        approval.edition = edition
        rounds.take(approval, Step.PUBLISH, by=terms.by)
        effect.follow(timezone.now())
        announcing.tell(edition)
    return edition


def _check_publishable(approval: Approval | None) -> None:
    found = approval or Approval()
    _check_possible(found, Step.PUBLISH)
    _check_text(found, found.fingerprint)


def _told(event: ApprovalEvent) -> ApprovalEvent:
    approval_mail.tell(event, others=reviewers(event.approval.author))
    return event


def _round(step: Step) -> Approval:
    """The present round, if the step is possible now."""
    approval = rounds.locked()
    _check_possible(approval, step)
    return approval


def _check_possible(approval: Approval, step: Step) -> None:
    if step not in possible(State(approval.state)):
        raise NotAllowedError(_WHY[step](approval.get_state_display()))


def _check_text(approval: Approval, seen: str) -> None:
    if seen != approval.fingerprint or drafts.fingerprint() != approval.fingerprint:
        raise NotAllowedError(
            _("The text has changed since it was submitted. Somebody has to submit it again, so that it is read again.")
        )


def _facts(approval: Approval) -> list[tuple[str, str]]:
    """What stands of the approval on the cover."""
    event = approval.events.filter(step=Step.APPROVE).last()
    when = drafts.moment(event.at if event else timezone.now(), organisation().time_zone)
    author, approver = _name(approval.author), _name(approval.approver)
    if approval.is_sole:
        said = _("%(person)s on %(at)s, who has also submitted it: there was no second manager")
        return [(_("Approved by"), said % {"person": approver, "at": when})]
    return [
        (_("Submitted by"), author),
        (_("Approved by"), _("%(person)s on %(at)s") % {"person": approver, "at": when}),
    ]


def _name(person: User | None) -> str:
    return str(person) if person else _("somebody whose account is gone")


_WHY: Final[Mapping[Step, Callable[[str], str]]] = {
    Step.SUBMIT: lambda state: _("The draft is “%(state)s” already, so it need not be submitted.") % {"state": state},
    Step.WITHDRAW: lambda state: _("The draft is “%(state)s”; there is nothing to take back.") % {"state": state},
    Step.ASK: lambda state: _("The draft is “%(state)s”; changes are asked of one in review.") % {"state": state},
    Step.APPROVE: lambda state: _("The draft is “%(state)s”; only one in review is approved.") % {"state": state},
    Step.PUBLISH: lambda state: (
        _("The draft as it is now has not been approved: it is “%(state)s”. Somebody has to approve it first.")
        % {"state": state}
    ),
}
