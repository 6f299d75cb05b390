"""Somebody says that an invitation was not meant for them: it is not asked again, and nothing is counted."""

from django.db import transaction
from django.utils import timezone

from surveys import outgoing
from surveys.models import Invitation


def report(invitation: Invitation) -> None:
    """Twice is as once. The invitation ends, so that nobody is reminded; mails and reminders that wait do not leave.

    What was answered already stays: whoever answered was asked.
    """
    now = timezone.now()
    with transaction.atomic():
        fresh = Invitation.objects.filter(pk=invitation.pk, misdirected_at__isnull=True)
        if fresh.update(misdirected_at=now):
            Invitation.objects.filter(pk=invitation.pk, is_answered=False, expires_at__gt=now).update(expires_at=now)
            outgoing.stop(Invitation.objects.filter(pk=invitation.pk))
    invitation.refresh_from_db(fields=["misdirected_at"])
