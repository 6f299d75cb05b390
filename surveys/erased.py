"""Addresses of erased people that must never be written to: recognised, and nothing else is known of them."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from surveys import addresses
from surveys.models import Erasure


def among(emails: Iterable[str]) -> set[str]:
    """Those of the addresses that belong to somebody who was erased and is left alone since; in one query, or two."""
    given = list(emails)
    salts = set(Erasure.objects.exclude(digest="").order_by().values_list("salt", flat=True).distinct())
    found = {email for email in given if addresses.is_placeholder(email)}
    digests = {digest(email, salt): email for salt in salts for email in given}
    if digests:
        # A person may be written in several ways, all of which have the same digest.
        known = set(Erasure.objects.filter(digest__in=digests).values_list("digest", flat=True))
        found |= {email for email in given if any(digest(email, salt) in known for salt in salts)}
    return found


def digest(email: str, salt: str) -> str:
    key = addresses.person_key(email).encode()
    return hmac.new(salt.encode(), key, hashlib.sha256).hexdigest()


def salt() -> str:
    """The one in use, or the first."""
    used = Erasure.objects.exclude(salt="").order_by("pk").values_list("salt", flat=True).first()
    return used or secrets.token_hex(32)
