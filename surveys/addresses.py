"""What tells people and companies apart: whatever capitals, tags and blanks they are written with."""


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


def company_key(company: str) -> str:
    """The same for every way to write a company's name; "" where there is none."""
    return " ".join(company.split()).casefold()[:200]
