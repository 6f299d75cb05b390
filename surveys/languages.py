"""The languages that respondents can be asked in: everything around the question is translated into them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
)
"""By code, each in its own words, as somebody who looks for it would read it."""

_RIGHT_TO_LEFT: Final = frozenset({"ar"})


def direction(language: str) -> str:
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def choose(offered: Iterable[str], *wanted: str, otherwise: str) -> str:
    """The first wanted language that is offered; "de-AT" and "de_AT" are content with "de"."""
    available = set(offered)
    for code in wanted:
        plain = code.strip().lower().replace("_", "-").partition("-")[0]
        if plain in available:
            return plain
    return otherwise


def preferred(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first; what cannot be read is passed over."""
    found = []
    for place, part in enumerate(header.split(",")[:20]):
        code, _semicolon, rest = part.strip().partition(";")
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if code and quality > 0:
            found.append((-quality, place, code))
    return [code for _quality, _place, code in sorted(found)]
