"""Who can be asked, and who must not be: known by e-mail address, whatever its capitals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from surveys.models import Contact, Suppression

_CHUNK = 500


@dataclass(frozen=True)
class Person:
    """What is known about somebody; `email` as normalise() returns it."""

    email: str
    name: str = ""
    company: str = ""


def normalise(email: str) -> str:
    return email.strip().lower()


def is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254


def suppressed(emails: Iterable[str]) -> set[str]:
    """Those of the (normalised) addresses that must not be written to."""
    found: set[str] = set()
    for chunk in _chunks(sorted(set(emails))):
        rows = Suppression.objects.annotate(address=Lower("email")).filter(address__in=chunk)
        found.update(rows.values_list("address", flat=True))
    return found


def suppress(emails: Iterable[str], reason: Suppression.Reason) -> None:
    """Put them on the do-not-contact list; those that are on it keep their reason."""
    fresh = [Suppression(email=email, reason=reason) for email in sorted({normalise(email) for email in emails})]
    Suppression.objects.bulk_create(fresh, ignore_conflicts=True)


def ensure(people: Sequence[Person]) -> dict[str, Contact]:
    """The contacts with these addresses; missing ones are created, empty names and companies filled in."""
    known = _find([person.email for person in people])
    missing = [person for person in people if person.email not in known]
    if missing:
        Contact.objects.bulk_create([_contact(person) for person in missing], ignore_conflicts=True, batch_size=1000)
        known |= _find([person.email for person in missing])
    learned = [known[person.email] for person in people if _learn(known[person.email], person)]
    if learned:
        Contact.objects.bulk_update(learned, ["name", "company"], batch_size=500)
    return known


def _contact(person: Person) -> Contact:
    return Contact(email=person.email, name=person.name[:200], company=person.company[:200])


def _learn(contact: Contact, person: Person) -> bool:
    """Fill in what was empty; what somebody wrote down stays. True if anything was learned."""
    before = (contact.name, contact.company)
    contact.name = contact.name or person.name[:200]
    contact.company = contact.company or person.company[:200]
    return before != (contact.name, contact.company)


def _find(emails: Sequence[str]) -> dict[str, Contact]:
    found: dict[str, Contact] = {}
    for chunk in _chunks(emails):
        rows = Contact.objects.annotate(address=Lower("email")).filter(address__in=chunk)
        found |= {contact.address: contact for contact in rows}
    return found


def _chunks(emails: Sequence[str]) -> Iterable[Sequence[str]]:
    return (emails[start : start + _CHUNK] for start in range(0, len(emails), _CHUNK))
