"""Markdown that people write, read into the tree. Whatever stands in it, it becomes words and never code."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kpiproject.documents.tree import Block, Bullets, Column, Inline, Table, anchor_of, clean, words_of

MOST_CHARACTERS: Final = 200_000
MOST_HEADING_LEVELS: Final = 4
MOST_DEPTH: Final = 8

# The parser drops what is nested deeper than it may be.
_PARSER_DEPTH: Final = 100
# The parser's time grows with the square of these; nobody writes so many.
_DEAR: Final = "[|"
_MOST_DEAR: Final = 10_000
_PICTURE: Final = re.compile(r"image:([0-9a-z]{1,64})")
_SAFE_LINK: Final = re.compile(r"(?:https?://[^/?#\s]|mailto:[^\s@]+@|#.)", re.IGNORECASE)


class TooLongError(ValueError):
    """A text that is longer than anyone writes by hand."""


def parse(text: str, *, anchor_prefix: str = "") -> list[Block]:
    """The blocks of a text. Headings get an anchor that begins with `anchor_prefix`; links to them are adapted."""
    if len(text) > MOST_CHARACTERS:
        most, found = (number_format(count, force_grouping=True) for count in (MOST_CHARACTERS, len(text)))
        raise TooLongError(
            _("A text may have at most %(most)s characters; this one has %(found)s.") % {"most": most, "found": found}
        )
    tokens = tokens_of(text)
    return _Builder(tokens, anchor_prefix).blocks() if tokens else _plain(text)


def tokens_of(text: str) -> list[Token]:
    """As the parser reads the text; none if nobody can have written it by hand."""
    if any(text.count(sign) > _MOST_DEAR for sign in _DEAR):
        return []
    tokens = _parser().parse(text)
    return [] if any(token.level >= _PARSER_DEPTH - 2 for token in tokens) else tokens


def is_safe_link(to: str) -> bool:
    return bool(_SAFE_LINK.match(to))


def picture_name(address: str) -> str:
    """Of one of ours, which image:NAME shows; empty for any other address."""
    found = _PICTURE.fullmatch(address)
    return found[1] if found else ""


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _PARSER_DEPTH}).enable("table")
    # We decide on links ourselves, so that the words of a refused one stay.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # the library's way to say so
    return parser


def _plain(text: str) -> list[Block]:
    parts = (clean(part).split() for part in re.split(r"\n\s*\n", text))
    return [{"is": "paragraph", "inlines": [{"is": "text", "text": " ".join(part)}]} for part in parts if part]


class _Builder:
    """Goes through the tokens once, with a stack of what is open."""

    def __init__(self, tokens: Sequence[Token], prefix: str) -> None:
        self._tokens = tokens
        self._open: list[list[Block]] = [[]]
        self._lists: list[Bullets | None] = []
        self._table: Table = {"is": "table", "caption": "", "columns": [], "rows": []}
        self._anchors = dict(_anchors(tokens, prefix))
        self._prefix = prefix

    def blocks(self) -> list[Block]:
        for n, token in enumerate(self._tokens):
            handler = _HANDLERS.get(token.type)
            if handler:
                handler(self, token)
            elif token.type == "inline":
                self._inline(token, self._tokens[n - 1], n)
        return self._open[0]

    def open_quote(self, token: Token) -> None:
        inner: list[Block] = self._open[-1]
        if len(self._open) <= MOST_DEPTH:
            inner = []
            self._open[-1].append({"is": "quote", "blocks": inner})
        self._open.append(inner)

    def close(self, token: Token) -> None:
        self._open.pop()

    def open_list(self, token: Token) -> None:
        if len(self._open) > MOST_DEPTH:
            self._lists.append(None)
            return
        start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
        found: Bullets = {"is": "list", "start": start, "items": []}
        self._open[-1].append(found)
        self._lists.append(found)

    def close_list(self, token: Token) -> None:
        self._lists.pop()

    def open_item(self, token: Token) -> None:
        inner: list[Block] = self._open[-1]
        found = self._lists[-1]
        if found:
            inner = []
            found["items"].append(inner)
        self._open.append(inner)

    def code(self, token: Token) -> None:
        self._open[-1].append({"is": "code_block", "text": clean(token.content).rstrip("\n")})

    def rule(self, token: Token) -> None:
        self._open[-1].append({"is": "rule"})

    def open_table(self, token: Token) -> None:
        self._table = {"is": "table", "caption": "", "columns": [], "rows": []}
        self._open[-1].append(self._table)

    def open_row(self, token: Token) -> None:
        if self._table["columns"]:
            self._table["rows"].append([])

    def _inline(self, token: Token, before: Token, position: int) -> None:
        found = _inlines(token.children or [], self._link)
        if before.type == "th_open":
            column: Column = {"title": words_of(found).strip(), "is_numeric": "right" in str(before.attrs.get("style"))}
            self._table["columns"].append(column)
        elif before.type == "td_open":
            self._table["rows"][-1].append(found)
        elif before.type == "heading_open" and len(self._open) == 1:
            level = min(MOST_HEADING_LEVELS, max(1, int(before.tag[1:]) - 1))
            anchor = self._anchors[position]
            self._open[-1].append({"is": "heading", "level": level, "inlines": found, "anchor": anchor})
        elif found:
            self._open[-1].append(_prose(token, found, is_heading=before.type == "heading_open"))

    def _link(self, to: str) -> str:
        """An anchor of this text has its prefix; any other is of another section."""
        own = f"#{self._prefix}-{to[1:]}"
        return own if to.startswith("#") and own[1:] in self._anchors.values() else to


_HANDLERS: Final[Mapping[str, Callable[[_Builder, Token], None]]] = {
    "blockquote_open": _Builder.open_quote,
    "blockquote_close": _Builder.close,
    "bullet_list_open": _Builder.open_list,
    "ordered_list_open": _Builder.open_list,
    "bullet_list_close": _Builder.close_list,
    "ordered_list_close": _Builder.close_list,
    "list_item_open": _Builder.open_item,
    "list_item_close": _Builder.close,
    "fence": _Builder.code,
    "code_block": _Builder.code,
    "hr": _Builder.rule,
    "table_open": _Builder.open_table,
    "tr_open": _Builder.open_row,
}


def _prose(token: Token, found: list[Inline], *, is_heading: bool) -> Block:
    """A heading inside of something else is no part of the outline; a picture from elsewhere is a remark of what it
    shows."""
    children = token.children or []
    if is_heading:
        return {"is": "paragraph", "inlines": [{"is": "strong", "inlines": found}]}
    if len(children) == 1 and children[0].type == "image":
        if name := picture_name(str(children[0].attrs.get("src", ""))):
            return {"is": "picture", "name": name, "alt": words_of(found).strip()}
        return {"is": "note", "tone": "", "blocks": [{"is": "paragraph", "inlines": found}]}
    return {"is": "paragraph", "inlines": found}


def _anchors(tokens: Sequence[Token], prefix: str) -> Iterator[tuple[int, str]]:
    """The anchor of each heading, by the place of its words."""
    used: set[str] = set()
    for n, token in enumerate(tokens):
        if token.type != "inline" or tokens[n - 1].type != "heading_open":
            continue
        words = words_of(_inlines(token.children or [], lambda to: to))
        anchor = base = f"{prefix}-{anchor_of(words)}" if prefix else anchor_of(words)
        count = 1
        while anchor in used:
            count += 1
            anchor = f"{base}-{count}"
        used.add(anchor)
        yield n, anchor


def _inlines(tokens: Sequence[Token], link: Callable[[str], str]) -> list[Inline]:
    found: list[Inline] = []
    stack = [found]
    for token in tokens:
        if token.nesting == -1:
            inner = stack.pop()
            if not inner and stack[-1] and stack[-1][-1].get("inlines") is inner:
                stack[-1].pop()
        elif token.nesting == 1:
            stack.append(_opened(token, stack, link))
        else:
            stack[-1].extend(_leaf(token))
    return found


def _opened(token: Token, stack: Sequence[list[Inline]], link: Callable[[str], str]) -> list[Inline]:
    """Where the content of strong, emphasis or a link goes: to what is around it if it is refused or nested deeply."""
    inner: list[Inline] = []
    part: Any = None
    if token.type == "strong_open":
        part = {"is": "strong", "inlines": inner}
    elif token.type == "em_open":
        part = {"is": "emphasis", "inlines": inner}
    elif is_safe_link(str(token.attrs.get("href", ""))):
        part = {"is": "link", "inlines": inner, "to": link(str(token.attrs["href"]))}
    if part is None or len(stack) > MOST_DEPTH:
        return stack[-1]
    stack[-1].append(part)
    return inner


def _leaf(token: Token) -> list[Inline]:
    if token.type == "hardbreak":
        return [{"is": "break"}]
    if token.type == "code_inline":
        return [{"is": "code", "text": clean(token.content)}]
    if token.type == "image":
        return _alternative(token)
    words = " " if token.type == "softbreak" else clean(token.content)
    return [{"is": "text", "text": words}] if words else []


def _alternative(token: Token) -> list[Inline]:
    """What a picture shows, in words: within a sentence there is no place for it."""
    words = words_of(_inlines(token.children or [], lambda to: to)).strip()
    return [{"is": "emphasis", "inlines": [{"is": "text", "text": words}]}] if words else []
