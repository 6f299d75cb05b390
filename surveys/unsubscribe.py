"""Leave people alone: whoever unsubscribes gets nothing more, not even what is waiting already."""

from django.db.models import Q

from kpiproject.models import Mail
from surveys.models import Contact, Invitation, Suppression

# Also those that a dead worker would leave to another one, and those that somebody could send again by hand.
_CAN_LEAVE = Q(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED, Mail.State.FAILED]) | Q(
    state=Mail.State.HANDED_OVER, sent_at__isnull=False
)


def is_suppressed(contact: Contact) -> bool:
    return Suppression.objects.filter(email__iexact=contact.email).exists()


def unsubscribe(contact: Contact) -> None:
    """Put the address on the do-not-contact list and cancel mails that could still leave; twice is as once."""
    Suppression.objects.get_or_create(
        email__iexact=contact.email,
        defaults={"email": contact.email.lower(), "reason": Suppression.Reason.UNSUBSCRIBED},
    )
    mails = Mail.objects.filter(pk__in=Invitation.objects.filter(contact=contact).values("mail_id"))
    # Without its token, a worker that is sending one of them right now is refused before the last byte.
    mails.filter(_CAN_LEAVE).update(state=Mail.State.CANCELLED, lease_until=None, lease_token="")
