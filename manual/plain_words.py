"""Words as search compares them: small letters without accents, nothing between them but spaces."""

import re
import unicodedata
from typing import Final

_RUN: Final = re.compile(r"[^\W_]+")
_ACCENT: Final = re.compile("[\u0300-\u036f]")
# No word is as long; databases have limits of their own.
_LONGEST: Final = 100


def words(text: str) -> list[str]:
    return [found[:_LONGEST] for found in _RUN.findall(folded(text))]


def plain(text: str) -> str:
    """The words in one line, as both databases divide them in the same way."""
    return " ".join(words(text))


def folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
