"""A document as our Typst template wants it: cleaned, whole, with every choice made that a number can make."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from kpiproject.documents.columns import laid_out, lines_of
from kpiproject.documents.markdown import MOST_DEPTH, is_safe_link
from kpiproject.documents.tree import Block, Document, Inline, clean, rows_of, words_of
from kpiproject.documents.words import lines

_TONES: Final = ("", "good", "warn", "bad")
_DEEPEST_HEADING: Final = 5
_SPACE: Final = re.compile(r"[ \t\n\v\f\u2028\u2029]+")
# So many signs in a row may not fit into a line or a cell.
_LONG_WORD: Final = re.compile(r"(\S{22})(?=\S)")
_DIGEST: Final = 64
_MAY_BREAK_HERE: Final = "\u200b"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")

# Lines of text. What has no more is not broken between two pages; a page has some 44.
_MOST_WHOLE: Final = 20
_MOST_WHOLE_TABLE: Final = 15
_SIGNS_IN_LINE: Final = 85
_SIGNS_IN_FACT: Final = 70
# In points: a dot of the screen, and the highest picture that fits on a page.
_DOT: Final = 0.75
_TALLEST: Final = 560
# So many paragraphs and notes between a heading and its facts stay with both.
_MOST_LEADING: Final = 3
# More than fit on a page in one column.
_MOST_CONTENTS: Final = 55

Prepared = dict[str, Any]


def prepared(document: Document) -> Prepared:
    labels = _Labels(document)
    language, _separator, region = document["language"].partition("-")
    is_known = _LANGUAGE.fullmatch(language.lower())
    sections = [_section(section, labels) for section in document["sections"]]
    shown = {name: b64encode(content).decode() for name, content in document.get("pictures", {}).items()}
    return {
        "title": _words(document["title"]) or "–",
        "subtitle": _words(document["subtitle"]),
        "lang": language.lower() if is_known else "en",
        "region": region.upper() if re.fullmatch(r"[A-Za-z]{2}", region) else None,
        "date": _date(document.get("date", "")),
        "facts": _facts_of_cover(document),
        "foot": _words(document.get("foot", "")),
        "is_incomplete": False,
        "words": _own_words(document["language"]),
        "has_long_contents": _entries(sections) > _MOST_CONTENTS,
        "sections": sections,
        "pictures": shown,
    }


def _facts_of_cover(document: Document) -> list[Any]:
    """The digest in one piece, so that it can be copied."""
    facts = [[_words(name), [{"is": "text", "text": _words(value)}]] for name, value in document["facts"] if value]
    if digest := _SPACE.sub("", clean(document.get("digest", "")))[:_DIGEST]:
        facts.append([_own_words(document["language"])["digest"], [{"is": "code", "text": digest}]])
    return facts


def _entries(sections: Sequence[Prepared]) -> int:
    """Lines of the table of contents."""
    blocks = [block for section in sections for block in section["blocks"]]
    return len(sections) + len([block for block in blocks if block["is"] == "heading" and block["level"] == 2])


def _own_words(language: str) -> dict[str, str]:
    """What the print says by itself, in the language of the document."""
    with translation.override(language):
        return {
            "contents": _("Contents"),
            "digest": _("Fingerprint (SHA-256)"),
            "page": _("Page {page} of {pages}"),
            "no_chart": _("This chart cannot be drawn."),
            "incomplete": _("□ stands for a letter that the fonts of this print do not have. The web pages show it."),
        }


def _date(iso: str) -> dict[str, int] | None:
    try:
        found = date.fromisoformat(iso[:10])
    except ValueError:
        return None
    return {"year": found.year, "month": found.month, "day": found.day}


class _Labels:
    """The anchors of a document. The print is not made if one is missing or there twice."""

    def __init__(self, document: Document) -> None:
        self._free = set(_anchors(document))
        self._known = frozenset(self._free)

    def take(self, anchor: str) -> str:
        """The anchor for the first that asks, nothing for all others."""
        if anchor not in self._free:
            return ""
        self._free.remove(anchor)
        return anchor

    def has(self, anchor: str) -> bool:
        return anchor in self._known


def _anchors(document: Document) -> Iterator[str]:
    for section in document["sections"]:
        yield section["anchor"].strip()
        yield from (block["anchor"].strip() for block in section["blocks"] if block["is"] == "heading")


def _section(section: Any, labels: _Labels) -> Prepared:
    anchor = labels.take(section["anchor"].strip())
    title, number = _words(section["title"]) or "–", _words(section["number"])
    blocks = _Writer(labels).blocks(section["blocks"])
    _keep_together(blocks)
    return {"anchor": anchor, "number": number, "title": title, "blocks": blocks}


def _keep_together(blocks: Sequence[Prepared]) -> None:
    """Facts that stay whole keep the few words that lead to them from their heading."""
    for n, block in enumerate(blocks):
        if block["is"] != "facts" or not block["is_whole"]:
            continue
        leading = list(takewhile(_can_lead, reversed(blocks[:n])))
        heading = n - len(leading) - 1
        if len(leading) <= _MOST_LEADING and heading >= 0 and blocks[heading]["is"] == "heading":
            for each in leading:
                each["is_kept"] = True


def _can_lead(block: Prepared) -> bool:
    if block["is"] == "paragraph":
        return _signs(block["inlines"]) <= _MOST_WHOLE * _SIGNS_IN_LINE
    return block["is"] in ("note", "quote") and bool(block["is_whole"])


def _signs(parts: Iterable[Prepared]) -> int:
    """A line break counts as a line."""
    found: int = sum(
        _signs(part["inlines"]) if "inlines" in part else len(part.get("text", "x" * _SIGNS_IN_LINE)) for part in parts
    )
    return found


def _height(words: Iterable[str], signs: int = _SIGNS_IN_LINE) -> int:
    """Lines of print, roughly."""
    return sum(1 + len(line) // signs for line in words)


def _words(words: str) -> str:
    return _text(words).strip()


def _text(words: str) -> str:
    """In one line, with places where what is too long may break. Spaces that hold a number and its unit stay."""
    return _LONG_WORD.sub(rf"\1{_MAY_BREAK_HERE}", _SPACE.sub(" ", clean(words)))


class _Writer:
    """The blocks of one section, whose headings leave out no level."""

    def __init__(self, labels: _Labels) -> None:
        self._labels = labels
        self._level = 1

    def blocks(self, blocks: Iterable[Block], depth: int = 0) -> list[Prepared]:
        if depth > MOST_DEPTH:
            return [found for line in lines(blocks) if (found := _plain(line))]
        return [found for block in blocks if (found := _WRITERS[block["is"]](self, block, depth))]

    def inlines(self, parts: Iterable[Inline], depth: int = 0) -> list[Prepared]:
        return [found for part in parts for found in self._inline(part, depth)]

    def _inline(self, part: Any, depth: int) -> list[Prepared]:
        kind = part["is"]
        if kind == "break":
            return [{"is": "break"}]
        if kind in ("text", "code"):
            words = _text(part["text"])
            return [{"is": kind, "text": words}] if words else []
        inner = self.inlines(part["inlines"], depth + 1)
        to = self._target(part) if kind == "link" else {"is": kind}
        return [{**to, "inlines": inner}] if inner and to and depth < MOST_DEPTH else inner

    def _target(self, part: Any) -> Prepared | None:
        """Where a link leads, or nothing if that is not in the document."""
        to = clean(part["to"]).strip()
        if to.startswith("#"):
            return {"is": "anchor", "to": to[1:]} if self._labels.has(to[1:]) else None
        return {"is": "link", "to": to} if is_safe_link(to) else None

    def heading(self, block: Any, depth: int) -> Prepared | None:
        found = self.inlines(block["inlines"])
        if not found:
            return None
        if depth:
            return {"is": "paragraph", "inlines": [{"is": "strong", "inlines": found}]}
        self._level = max(2, min(_DEEPEST_HEADING, block["level"] + 1, self._level + 1))
        anchor = self._labels.take(block["anchor"].strip())
        return {"is": "heading", "level": self._level, "inlines": found, "anchor": anchor}

    def paragraph(self, block: Any, depth: int) -> Prepared | None:
        found = self.inlines(block["inlines"])
        return {"is": "paragraph", "inlines": found} if found else None

    def list(self, block: Any, depth: int) -> Prepared | None:
        items = [self.blocks(item, depth + 1) for item in block["items"]]
        is_tight = all(len(item) <= 1 or item[1]["is"] == "list" for item in items)
        start = None if block["start"] is None else max(0, block["start"])
        return (
            {"is": "list", "start": start, "is_tight": is_tight, "is_inner": depth > 0, "items": items}
            if items
            else None
        )

    def inside(self, block: Any, depth: int) -> Prepared | None:
        found = self.blocks(block["blocks"], depth + 1)
        tone = block.get("tone", "")
        about = {"tone": tone if tone in _TONES else "", "is_whole": _height(lines([block])) <= _MOST_WHOLE}
        return {"is": block["is"], "blocks": found} | about if found else None

    def code_block(self, block: Any, depth: int) -> Prepared | None:
        code = _LONG_WORD.sub(rf"\1{_MAY_BREAK_HERE}", clean(block["text"]).expandtabs(4))
        return {"is": "code_block", "text": code} if code.strip() else None

    def rule(self, block: Any, depth: int) -> Prepared | None:
        return {"is": "rule"}

    def facts(self, block: Any, depth: int) -> Prepared | None:
        items = [[_words(name), self.inlines(value)] for name, value in block["items"]]
        height = _height((f"{words_of(value)}" for _name, value in block["items"]), _SIGNS_IN_FACT)
        return {"is": "facts", "items": items, "is_whole": height <= _MOST_WHOLE} if items else None

    def table(self, block: Any, depth: int) -> Prepared | None:
        columns: Sequence[Any] = block["columns"]
        if not columns:
            return _plain(block["caption"])
        rows = rows_of(block)
        layout = laid_out(columns, rows)
        return {
            "is": "table",
            "caption": _words(block["caption"]),
            "size": layout.size,
            "width": layout.width,
            "is_whole": lines_of(layout, rows) <= _MOST_WHOLE_TABLE,
            "columns": [
                {"title": _words(column["title"]), "is_numeric": column["is_numeric"], "share": share}
                for column, share in zip(columns, layout.shares, strict=True)
            ],
            "rows": [[{"parts": self.inlines(value)} for value in row] for row in rows],
        }

    def chart(self, block: Any, depth: int) -> Prepared | None:
        return {"is": "chart", "title": _words(block["title"]) or "–", "spec": block["spec"]}

    def picture(self, block: Any, depth: int) -> Prepared | None:
        if "digest" not in block:
            return _plain(block["alt"])
        width = min(_DOT * block["width"], _TALLEST * block["width"] / max(1, block["height"]))
        about = {"name": block["name"], "kind": block["kind"], "width": round(width, 1)}
        return {"is": "picture", "alt": _words(block["alt"]) or "–"} | about


def _plain(words: str) -> Prepared | None:
    found = _words(words)
    return {"is": "paragraph", "inlines": [{"is": "text", "text": found}]} if found else None


_WRITERS: Final[Mapping[str, Callable[[_Writer, Any, int], Prepared | None]]] = {
    "heading": _Writer.heading,
    "paragraph": _Writer.paragraph,
    "list": _Writer.list,
    "quote": _Writer.inside,
    "code_block": _Writer.code_block,
    "rule": _Writer.rule,
    "note": _Writer.inside,
    "facts": _Writer.facts,
    "table": _Writer.table,
    "chart": _Writer.chart,
    "picture": _Writer.picture,
}
