"""Documents as plain words: lines for comparing, and Markdown that says the same when it is read again."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from kpiproject.documents.markdown import is_safe_link
from kpiproject.documents.tree import Block, Document, Inline, Section, clean, words_of

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>&|~])")
# Whatever begins a line and would make it something other than a paragraph.
_BEGINNING: Final = re.compile(r"^([#+\-=:])|^(\d{1,9})([.)])")
_CELL: Final = " | "


def lines(blocks: Iterable[Block]) -> list[str]:
    """One line for each paragraph, entry, row and title, without looks and without empty ones."""
    found = (" ".join(line.split()) for block in blocks for line in _LINES[block["is"]](block))
    return [line for line in found if line]


def to_markdown(document: Document) -> str:
    """The whole document. Charts are told by their title: their numbers stand in a table."""
    parts = [f"# {_escaped(document['title'])}", _paragraph(document["subtitle"])]
    parts += [f"- {_paragraph(name)}: {_escaped(value)}" for name, value in document["facts"]]
    for section in document["sections"]:
        parts += [_section_title(section), *(_MARKDOWN[block["is"]](block) for block in section["blocks"])]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _section_title(section: Section) -> str:
    return "## " + _escaped(f"{section['number']} {section['title']}".strip())


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
    for row in block["rows"]:
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
}


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(clean(words).split()))


def _begun(line: str) -> str:
    """A line that stays a paragraph."""
    return _BEGINNING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def _paragraph(words: str) -> str:
    return _begun(_escaped(words))


def _inlines(parts: Iterable[Inline], *, line_end: str = "\\\n") -> str:
    """`line_end` stands for a hard break."""
    found = ""
    for part in parts:
        written = line_end if part["is"] == "break" else _inline(part, found)
        found = found + written
    kept = (line.strip() for line in found.split("\\\n"))
    return "\\\n".join(_begun(line) for line in kept if line)


def _inline(part: Any, before: str) -> str:
    kind = part["is"]
    if kind == "text":
        return _spaced(part["text"], _escaped(part["text"]))
    if kind == "code":
        return _code(part["text"])
    inner = _inlines(part["inlines"], line_end=" ")
    if kind == "link":
        return _link(part, inner)
    mark = "**" if kind == "strong" else "*"
    # Elsewhere the marks would be read as signs.
    is_plain = inner[:1].isalnum() and inner[-1:].isalnum() and not before.endswith("*")
    return _spaced(words_of(part["inlines"]), f"{mark}{inner}{mark}" if is_plain else inner)


def _spaced(words: str, written: str) -> str:
    """With the space around it that the words had."""
    if not written:
        return " " if words else ""
    return " " * words[:1].isspace() + written + " " * words[-1:].isspace()


def _link(part: Any, inner: str) -> str:
    to = re.sub(r"[\s<>\\]", "", clean(part["to"]))
    if not is_safe_link(to) or not inner:
        return inner
    words = _escaped(words_of(part["inlines"]))
    return _spaced(words_of(part["inlines"]), f"[{words}](<{to}>)")


def _code(words: str) -> str:
    plain = " ".join(clean(words).split())
    if not plain:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", plain)), default=0))
    return f"{fence} {plain} {fence}" if len(fence) > 1 else f"`{plain}`"


def _blocks(blocks: Iterable[Block]) -> str:
    return "\n\n".join(part for part in (_MARKDOWN[block["is"]](block) for block in blocks) if part.strip())


def _heading(block: Any) -> str:
    words = _escaped(words_of(block["inlines"]))
    return f"{'#' * min(6, block['level'] + 2)} {words}" if words else ""


def _list(block: Any) -> str:
    found = []
    for n, item in enumerate(block["items"]):
        mark = "-" if block["start"] is None else f"{min(max(0, block['start']), 10**8) + n}."
        found.append(f"{mark} " + _blocks(item).replace("\n", "\n" + " " * (len(mark) + 1)))
    return "\n\n".join(found)


def _quote(block: Any) -> str:
    inner = _blocks(block["blocks"])
    return "> " + inner.replace("\n", "\n> ") if inner else ""


def _code_block(block: Any) -> str:
    code = clean(block["text"])
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{fence}\n{code}\n{fence}"


def _facts(block: Any) -> str:
    return "\n\n".join(
        f"- {_paragraph(name)}: {_inlines(value, line_end=' ').removeprefix(chr(92))}" for name, value in block["items"]
    )


def _table(block: Any) -> str:
    columns = block["columns"]
    if not columns:
        return _paragraph(block["caption"])
    heads = _row(_escaped(column["title"]) for column in columns)
    rule = _row("---:" if column["is_numeric"] else "---" for column in columns)
    rows = [_row(_cell(value) for value in _fitting(row, len(columns))) for row in block["rows"]]
    table = "\n".join([heads, rule, *rows])
    return f"{_paragraph(block['caption'])}\n\n{table}" if block["caption"].strip() else table


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Sequence[Inline]) -> str:
    """Code in a table: a bar in it would end the cell, so it is written as words."""
    return _inlines(
        ({"is": "text", "text": part["text"]} if part["is"] == "code" else part for part in value), line_end=" "
    )


def _fitting(row: Sequence[Sequence[Inline]], count: int) -> list[Sequence[Inline]]:
    return [*row[:count], *([[]] * (count - len(row)))]


_MARKDOWN: Final[Mapping[str, Callable[[Any], str]]] = {
    "heading": _heading,
    "paragraph": lambda block: _inlines(block["inlines"]),
    "list": _list,
    "quote": _quote,
    "code_block": _code_block,
    "rule": lambda _block: "---",
    "note": _quote,
    "facts": _facts,
    "table": _table,
    "chart": lambda block: _paragraph(block["title"]),
}
