"""Words as search compares them: small letters without accents, nothing between them but spaces."""

import re
import unicodedata
from typing import Final

_RUN: Final = re.compile(r"[^\W_]+")
# Nobody knows whether the other writes it with a hyphen.
_E_MAIL: Final = re.compile("\\be[-\u2010\u2011](?=mail)")
_ACCENT: Final = re.compile("[\u0300-\u036f]")
# No word is as long; databases have limits of their own.
_LONGEST: Final = 100


def words(text: str) -> list[str]:
    return [found[:_LONGEST] for found in _RUN.findall(folded(text))]


def plain(text: str) -> str:
    """The words in one line, as both databases divide them in the same way."""
    return " ".join(words(text))


def folded(text: str) -> str:
    small = text.lower() if text.isascii() else _without_accents(text)
    return _E_MAIL.sub("e", small)


def _without_accents(text: str) -> str:
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
