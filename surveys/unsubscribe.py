"""Leave people alone: whoever unsubscribes gets nothing more, not even what is waiting already."""

from kpiproject.models import Mail
from surveys.models import Contact, Invitation, Suppression

# Also those that a dead worker would leave to another one, and those that somebody could send again by hand.
_NOT_LEFT = (Mail.State.QUEUED, Mail.State.CLAIMED, Mail.State.FAILED)


def is_suppressed(contact: Contact) -> bool:
    return Suppression.objects.filter(email__iexact=contact.email).exists()


def unsubscribe(contact: Contact) -> None:
    """Put the address on the do-not-contact list and cancel mails that have not left; the second time does nothing."""
    Suppression.objects.get_or_create(
        email__iexact=contact.email,
        defaults={"email": contact.email.lower(), "reason": Suppression.Reason.UNSUBSCRIBED},
    )
    mails = Mail.objects.filter(pk__in=Invitation.objects.filter(contact=contact).values("mail_id"))
    # Without its token, a worker that is sending one of them right now is refused before the last byte.
    mails.filter(state__in=_NOT_LEFT).update(state=Mail.State.CANCELLED, lease_until=None, lease_token="")
