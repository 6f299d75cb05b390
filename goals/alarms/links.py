"""The link by which one person answers one alarm, out of a mail and without logging in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse

from goals.models import Alarm, AlarmNotice
from kpiproject.lib import tokens
from kpiproject.lib.tokens import BadToken
from kpiproject.models import User

_PURPOSE: Final = "alarm"
LIVES_FOR: Final = timedelta(days=60)


class DeadLinkError(Exception):
    """The link was changed or is too old, the person may no longer log in, or was never told of this alarm."""


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """An alarm, and who was told of it by the mail with this link."""

    alarm: Alarm
    person: User


def url(alarm_id: int, person_id: int) -> str:
    signed = tokens.sign(_PURPOSE, [alarm_id, person_id])
    return settings.BASE_URL + reverse("goals:alarm_mail", args=[signed])


def is_ours(signed: str) -> bool:
    """Whether we once made this link, however long ago and for whomever."""
    try:
        tokens.unsign(_PURPOSE, signed)
    except BadToken:
        return False
    return True


def find(signed: str) -> Addressed:
    """Raises DeadLinkError."""
    try:
        alarm_id, person_id = tokens.unsign(_PURPOSE, signed, LIVES_FOR)
    except BadToken as error:
        raise DeadLinkError from error
    rows = Alarm.objects.select_related("rule", "goal", "acknowledged_by")
    alarm = rows.filter(pk=alarm_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if alarm is None or person is None or not AlarmNotice.objects.filter(alarm=alarm, recipient=person).exists():
        raise DeadLinkError
    return Addressed(alarm=alarm, person=person)
