"""What somebody looks for, read from what they have typed, and written for both databases.

All of it must occur; the last word may go on; what stands in quotation marks occurs as it stands there. Whatever else
people type are words or nothing: there is no syntax to get wrong.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from manual.plain_words import words

MOST_WORDS: Final = 16
_MOST_AROUND_NAMES: Final = 4
# Shorter beginnings would find nearly everything.
_LEAST_OPEN: Final = 2
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PART: Final = re.compile(r'"([^"]*)"|([^\s"]+)')
# Words that say nothing about what is looked for.
_LITTLE: Final = (
    "a about after all an and any are as at be been before by can did do does for from had has have how i if in into "
    "is it its me my no not of on or our should so such than that the their them then there these they this those to "
    "until us was we were what when where which while who why will with would you your"
)


class Term(NamedTuple):
    """Words that follow one another; of one that `is_open` the last may go on."""

    words: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Wanted:
    terms: tuple[Term, ...]

    @property
    def words(self) -> list[str]:
        return [word for term in self.terms for word in term.words]

    @cached_property
    def name(self) -> str:
        """As a line of the names of a passage would have it."""
        return " ".join(self.words)

    @property
    def names_within(self) -> list[str]:
        """What could be the name of something, with other words before or behind it."""
        found, most = self.words[:_MOST_AROUND_NAMES], len(self.words)
        ends = [(start, end) for start in range(len(found)) for end in range(start + 1, len(found) + 1)]
        return [" ".join(found[start:end]) for start, end in ends if end - start < most]

    def replaced(self, changes: dict[str, str]) -> "Wanted":
        """With other words in the place of some."""
        return Wanted(
            tuple(Term(tuple(changes.get(word, word) for word in each), is_open) for each, is_open in self.terms)
        )


def read(text: str) -> Wanted:
    terms: list[Term] = []
    left = MOST_WORDS
    for quoted, plain in _PART.findall(text.translate(_QUOTES)):
        found = tuple(words(quoted or plain)[:left])
        left -= len(found)
        if found:
            terms.append(Term(found, is_open=not quoted))
    last = len(terms) - 1
    closed = [
        Term(each.words, each.is_open and n == last and len(each.words[-1]) >= _LEAST_OPEN)
        for n, each in enumerate(terms)
    ]
    telling = [each for each, typed in zip(closed, terms, strict=True) if not _is_little(typed)]
    return Wanted(tuple(dict.fromkeys(telling or closed)))


def _is_little(typed: Term) -> bool:
    return typed.is_open and len(typed.words) == 1 and typed.words[0] in _LITTLE.split()


# --- SQLite -------------------------------------------------------------------------------------------------------
def fts5(wanted: Wanted) -> str:
    """All of it, at least a part of which is not only in the words around the passage."""
    each = [_phrase(term) for term in wanted.terms]
    return f"{' AND '.join(each)} AND {{name_words own_words}} : ({' OR '.join(each)})"


def fts5_named(wanted: Wanted) -> str:
    """All of it in the names."""
    return f"name_words : ({' AND '.join(map(_phrase, wanted.terms))})"


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + "*" * term.is_open


# --- PostgreSQL ---------------------------------------------------------------------------------------------------
def tsquery(wanted: Wanted) -> str:
    return f"{_all(wanted.terms, '')} & ({' | '.join(_following(term, 'AB') for term in wanted.terms)})"


def tsquery_named(wanted: Wanted) -> str:
    return _all(wanted.terms, "A")


def _all(terms: Iterable[Term], weights: str) -> str:
    return " & ".join(_following(term, weights) for term in terms)


def _following(term: Term, weights: str) -> str:
    *before, last = term.words
    marked = [*(_lexeme(word, weights) for word in before), _lexeme(last, "*" * term.is_open + weights)]
    return "(" + " <-> ".join(marked) + ")"


def _lexeme(word: str, marks: str) -> str:
    return f"{word}:{marks}" if marks else word


# --- In a text ----------------------------------------------------------------------------------------------------
_LEAST_STEM: Final = 4
_LONGEST_ENDING: Final = 3


def is_sought(word: str, terms: Sequence[Term]) -> bool:
    """Whether a word of a text is one that was looked for, or looks like another form of it."""
    return any(_goes_on(word, term) or any(_is_alike(word, sought) for sought in term.words) for term in terms)


def _goes_on(word: str, term: Term) -> bool:
    return term.is_open and word.startswith(term.words[-1])


def _is_alike(word: str, sought: str) -> bool:
    if word == sought:
        return True
    shared = next((n for n, (one, other) in enumerate(zip(word, sought, strict=False)) if one != other), None)
    shared = min(len(word), len(sought)) if shared is None else shared
    return shared >= _LEAST_STEM and max(len(word), len(sought)) - shared <= _LONGEST_ENDING
