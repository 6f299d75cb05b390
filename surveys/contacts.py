"""Who can be asked, and who must not be: known by e-mail address, whatever its capitals and tags."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from kpiproject.lib.periods import zone_info
from kpiproject.lib.rows import insert_new
from surveys import addresses, erased
from surveys.models import Contact, Suppression

_CHUNK = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LEARNED = ("name", "company", "language", "time_zone")

normalise = addresses.normalise


@dataclass(frozen=True)
class Person:
    """What is known about somebody; `email` as normalise() returns it."""

    email: str
    name: str = ""
    company: str = ""
    language: str = ""
    time_zone: str = ""


def is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254


def suppressed(emails: Iterable[str]) -> set[str]:
    """Those of the (normalised) addresses that must not be written to.

    Whoever does not want to be asked means themselves, whichever of their addresses they said it with; an address
    that is undeliverable says nothing about the person's others.
    """
    found: set[str] = set()
    for chunk in _chunks(sorted(set(emails))):
        found |= _suppressed(chunk) | erased.among(chunk)
    return found


def _suppressed(emails: Sequence[str]) -> set[str]:
    """By every address the person is known to use: that of the key, and those of contacts with the same key."""
    keys = {email: addresses.person_key(email) for email in emails}
    others = Contact.objects.filter(person_key__in=set(keys.values())).annotate(address=Lower("email"))
    known = dict(others.values_list("address", "person_key"))
    known |= {key: key for key in keys.values()} | keys
    entries = Suppression.objects.annotate(address=Lower("email")).filter(address__in=list(known))
    alone, whole = set(), set()
    for address, reason in entries.values_list("address", "reason"):
        alone.add(address)
        if reason != Suppression.Reason.BOUNCED:
            whole.add(known[address])
    return {email for email, key in keys.items() if email in alone or key in whole}


def suppress(emails: Iterable[str], reason: Suppression.Reason) -> None:
    """Put them on the do-not-contact list; those that are on it keep their reason."""
    fresh = [Suppression(email=email, reason=reason) for email in sorted({normalise(email) for email in emails})]
    Suppression.objects.bulk_create(fresh, ignore_conflicts=True)


def ensure(people: Sequence[Person]) -> dict[str, Contact]:
    """The contacts with these addresses; missing ones are created, what was empty is filled in."""
    known = _find([person.email for person in people])
    missing = [person for person in people if person.email not in known]
    if missing:
        insert_new([_contact(person) for person in missing])
        known |= _find([person.email for person in missing])
    learned = [known[person.email] for person in people if _learn(known[person.email], person)]
    if learned:
        Contact.objects.bulk_update(learned, [*_LEARNED, "company_key"], batch_size=200)
    return known


def of(emails: Sequence[str]) -> dict[str, Contact]:
    """The contacts that exist already, by address."""
    return _find(emails)


def one_line(text: str) -> str:
    """Without line breaks and control characters, which have no place in names and could end up in a header."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _contact(person: Person) -> Contact:
    contact = Contact(email=person.email, **_told(person))
    contact.set_keys()
    return contact


def _told(person: Person) -> dict[str, str]:
    return {
        "name": one_line(person.name)[:200],
        "company": one_line(person.company)[:200],
        "language": one_line(person.language)[:10],
        "time_zone": person.time_zone if _is_zone(person.time_zone) else "",
    }


def _is_zone(name: str) -> bool:
    try:
        zone_info(name)
    except ValueError:
        return False
    return len(name) <= 64


def _learn(contact: Contact, person: Person) -> bool:
    """Fill in what was empty; what somebody wrote down stays. True if anything was learned."""
    fresh = {name: value for name, value in _told(person).items() if value and not getattr(contact, name)}
    for name, value in fresh.items():
        setattr(contact, name, value)
    contact.set_keys()
    return bool(fresh)


def _find(emails: Sequence[str]) -> dict[str, Contact]:
    found: dict[str, Contact] = {}
    for chunk in _chunks(emails):
        rows = Contact.objects.annotate(address=Lower("email")).filter(address__in=chunk)
        found |= {contact.address: contact for contact in rows}
    return found


def _chunks(emails: Sequence[str]) -> Iterable[Sequence[str]]:
    return (emails[start : start + _CHUNK] for start in range(0, len(emails), _CHUNK))
