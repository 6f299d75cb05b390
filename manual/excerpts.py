"""What is shown of a passage: the line that holds most of what was looked for, and where it stands in it."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from manual.plain_words import words
from manual.wanted import Term, is_sought

_LONGEST: Final = 240
_BEFORE: Final = 60
_RUN: Final = re.compile(r"(?:\b[eE][-\u2010\u2011](?=[mM]ail))?[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_BETWEEN: Final = " · "


class Piece(NamedTuple):
    words: str
    is_marked: bool = False


def html(pieces: Iterable[Piece]) -> SafeString:
    return format_html_join("", "{}", ((_piece(each),) for each in pieces))


def excerpt(text: str, terms: Sequence[Term]) -> list[Piece]:
    """At most so many characters, in pieces that are plain words."""
    lines = text.split("\n")
    best = max(range(len(lines)), key=lambda n: len({at.group().lower() for at in _sought(lines[n], terms)}))
    shown = lines[best]
    while len(shown) < _LONGEST // 2 and (best := best + 1) < len(lines):
        shown += _BETWEEN + lines[best]
    return marked(_cut(shown, terms), terms)


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    found, end = [], 0
    for at in _sought(text, terms):
        found += [Piece(text[end : at.start()]), Piece(at.group(), is_marked=True)]
        end = at.end()
    return [piece for piece in (*found, Piece(text[end:])) if piece.words]


def _piece(piece: Piece) -> str:
    return format_html("<mark>{}</mark>", piece.words) if piece.is_marked else piece.words


def _sought(text: str, terms: Sequence[Term]) -> list[re.Match[str]]:
    """Most words begin with another letter, and need no closer look."""
    initials = {word[0] for term in terms for word in term.words}
    return [
        at
        for at in _RUN.finditer(text)
        if (at.group()[0].lower() in initials or not at.group()[0].isascii())
        and any(is_sought(word, terms) for word in words(at.group()))
    ]


def _cut(text: str, terms: Sequence[Term]) -> str:
    if len(text) <= _LONGEST:
        return text
    places = _sought(text, terms)
    first = max(0, places[0].start() - _BEFORE) if places else 0
    start = first and text.find(" ", first, first + _BEFORE) + 1
    shown = text[start : start + _LONGEST]
    if start + _LONGEST < len(text):
        shown = (shown.rpartition(" ")[0] or shown) + " …"
    return ("… " if start else "") + shown
