"""Leave people alone: whoever unsubscribes gets nothing more, not even what is waiting already."""

from kpiproject.models import Mail
from surveys.models import Contact, Invitation, Suppression


def is_suppressed(contact: Contact) -> bool:
    return Suppression.objects.filter(email__iexact=contact.email).exists()


def unsubscribe(contact: Contact) -> None:
    """Put the address on the do-not-contact list and cancel mails that have not left; the second time does nothing."""
    Suppression.objects.get_or_create(
        email__iexact=contact.email,
        defaults={"email": contact.email.lower(), "reason": Suppression.Reason.UNSUBSCRIBED},
    )
    waiting = Invitation.objects.filter(contact=contact, sent_at__isnull=True).values("mail_id")
    Mail.objects.filter(pk__in=waiting, state=Mail.State.QUEUED).update(state=Mail.State.CANCELLED)
