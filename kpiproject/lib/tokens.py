"""Addresses that cannot be guessed, and values that cannot be changed on their way."""

import re
import secrets
from datetime import timedelta
from typing import Any

from django.core import signing

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class BadToken(ValueError):  # noqa: N818 (reads better than BadTokenError where it is caught)
    """A signed text that was changed, was made for something else, or is too old."""


def new_token() -> str:
    """22 characters fit for an address, with 128 random bits."""
    return secrets.token_urlsafe(16)


def is_token(text: str) -> bool:
    """Whether a text could be one of our tokens: a cheap look before the database is asked."""
    return _TOKEN.fullmatch(text) is not None


def sign(purpose: str, value: Any) -> str:
    """A text that carries a JSON value and may stand in an address. It is readable; only changes are noticed."""
    return signing.dumps(value, salt=f"plumbline.{purpose}")


def unsign(purpose: str, text: str, max_age: timedelta | None = None) -> Any:
    """The value that was signed for this purpose. Raises BadToken."""
    try:
        return signing.loads(text, salt=f"plumbline.{purpose}", max_age=max_age)
    except signing.SignatureExpired as error:
        msg = "This link is too old."
        raise BadToken(msg) from error
    except (signing.BadSignature, ValueError) as error:
        msg = "This link is not complete, or it was changed."
        raise BadToken(msg) from error
