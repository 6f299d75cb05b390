"""By which other names people look for a KPI: words of a glossary whose meaning leads to its card."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from kpiproject.documents.tree import Section, rows_of, words_of

_COLUMNS: Final = 2
_IN_BRACKETS: Final = re.compile(r"\s*\([^()]*\)")


def of_cards(sections: Iterable[Section]) -> Mapping[str, Sequence[str]]:
    """By the anchor of the card. A word is what stands alone and strong in the first of two columns, its card the only
    place that the second leads to."""
    found: dict[str, list[str]] = defaultdict(list)
    tables: Iterable[Any] = (block for each in sections for block in each["blocks"] if block["is"] == "table")
    for table in tables:
        if len(table["columns"]) == _COLUMNS:
            for word, meaning in rows_of(table):
                leads = set(_places(meaning))
                if len(leads) == 1 and len(word) == 1 and word[0]["is"] == "strong":
                    found[leads.pop()].append(" ".join(words_of(word).split()))
    return found


def shortened(name: str) -> str:
    """Without what is said in brackets: people do not type that."""
    return _IN_BRACKETS.sub("", name).strip()


def _places(inlines: Iterable[Any]) -> Iterator[str]:
    for inline in inlines:
        if inline["is"] == "link" and inline["to"].startswith("#"):
            yield inline["to"][1:]
        yield from _places(inline.get("inlines", ()))
