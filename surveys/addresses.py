"""What tells people and companies apart: whatever capitals, tags and blanks they are written with."""

from typing import Final


def normalise(email: str) -> str:
    return email.strip().lower()


def person_key(email: str) -> str:
    """The same for every way to write one person's address: Ada@example.org, and ada+shop@example.org.

    The part from "+" on is a tag that people add for themselves. Nothing else is taken away: dots mean nothing to one
    provider only.
    """
    local, at, domain = normalise(email).rpartition("@")
    plain = local.partition("+")[0] or local
    return f"{plain}{at}{domain}"


_ERASED: Final = "erased.invalid"
"""A name that no mail can ever be delivered to (RFC 2606)."""


def placeholder(pk: int) -> str:
    """What stands in the place of an address that was erased."""
    return f"erased-{pk}@{_ERASED}"


def is_placeholder(email: str) -> bool:
    return normalise(email).endswith(f"@{_ERASED}")


def company_key(company: str) -> str:
    """The same for every way to write a company's name; "" where there is none."""
    return " ".join(company.split()).casefold()[:200]
