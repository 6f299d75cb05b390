"""Leave people alone: whoever unsubscribes gets nothing more, not even what is waiting already."""

from django.db.models import QuerySet

from surveys import erased, outgoing
from surveys.models import Contact, Invitation, Suppression


def is_suppressed(contact: Contact) -> bool:
    return Suppression.objects.filter(email__iexact=contact.email).exists() or bool(erased.among([contact.email]))


def unsubscribe(contact: Contact) -> None:
    """Put the address on the do-not-contact list and cancel mails that could still leave; twice is as once."""
    Suppression.objects.get_or_create(
        email__iexact=contact.email,
        defaults={"email": contact.email.lower(), "reason": Suppression.Reason.UNSUBSCRIBED},
    )
    # Whoever says so means themselves, whichever of their addresses the mail went to.
    cancel_waiting(Contact.objects.filter(person_key=contact.person_key))


def cancel_waiting(people: QuerySet[Contact]) -> None:
    """Invitations and reminders to them that could still leave do not."""
    outgoing.stop(Invitation.objects.filter(contact__in=people))
