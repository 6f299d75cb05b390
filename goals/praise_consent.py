"""Praise of people without an account: they say by the link in their mail whether the team may read it, or tell a
manager, who writes down what they said. Until then nobody else reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from goals.changes import NotPossibleError
from goals.models import Praise
from kpiproject.lib import tokens
from kpiproject.lib.tokens import BadToken
from kpiproject.models import User

_PURPOSE: Final = "praise"
LIVES_FOR: Final = timedelta(days=30)
LOOK_BACK: Final = timedelta(days=90)
State = Praise.State
SAID: Final = {"share": State.SHARED, "keep": State.KEPT}
_PASSED_ON: Final = (State.SHOWN, State.SHARED, State.KEPT)


class DeadLinkError(Exception):
    """The link is too old, or its praise is gone."""


class ForgedLinkError(Exception):
    """We never made this link."""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Praise that was passed on to somebody without an account, and what they have said; `said` is empty before."""

    praise: Praise
    said: str
    is_theirs: bool  # they have said it themselves, by the link


# --- By the link in the mail --------------------------------------------------------------------------------------
def url(praise: Praise) -> str:
    """For whom the praise is about, and nobody else."""
    return settings.BASE_URL + reverse("goals:praise_mail", args=[tokens.sign(_PURPOSE, praise.pk)])


def find(signed: str) -> Praise:
    """Raises ForgedLinkError, and DeadLinkError for one that is too old or leads nowhere any more."""
    try:
        tokens.unsign(_PURPOSE, signed)
    except BadToken as error:
        raise ForgedLinkError from error
    try:
        pk = tokens.unsign(_PURPOSE, signed, LIVES_FOR)
    except BadToken as error:
        raise DeadLinkError from error
    found = _of_agents().filter(pk=pk).first()
    if found is None:
        raise DeadLinkError
    return found


def say(praise: Praise, answer: str, *, now: datetime) -> None:
    """Share it or keep it; they may change their mind as long as the link lives."""
    _of_agents().filter(pk=praise.pk).update(state=SAID[answer], decided_at=now, recorded_by=None)


# --- Through a manager --------------------------------------------------------------------------------------------
def passed_on(now: datetime) -> list[Passed]:
    """Of the last months, what nobody has decided about first, the newest first among equals. In one query."""
    place = Case(When(state=State.SHOWN, then=Value(0)), default=Value(1))
    rows = _of_agents().filter(at__gt=now - LOOK_BACK).select_related("agent", "recorded_by")
    return [_passed(praise) for praise in rows.order_by(place, "-at", "-id")[:50]]


@transaction.atomic
def record(praise_id: int, answer: str, *, by: User, now: datetime) -> Praise:
    """Write down what somebody has told a manager. Raises Praise.DoesNotExist for any other praise, and
    NotPossibleError where they themselves want to keep what would be shared."""
    found = _of_agents().select_for_update(of=("self",)).get(pk=praise_id)
    is_theirs = found.decided_at is not None and found.recorded_by_id is None
    if found.state == State.KEPT and is_theirs and answer == "share":
        raise NotPossibleError(_("They have said themselves that they want to keep it. Only they can share it."))
    found.state, found.decided_at, found.recorded_by = SAID[answer], now, by
    found.save(update_fields=["state", "decided_at", "recorded_by"])
    return found


def _of_agents() -> "QuerySet[Praise]":
    """What was passed on to people without an account."""
    return Praise.objects.filter(agent__isnull=False, person__isnull=True, state__in=_PASSED_ON)


def _passed(praise: Praise) -> Passed:
    said = {State.SHARED: "share", State.KEPT: "keep"}.get(State(praise.state), "")
    is_theirs = praise.decided_at is not None and praise.recorded_by_id is None
    return Passed(praise=praise, said=said, is_theirs=is_theirs)
