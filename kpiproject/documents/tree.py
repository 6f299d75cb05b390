"""What a document is made of: plain dicts, so that it can be stored as JSON and hashed.

Everything that people or data bring in is text in these dicts and never code: each writer (web, pdf, words) escapes it
in its own way. Makers below spare the reader the key names.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, NotRequired, TypedDict

# Control characters, lone surrogates, and marks that turn around the reading direction of what follows.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff]")

# Of a figure that stands in a text: `is_measured`, and `n`, on how many cases it rests. `is_person`: somebody's name.
Text = TypedDict(
    "Text",
    {
        "is": Literal["text"],
        "text": str,
        "n": NotRequired[int],
        "is_measured": NotRequired[bool],
        "is_person": NotRequired[bool],
    },
)
Code = TypedDict("Code", {"is": Literal["code"], "text": str})
Break = TypedDict("Break", {"is": Literal["break"]})
Strong = TypedDict("Strong", {"is": Literal["strong"], "inlines": "list[Inline]"})
Emphasis = TypedDict("Emphasis", {"is": Literal["emphasis"], "inlines": "list[Inline]"})
# What is less important, or no longer to be believed.
Muted = TypedDict("Muted", {"is": Literal["muted"], "inlines": "list[Inline]"})
# `to` is https:, http:, mailto: or "#anchor" of this document.
Link = TypedDict("Link", {"is": Literal["link"], "inlines": "list[Inline]", "to": str})
Inline = Text | Code | Break | Strong | Emphasis | Muted | Link

# `level` 1 is one below the title of the section; `anchor` is unique in the document.
Heading = TypedDict("Heading", {"is": Literal["heading"], "level": int, "inlines": list[Inline], "anchor": str})
Paragraph = TypedDict("Paragraph", {"is": Literal["paragraph"], "inlines": list[Inline]})
Bullets = TypedDict("Bullets", {"is": Literal["list"], "start": int | None, "items": "list[list[Block]]"})
Quote = TypedDict("Quote", {"is": Literal["quote"], "blocks": "list[Block]"})
CodeBlock = TypedDict("CodeBlock", {"is": Literal["code_block"], "text": str})
Rule = TypedDict("Rule", {"is": Literal["rule"]})
# A remark set apart; `tone` is "", "good", "warn" or "bad".
Note = TypedDict("Note", {"is": Literal["note"], "tone": str, "blocks": "list[Block]"})
# Names with what is to be said of each, such as a KPI's formula, source and n. `folded` are the words under which pages
# fold them away until a reader wants them; a print has them in full.
Facts = TypedDict(
    "Facts", {"is": Literal["facts"], "items": list[tuple[str, list[Inline]]], "folded": NotRequired[str]}
)


class Column(TypedDict):
    title: str
    is_numeric: bool


# `is_folded`: pages fold it away under its caption.
Table = TypedDict(
    "Table",
    {
        "is": Literal["table"],
        "caption": str,
        "columns": list[Column],
        "rows": list[list[list[Inline]]],
        "is_folded": NotRequired[bool],
    },
)
# A Vega-Lite specification of kpiproject.lib.charts; `title` is its alternative text. Its numbers stand in a table.
Chart = TypedDict("Chart", {"is": Literal["chart"], "title": str, "spec": dict[str, Any]})
# Named by its address in the text (image:NAME); `alt` says what is to be seen. Whoever keeps it fills in the rest: the
# SHA-256 of its bytes, "png" or "jpg", and its size in pixels.
Picture = TypedDict(
    "Picture",
    {
        "is": Literal["picture"],
        "name": str,
        "alt": str,
        "digest": NotRequired[str],
        "kind": NotRequired[str],
        "width": NotRequired[int],
        "height": NotRequired[int],
    },
)
Block = Heading | Paragraph | Bullets | Quote | CodeBlock | Rule | Note | Facts | Table | Chart | Picture


class Section(TypedDict):
    """A numbered part with an address of its own. `number` is empty for parts that are not counted. What `is_inside` is
    not for people outside, unless they were given it by name."""

    anchor: str
    number: str
    title: str
    blocks: list[Block]
    is_inside: NotRequired[bool]


class Document(TypedDict):
    """`facts` and the whole `digest` stand on the cover, `foot` on every printed page; `language` is a BCP 47 tag,
    `date` an ISO date.

    For a print, `pictures` are the bytes of its pictures by name; without them their words are printed.
    """

    title: str
    subtitle: str
    language: str
    facts: list[tuple[str, str]]
    foot: NotRequired[str]
    digest: NotRequired[str]
    date: NotRequired[str]
    pictures: NotRequired[dict[str, bytes]]
    sections: list[Section]


def text(words: str) -> Text:
    return {"is": "text", "text": words}


def strong(words: str) -> Strong:
    return {"is": "strong", "inlines": [text(words)]}


def muted(*parts: str | Inline) -> Muted:
    return {"is": "muted", "inlines": inlines(*parts)}


def person(name: str) -> Text:
    """Somebody's name, so that it can be taken out where it is nobody's business."""
    return {"is": "text", "text": name, "is_person": True}


def link(words: str, to: str) -> Link:
    return {"is": "link", "inlines": [text(words)], "to": to}


def paragraph(*parts: str | Inline) -> Paragraph:
    return {"is": "paragraph", "inlines": inlines(*parts)}


def inlines(*parts: str | Inline) -> list[Inline]:
    return [text(part) if isinstance(part, str) else part for part in parts]


def heading(level: int, words: str, anchor: str) -> Heading:
    return {"is": "heading", "level": level, "inlines": [text(words)], "anchor": anchor}


def bullets(items: Iterable[str | Sequence[Inline]], *, start: int | None = None) -> Bullets:
    """A list; numbered from `start` on if that is given."""
    found: list[list[Block]] = [
        [paragraph(item)] if isinstance(item, str) else [{"is": "paragraph", "inlines": list(item)}] for item in items
    ]
    return {"is": "list", "start": start, "items": found}


def note(tone: str, *blocks: Block) -> Note:
    return {"is": "note", "tone": tone, "blocks": list(blocks)}


def facts(*items: tuple[str, str | Sequence[Inline]]) -> Facts:
    """Those with nothing to say are left out."""
    return {"is": "facts", "items": [(name, cell(value)) for name, value in items if value]}


def folded(block: Facts | Table, words: str = "") -> Facts | Table:
    """The same, folded away on pages: facts under some words, a table under its caption."""
    if block["is"] == "facts":
        return {**block, "folded": words}
    return {**block, "is_folded": True}


def table(caption: str, columns: Iterable[str], rows: Iterable[Iterable[str | Sequence[Inline]]]) -> Table:
    """A column whose title begins with "#" holds numbers; the sign is not shown."""
    heads: list[Column] = [{"title": title.removeprefix("#"), "is_numeric": title.startswith("#")} for title in columns]
    cells = [[cell(value) for value in row] for row in rows]
    return {"is": "table", "caption": caption, "columns": heads, "rows": cells}


def rows_of(found: Table) -> list[list[list[Inline]]]:
    """The rows, each with as many cells as there are columns."""
    count = len(found["columns"])
    return [[*row[:count], *([] for _missing in range(count - len(row)))] for row in found["rows"]]


def cell(value: str | Sequence[Inline]) -> list[Inline]:
    return [text(value)] if isinstance(value, str) else list(value)


def words_of(parts: Iterable[Inline]) -> str:
    """The words of inlines without their looks."""
    found = []
    for part in parts:
        if part["is"] == "break":
            found.append(" ")
        elif part["is"] in ("text", "code"):
            found.append(part["text"])
        else:
            found.append(words_of(part["inlines"]))  # type: ignore[typeddict-item]  # the same
    return "".join(found)


def anchor_of(words: str) -> str:
    """Fit for an address: small letters, digits and hyphens; "part" where nothing else is left."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "part"


def clean(words: str) -> str:
    """Without characters that no page and no print can show. Line ends and tabs stay."""
    return _UNWANTED.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
