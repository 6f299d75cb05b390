"""Stakeholders leave all mails about alarms by themselves. The address in their mail is the credential, and never
expires."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from goals.models import AlarmLeft, AlarmNotice, Stakeholder
from kpiproject import mail
from kpiproject.lib import tokens
from kpiproject.models import Mail

_PURPOSE: Final = "alarm-unsubscribe"


def url(stakeholder: Stakeholder) -> str:
    return settings.BASE_URL + reverse("goals:alarm_unsubscribe", args=[tokens.sign(_PURPOSE, stakeholder.pk)])


def headers(stakeholder: Stakeholder) -> dict[str, str]:
    """By which mail programs unsubscribe with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url(stakeholder)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def find(token: str) -> Stakeholder | None:
    """None for what we did not sign, and for somebody who no longer exists."""
    try:
        return Stakeholder.objects.filter(pk=tokens.unsign(_PURPOSE, token)).first()
    except tokens.BadToken:
        return None


def has_left(stakeholder: Stakeholder) -> bool:
    return AlarmLeft.objects.filter(stakeholder=stakeholder).exists()


@transaction.atomic
def leave(stakeholder: Stakeholder) -> None:
    """Tell them of no alarm any more, and cancel their mails that could still leave; twice is as once."""
    AlarmLeft.objects.get_or_create(stakeholder=stakeholder)
    theirs = AlarmNotice.objects.filter(stakeholder=stakeholder, mail__isnull=False)
    mail.cancel(Mail.objects.filter(pk__in=theirs.values("mail_id")))
