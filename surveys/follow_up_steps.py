"""What people do with a follow-up: new → taken → contacted → resolved or no answer, each step with who and when."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.models import User
from surveys import answers, follow_up_rules
from surveys.follow_ups import forget_question
from surveys.models import FollowUp, FollowUpNote, Recovery

State, Kind = FollowUp.State, FollowUpNote.Kind
WAYS: Final = {
    "phone": gettext_lazy("by phone"),
    "mail": gettext_lazy("by mail"),
    "chat": gettext_lazy("by chat"),
    "ticket": gettext_lazy("in the ticket"),
    "person": gettext_lazy("in person"),
}
"""How a customer was contacted."""


class StepRefusedError(Exception):
    """Why a step cannot be made, in a sentence for whoever wanted to."""


def take(follow_up_id: int, by: User, *, now: datetime | None = None) -> FollowUp:
    """This person takes care from now on. Whoever has it already changes nothing by taking it again.

    Raises StepRefusedError, which names who was faster.
    """
    at = now or timezone.now()
    with transaction.atomic():
        follow_up = _locked(follow_up_id)
        if follow_up.state == State.NEW:
            _take(follow_up, by, at)
        elif not follow_up.is_open:
            raise StepRefusedError(_("It is closed already: %(state)s.") % {"state": follow_up.get_state_display()})
        elif follow_up.assignee_id != by.pk:
            raise StepRefusedError(_("%(person)s takes care of it already.") % {"person": _carer(follow_up)})
    return follow_up


def hand_over(follow_up_id: int, to: User, *, by: User, text: str = "", now: datetime | None = None) -> FollowUp:
    """Somebody else is to take care; they are told, unless they do it to themselves. Raises StepRefusedError."""
    at = now or timezone.now()
    if not follow_up_rules.may_take_care(to):
        raise StepRefusedError(_("%(person)s cannot take care of follow-ups.") % {"person": to})
    with transaction.atomic():
        follow_up = _locked(follow_up_id)
        _check(follow_up, FollowUp.OPEN_STATES)
        if follow_up.assignee_id == to.pk:
            raise StepRefusedError(_("%(person)s takes care of it already.") % {"person": to})
        follow_up.assignee = to
        follow_up.save(update_fields=["assignee"])
        words = _("to %(person)s") % {"person": to}
        _note(follow_up, Kind.HANDED, by, f"{words}\n{text}".strip(), at, is_to_tell=to.pk != by.pk)
    return follow_up


def contacted(follow_up_id: int, *, by: User, how: str, text: str = "", now: datetime | None = None) -> FollowUp:
    """The customer was contacted, in one of WAYS; the first time counts. Raises StepRefusedError."""
    at = now or timezone.now()
    with transaction.atomic():
        follow_up = _locked(follow_up_id)
        _check(follow_up, FollowUp.OPEN_STATES)
        if follow_up.state == State.NEW:
            _take(follow_up, by, at)
        if follow_up.contacted_at is None:
            follow_up.contacted_at = at
            answers.journal([follow_up.one_day_at])
        follow_up.state = State.CONTACTED
        follow_up.save(update_fields=["state", "contacted_at"])
        _note(follow_up, Kind.CONTACTED, by, f"{WAYS[how]}\n{text}".strip(), at)
    return follow_up


def resolve(follow_up_id: int, *, by: User, text: str = "", now: datetime | None = None) -> FollowUp:
    """Settled. The customer is asked some time later whether it was. Raises StepRefusedError."""
    at = now or timezone.now()
    with transaction.atomic():
        follow_up = _close(follow_up_id, State.RESOLVED, Kind.RESOLVED, by, text, at)
        if follow_up.contact_id is not None:
            delay = timedelta(hours=follow_up_rules.rules().recovery_after_hours)
            Recovery.objects.create(follow_up=follow_up, ask_at=at + delay)
    return follow_up


def give_up(follow_up_id: int, *, by: User, text: str = "", now: datetime | None = None) -> FollowUp:
    """The customer did not answer. Raises StepRefusedError."""
    with transaction.atomic():
        return _close(follow_up_id, State.NO_ANSWER, Kind.NO_ANSWER, by, text, now or timezone.now())


def reopen(follow_up_id: int, *, by: User, text: str = "", now: datetime | None = None) -> FollowUp:
    """Somebody goes on with a closed one, and takes care of it. Raises StepRefusedError."""
    at = now or timezone.now()
    with transaction.atomic():
        follow_up = _locked(follow_up_id)
        _check(follow_up, FollowUp.CLOSED_STATES)
        follow_up.state, follow_up.closed_at = State.TAKEN, None
        follow_up.assignee, follow_up.taken_at = by, at
        [times] = follow_up_rules.deadlines([at], follow_up_rules.rules())
        follow_up.due_at, follow_up.due_clock = times.due_at, times.clock
        follow_up.save(update_fields=["state", "closed_at", "assignee", "taken_at", "due_at", "due_clock"])
        forget_question(follow_up)
        _note(follow_up, Kind.REOPENED, by, text, at)
    return follow_up


def write(follow_up_id: int, *, by: User, text: str, now: datetime | None = None) -> FollowUp:
    """Only a note."""
    with transaction.atomic():
        follow_up = _locked(follow_up_id)
        _note(follow_up, Kind.NOTE, by, text, now or timezone.now())
    return follow_up


def possible(follow_up: FollowUp, person: User) -> list[str]:
    """The steps that can be made now, the most likely one first."""
    if follow_up.state == State.NEW:
        return ["take", "contacted", "hand_over", "note"]
    if follow_up.state == State.TAKEN:
        ends = [] if follow_up.is_reachable else ["resolve"]
        others = [] if follow_up.assignee_id == person.pk else ["take_over"]
        return [*others, "contacted", *ends, "hand_over", "note"]
    if follow_up.state == State.CONTACTED:
        return ["resolve", "give_up", "contacted", "hand_over", "note"]
    return ["reopen", "note"]


def _locked(follow_up_id: int) -> FollowUp:
    """Alone: what is joined to a row that somebody else has just changed is what it was before, on PostgreSQL."""
    return FollowUp.objects.select_for_update().get(pk=follow_up_id)


def _take(follow_up: FollowUp, by: User, at: datetime) -> None:
    follow_up.state, follow_up.assignee, follow_up.taken_at = State.TAKEN, by, at
    follow_up.save(update_fields=["state", "assignee", "taken_at"])
    _note(follow_up, Kind.TAKEN, by, "", at)


def _close(follow_up_id: int, state: str, kind: str, by: User, text: str, at: datetime) -> FollowUp:
    """Whoever could be contacted has to be before it ends; where there is nobody, taking it is enough."""
    follow_up = _locked(follow_up_id)
    is_enough = not follow_up.is_reachable and state == State.RESOLVED
    _check(follow_up, (State.TAKEN, State.CONTACTED) if is_enough else (State.CONTACTED,))
    follow_up.state, follow_up.closed_at = state, at
    follow_up.save(update_fields=["state", "closed_at"])
    _note(follow_up, kind, by, text, at)
    return follow_up


def _check(follow_up: FollowUp, states: tuple[str, ...]) -> None:
    if follow_up.state not in states:
        sentence = _REFUSALS.get(follow_up.state, _REFUSALS[State.NEW])
        raise StepRefusedError(sentence() % {"state": follow_up.get_state_display()})


_REFUSALS: Final[Mapping[str, Callable[[], str]]] = {
    State.NEW: lambda: _("Nobody has contacted the customer yet; note first how that was done."),
    State.TAKEN: lambda: _("Nobody has contacted the customer yet; note first how that was done."),
    State.CONTACTED: lambda: _("It is not closed (it is: %(state)s)."),
    State.RESOLVED: lambda: _("It is closed already: %(state)s."),
    State.NO_ANSWER: lambda: _("It is closed already: %(state)s."),
}


def _carer(follow_up: FollowUp) -> str:
    return str(follow_up.assignee) if follow_up.assignee else _("Somebody who has left")


def _note(follow_up: FollowUp, kind: str, by: User, text: str, at: datetime, *, is_to_tell: bool = False) -> None:
    FollowUpNote.objects.create(follow_up=follow_up, kind=kind, by=by, text=text.strip(), at=at, is_to_tell=is_to_tell)
