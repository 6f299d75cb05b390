"""Documents as plain words: lines for comparing, and Markdown that says the same when it is read again."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any, Final

from kpiproject.documents.markdown import is_safe_link
from kpiproject.documents.tree import Block, Document, Inline, Section, clean, rows_of, words_of

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>&|~])")
# Whatever begins a line and would make it something other than a paragraph.
_BEGINNING: Final = re.compile(r"^([#+\-=:])|^(\d{1,9})([.)])(?=\s|$)")
_CELL: Final = " | "


def lines(blocks: Iterable[Block]) -> list[str]:
    """One line for each paragraph, entry, row and title, without looks and without empty ones."""
    found = (" ".join(clean(line).split()) for block in blocks for line in _LINES[block["is"]](block))
    return [line for line in found if line]


def to_markdown(document: Document) -> str:
    """The whole document, and what tells its copies apart. Charts are told by their title: their numbers stand in a
    table."""
    parts = [_headline(1, document["title"]), _paragraph(document["subtitle"])]
    parts += [f"- {_paragraph(name)}: {_escaped(value)}" for name, value in document["facts"]]
    for section in document["sections"]:
        parts += [_section_title(section), *(_MARKDOWN[block["is"]](block) for block in section["blocks"])]
    if foot := _paragraph(document.get("foot", "")):
        parts += ["***", foot]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _section_title(section: Section) -> str:
    return _headline(2, f"{section['number']} {section['title']}")


def _block_lines(block: Any) -> Iterator[str]:
    yield words_of(block["inlines"])


def _inner_lines(block: Any) -> Iterator[str]:
    yield from lines(block["blocks"])


def _list_lines(block: Any) -> Iterator[str]:
    for item in block["items"]:
        yield from lines(item)


def _code_lines(block: Any) -> Iterator[str]:
    yield from block["text"].splitlines()


def _facts_lines(block: Any) -> Iterator[str]:
    for name, value in block["items"]:
        yield f"{name}: {words_of(value)}"


def _table_lines(block: Any) -> Iterator[str]:
    yield block["caption"]
    yield _CELL.join(column["title"] for column in block["columns"])
    for row in rows_of(block):
        yield _CELL.join(words_of(cell) for cell in row)


_LINES: Final[Mapping[str, Callable[[Any], Iterable[str]]]] = {
    "heading": _block_lines,
    "paragraph": _block_lines,
    "list": _list_lines,
    "quote": _inner_lines,
    "code_block": _code_lines,
    "rule": lambda _block: (),
    "note": _inner_lines,
    "facts": _facts_lines,
    "table": _table_lines,
    "chart": lambda block: (block["title"],),
    "picture": lambda block: (block["alt"],),
}


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(clean(words).split()))


def _begun(line: str) -> str:
    """A line that stays a paragraph."""
    return _BEGINNING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def _paragraph(words: str) -> str:
    return _begun(_escaped(words))


def _inlines(parts: Iterable[Inline], *, line_end: str = "\\\n", before: str = "") -> str:
    """`line_end` stands for a hard break, `before` is what stands before it in its line."""
    found = ""
    for part in parts:
        found += line_end if part["is"] == "break" else _inline(part, before + found)
    kept = (line.strip() for line in found.split("\\\n"))
    return "\\\n".join(_begun(line) for line in kept if line)


def _inline(part: Any, before: str) -> str:
    kind = part["is"]
    words = clean(part["text"] if "text" in part else words_of(part["inlines"]))
    # A bar would end the cell of a table, even in code.
    if kind == "text" or (kind == "code" and (before.endswith("`") or "|" in words)):
        return _spaced(words, re.sub("!$", r"\!", _escaped(words)))
    if kind == "code":
        return _code(words)
    if kind == "link" and (to := re.sub(r"[\s<>\\]", "", clean(part["to"]))) and is_safe_link(to) and words.strip():
        return _spaced(words, f"[{_escaped(words)}](<{to}>)")
    inner = _inlines(part["inlines"], line_end=" ", before=before)
    mark = {"strong": "**", "emphasis": "*"}.get(kind, "")
    # Elsewhere the marks would be read as signs.
    is_plain = inner[:1].isalnum() and inner[-1:].isalnum() and not before.endswith("*")
    return _spaced(words, f"{mark}{inner}{mark}" if is_plain else inner)


def _spaced(words: str, written: str) -> str:
    """With the space around it that the words had."""
    if not written:
        return " " if words else ""
    return " " * words[:1].isspace() + written + " " * words[-1:].isspace()


def _code(words: str) -> str:
    plain = " ".join(clean(words).split())
    if not plain:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", plain)), default=0))
    return f"{fence} {plain} {fence}" if len(fence) > 1 else f"`{plain}`"


def _blocks(blocks: Iterable[Block]) -> str:
    return "\n\n".join(part for part in (_MARKDOWN[block["is"]](block) for block in blocks) if part.strip())


def _heading(block: Any) -> str:
    return _headline(min(6, block["level"] + 2), words_of(block["inlines"]))


def _headline(level: int, words: str) -> str:
    """Signs at the end would be taken for the end of the heading."""
    line = re.sub(r"(^|\s)(#+)$", r"\1\\\2", _escaped(words))
    return f"{'#' * level} {line}" if line else ""


def _list(block: Any) -> str:
    found = []
    for n, item in enumerate(block["items"]):
        mark = "-" if block["start"] is None else f"{min(max(0, block['start']), 10**8) + n}."
        found.append(f"{mark} " + indent(_blocks(item), " " * (len(mark) + 1)).lstrip())
    return "\n\n".join(found)


def _quote(block: Any) -> str:
    inner = _blocks(block["blocks"])
    return "> " + inner.replace("\n", "\n> ") if inner else ""


def _code_block(block: Any) -> str:
    code = clean(block["text"])
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{fence}\n{code}\n{fence}"


def _facts(block: Any) -> str:
    return "\n\n".join(f"- {_paragraph(name)}: {_inlines(value, line_end=' ')}" for name, value in block["items"])


def _table(block: Any) -> str:
    columns = block["columns"]
    if not columns:
        return _paragraph(block["caption"])
    heads = _row(_escaped(column["title"]) for column in columns)
    rule = _row("---:" if column["is_numeric"] else "---" for column in columns)
    rows = [_row(map(_cell, row)) for row in rows_of(block)]
    table = "\n".join([heads, rule, *rows])
    return f"{_paragraph(block['caption'])}\n\n{table}" if block["caption"].strip() else table


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Sequence[Inline]) -> str:
    return _inlines(value, line_end=" ")


_MARKDOWN: Final[Mapping[str, Callable[[Any], str]]] = {
    "heading": _heading,
    "paragraph": lambda block: _inlines(block["inlines"]),
    "list": _list,
    "quote": _quote,
    "code_block": _code_block,
    "rule": lambda _block: "***",
    "note": _quote,
    "facts": _facts,
    "table": _table,
    "chart": lambda block: _paragraph(block["title"]),
    "picture": lambda block: f"![{_escaped(block['alt'])}](image:{block['name']})",
}
