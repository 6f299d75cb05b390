"""Which comments tell that somebody helped, and what in them may say who wrote them. Pure functions.

What is blanked is a proposal: a manager reads the words and edits them before anybody else sees them.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

BLANK: Final = "[…]"
_HELP: Final = re.compile(
    r"\b(help|thank|support|kind|friendl|patien|solv|fix|explain|listen|polite|caring"
    r"|hilf|geholfen|dank|freundlich|geduld|gelöst|erklär|nett"
    r"|aid|merci|gentil|aimable|résol|expliqu|écout)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.\w+")
_PHONE: Final = re.compile(r"\+?\d[\d ()/.-]{5,}\d")
_TOKEN: Final = re.compile(r"[#+]?\w(?:[\w./#-]*\w)?")
_NAMED: Final = r"(?P<name>[^\W\d_a-zß-ÿ][\w'’-]+(?:[ ]+[^\W\d_a-zß-ÿ][\w'’.-]*){0,2})"
_SIGNED: Final = re.compile(
    r"(?P<before>\b(?i:regards|greetings|cheers|sincerely|yours|wishes|grüße|grüßen|gruß|cordialement|vous)\b[\s,.!–-]+)"
    + _NAMED
    + r"(?P<after>\W*)$"
)
_INTRODUCED: Final = re.compile(
    r"(?P<before>\b(?i:my name is|ich heiße|mein name ist|je m['’]appelle)\s+)" + _NAMED + "(?P<after>)"
)
_LEAST_DIGITS: Final = 3
_LEAST_LETTERS: Final = 2


def names_help(comment: str) -> bool:
    """Whether it says in English, German or French that somebody helped, or how they were."""
    return _HELP.search(comment) is not None


def blanked(comment: str, names: Collection[str], keep: Collection[str] = ()) -> str:
    """The comment without e-mail addresses, numbers and names: those given, and the one under a greeting.

    The names to `keep` are those of the people who are praised.
    """
    kept = {name.casefold() for name in keep}
    text = _ADDRESS.sub(BLANK, comment)
    text = _PHONE.sub(BLANK, text)
    text = _TOKEN.sub(lambda found: BLANK if _digits(found[0]) >= _LEAST_DIGITS else found[0], text)
    for name in sorted(names, key=len, reverse=True):
        if name.casefold() not in kept:
            text = _whole(name).sub(BLANK, text)
    for pattern in (_SIGNED, _INTRODUCED):
        text = pattern.sub(lambda found: found[0] if _is_kept(found["name"], kept) else _without(found), text)
    return re.sub(rf"{re.escape(BLANK)}(\s*{re.escape(BLANK)})+", BLANK, text)


def still_named(text: str, names: Collection[str], keep: Collection[str] = ()) -> list[str]:
    """The addresses and names that are still in the words."""
    kept = {name.casefold() for name in keep}
    found = [match[0] for match in _ADDRESS.finditer(text)]
    return found + [name for name in names if name.casefold() not in kept and _whole(name).search(text)]


def parts_of(*texts: str) -> list[str]:
    """The names in names, customers' ids and addresses, each once: “Dr. Ada Lovelace” has three."""
    found: dict[str, str] = {}
    for part in _parts(texts):
        found.setdefault(part.casefold(), part)
    return list(found.values())


def _parts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        local = text.partition("@")[0]
        yield from (part for part in re.split(r"[\W\d_]+", local) if len(part) >= _LEAST_LETTERS)


def _digits(token: str) -> int:
    return sum(character.isdigit() for character in token)


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _is_kept(name: str, kept: Collection[str]) -> bool:
    return any(part.casefold() in kept for part in parts_of(name))


def _without(found: re.Match[str]) -> str:
    return f"{found['before']}{BLANK}{found['after']}"
