"""Mails of invitations and reminders that have not left can be stopped."""

from django.db.models import Q, QuerySet

from kpiproject.models import Mail
from surveys.models import Invitation, Reminder

# Also those that a dead worker would leave to another one, and those that somebody could send again by hand.
CAN_LEAVE = Q(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED, Mail.State.FAILED]) | Q(
    state=Mail.State.HANDED_OVER, sent_at__isnull=False
)


def stop(asked: "QuerySet[Invitation]") -> None:
    """Of these invitations and their reminders nothing leaves that could still leave."""
    reminded = Reminder.objects.filter(invitation__in=asked)
    mails = Mail.objects.filter(Q(pk__in=asked.values("mail_id")) | Q(pk__in=reminded.values("mail_id")))
    cancel(mails.filter(CAN_LEAVE))


def cancel(mails: "QuerySet[Mail]") -> None:
    """Without its token, a worker that is sending one of them right now is refused before the last byte."""
    mails.update(state=Mail.State.CANCELLED, lease_until=None, lease_token="")
