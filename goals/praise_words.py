"""Which comments tell that somebody helped, and what in them may say who wrote them. Pure functions.

What is blanked is a proposal: a manager reads the words and edits them before anybody else sees them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Final

BLANK: Final = "[…]"
_HELP: Final = re.compile(
    r"\b(help|thank|support|kind|friendl|patien|solv|fix|explain|listen|polite|caring"
    r"|hilf|geholfen|dank|freundlich|geduld|gelöst|erklär|nett"
    r"|aid|merci|gentil|aimable|résol|expliqu|écout)",
    re.IGNORECASE,
)
# Also written so that no program finds it: grace (at) example.com, grace at example dot com.
_AT: Final = r"(?:@|\s*[\[({]\s*(?:at|ät)\s*[\])}]\s*|\s+at\s+(?=\S+\s+(?:dot|punkt|point)\s+\w))"
_DOT: Final = r"(?:\.|\s*[\[({]\s*(?:dot|punkt|point)\s*[\])}]\s*|\s+(?:dot|punkt|point)\s+)"
_OF_ADDRESS: Final = r"[^\s@<>(),;:\[\]{}]"
# It starts where a word does: tried at each character, a long word would take its square.
_ADDRESS: Final = re.compile(rf"(?<!{_OF_ADDRESS}){_OF_ADDRESS}+{_AT}{_OF_ADDRESS}+?{_DOT}\w+(?:\.\w+)*", re.IGNORECASE)
_LINK: Final = re.compile(r"\b(?:https?://|www\.)\S*\w", re.IGNORECASE)
_HANDLE: Final = re.compile(r"(?<![\w@])@\w[\w.]+\w")
_PHONE: Final = re.compile(r"\+?\(?\d[\d \xa0()/.–-]{5,}\d")
_ACCOUNT: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,}(?: ?[A-Z\d]{1,4})?\b")
# The number after its name has letters alone now and then, or only one digit.
_NUMBERED: Final = re.compile(
    r"(?P<before>\b(?i:order|ticket|invoice|booking|customer|case|bestellung|auftrag|rechnung|kunde|vorgang|commande"
    r"|facture|dossier)s?[ -]*(?i:no\.?|number|num\.?|nr\.?|nummer|id|n°|numéro)?[ :]*)"
    r"(?P<number>#?(?=[\w/-]*\d)[\w/-]+|#[\w/-]+|[A-Z]{2,}(?:-[A-Z]{2,})+)"
)
_TOKEN: Final = re.compile(r"[#+]?\w(?:[\w./#-]*\w)?")
_NAMED: Final = r"(?P<name>[^\W\d_a-zß-ÿ](?:[\w'’-]+|\.)(?:[ ]+[^\W\d_a-zß-ÿ][\w'’.-]*){0,2})"
_SIGNED: Final = re.compile(
    r"(?P<before>(?:\b(?i:regards|greetings|cheers|sincerely|yours|wishes|love|grüße|grüßen|gruß|gruss|lg|vg|mfg"
    r"|cordialement|vous)\b[\s,.!–—-]+|\b(?i:thanks|thank you|best|danke|merci)\b[^\S\n]*[,.!–—\n-][\s,.!–—-]*"
    r"|(?:^|\s)[–—-]{1,2}\s*))" + _NAMED + r"(?P<after>\W*)$"
)
_INTRODUCED: Final = re.compile(
    r"(?P<before>\b(?i:my name is|ich heiße|mein name ist|je m['’]appelle)\s+)" + _NAMED + "(?P<after>)"
)
_SPEAKING: Final = re.compile(
    r"(?P<before>\b(?i:this is|i am|i['’]m|hier ist|hier spricht|ich bin|je suis)\s+)"
    + _NAMED
    + r"(?P<after>(?=\s+(?i:from|of|here|calling|speaking|von|aus|de)\b))"
)
_LEAST_DIGITS: Final = 3
_LEAST_LETTERS: Final = 2


def names_help(comment: str) -> bool:
    """Whether it says in English, German or French that somebody helped, or how they were."""
    return _HELP.search(comment) is not None


def blanked(comment: str, names: Collection[str], keep: Collection[str] = ()) -> str:
    """The comment without addresses, numbers and names: those given, and the one under a greeting.

    The names to `keep` are those of the people who are praised.
    """
    kept = {name.casefold() for name in keep}
    text = unicodedata.normalize("NFC", comment)
    for pattern in (_LINK, _ADDRESS, _HANDLE, _ACCOUNT, _PHONE):
        text = pattern.sub(BLANK, text)
    text = _NUMBERED.sub(lambda found: f"{found['before']}{BLANK}", text)
    text = _TOKEN.sub(lambda found: BLANK if _digits(found[0]) >= _LEAST_DIGITS else found[0], text)
    for name in sorted(names, key=len, reverse=True):
        if name.casefold() not in kept:
            text = _whole(name).sub(BLANK, text)
    for pattern in (_SIGNED, _INTRODUCED, _SPEAKING):
        text = pattern.sub(lambda found: found[0] if _is_kept(found["name"], kept) else _without(found), text)
    return re.sub(rf"{re.escape(BLANK)}(\s*{re.escape(BLANK)})+", BLANK, text)


def still_named(text: str, names: Collection[str], keep: Collection[str] = ()) -> list[str]:
    """The addresses, telephone numbers and names that are still in the words."""
    kept = {name.casefold() for name in keep}
    text = unicodedata.normalize("NFC", text)
    found = [match[0] for pattern in (_LINK, _ADDRESS, _HANDLE, _PHONE) for match in pattern.finditer(text)]
    return found + [name for name in names if name.casefold() not in kept and _whole(name).search(text)]


def parts_of(*texts: str) -> list[str]:
    """The names in names, customers' ids and addresses, each once: “Dr. Ada Lovelace” has three."""
    found: dict[str, str] = {}
    for part in _parts(unicodedata.normalize("NFC", text) for text in texts):
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
