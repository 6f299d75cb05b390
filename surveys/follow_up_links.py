"""The link by which one person takes one follow-up, out of a mail and without logging in."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse

from kpiproject.lib import tokens
from kpiproject.lib.tokens import BadToken
from kpiproject.models import User
from surveys import follow_up_rules
from surveys.models import FollowUp

_PURPOSE: Final = "follow-up"
LIVES_FOR: Final = timedelta(days=14)


class DeadLinkError(Exception):
    """The link was changed or is too old, or the person may no longer take care of anything."""


def take_url(follow_up_id: int, person_id: int) -> str:
    signed = tokens.sign(_PURPOSE, [follow_up_id, person_id])
    return settings.BASE_URL + reverse("surveys:follow_up_take", args=[signed])


def is_ours(signed: str) -> bool:
    """Whether we once made this link, however long ago and for whomever."""
    try:
        tokens.unsign(_PURPOSE, signed)
    except BadToken:
        return False
    return True


def find(signed: str) -> tuple[FollowUp, User]:
    """Whose link it is, and about what. Raises DeadLinkError."""
    try:
        follow_up_id, person_id = tokens.unsign(_PURPOSE, signed, LIVES_FOR)
    except BadToken as error:
        raise DeadLinkError from error
    rows = FollowUp.objects.select_related("survey", "contact", "assignee")
    follow_up = rows.filter(pk=follow_up_id).first()
    person = User.objects.filter(pk=person_id).first()
    if follow_up is None or person is None or not follow_up_rules.may_take_care(person):
        raise DeadLinkError
    return follow_up, person
