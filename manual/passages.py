"""An edition in passages: what search finds, each with a place of its own in the page.

Knows no model, so that the migration which writes them for older editions can use it, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from kpiproject.documents.tree import Block, Inline, Section, rows_of, words_of
from kpiproject.documents.words import lines as lines_of
from manual import other_names
from manual.plain_words import plain

Kind = Literal["section", "kpi", "heading", "table", "note", "text"]
CARD: Final = "kpi-"
# So many characters stand at one place before the next begins: about what a phone shows at once.
_FAR: Final = 700
_APART: Final = frozenset({"table", "note", "quote"})
# What is no part of a card any more once its facts are told.
_TOLD: Final = frozenset({"paragraph", "list", "note", "quote", "code_block", "picture"})
_CELL: Final = " · "


class Passage(NamedTuple):
    """The fields of a manual.models.Passage."""

    position: int
    kind: Kind
    slug: str
    number: str
    title: str
    heading: str
    also: str
    anchor: str
    text: str
    language: str
    name_words: str
    own_words: str
    context_words: str


@dataclass
class Piece:
    """Blocks at one place. `heading` is the one above them; it stands at this place where the piece `is_first`."""

    place: str
    heading: Any = None
    is_first: bool = True
    blocks: list[Block] = field(default_factory=list)

    @property
    def is_card(self) -> bool:
        return self.is_first and self.place.startswith(CARD)


class _Found(NamedTuple):
    """A passage without its surroundings; `context` are words that help to find it and stand elsewhere."""

    kind: Kind
    anchor: str
    heading: str
    names: Sequence[str]
    text: str
    also: Sequence[str] = ()
    context: Sequence[str] = ()


def card_anchor(code: str) -> str:
    """Of the card of a KPI."""
    return f"{CARD}{code.replace('_', '-')}"


def row_place(place: str, number: int) -> str:
    """Of a row of the table at a place, counted from 1."""
    return f"{place}.{number}"


def passages(content: Mapping[str, Any], figures: Mapping[str, Any]) -> Iterator[Passage]:
    """In the order of the edition."""
    sections = content.get("sections") or []
    codes = {card_anchor(code): code for code in _codes(figures)}
    also = other_names.of_cards(sections)
    language = str(content.get("language", "")).partition("-")[0][:8].lower()
    position = 0
    for section in sections:
        for found in _of_section(section, codes, also):
            position += 1
            yield Passage(
                position=position,
                kind=found.kind,
                slug=section["anchor"],
                number=section["number"],
                title=section["title"],
                heading=found.heading,
                also=_CELL.join(found.also),
                anchor=found.anchor,
                text=found.text,
                language=language,
                name_words="".join(f"\n{name}" for name in map(plain, found.names) if name) + "\n",
                own_words=plain(found.text),
                context_words=plain("\n".join((section["title"], *found.context))),
            )


def pieces(section: Section) -> Iterator[Piece]:
    """A heading begins a piece, and so does a table, a remark, and what stands far below them. The card of a KPI is
    one piece. Where a piece begins is told by the nearest heading and how many blocks follow it, so that places above
    a change stay as they are."""
    place, count = section["anchor"], 0
    current = Piece(place)
    for block in section["blocks"]:
        if block["is"] == "heading":
            yield current
            place, count = block["anchor"], 0
            current = Piece(place, heading=block)
            continue
        count += 1
        if _begins(current, block):
            yield current
            current = Piece(f"{place}.{count}", heading=current.heading, is_first=False)
        current.blocks.append(block)
    yield current


def _begins(current: Piece, block: Block) -> bool:
    kinds = [each["is"] for each in current.blocks]
    if block["is"] == "rule":
        return False
    if current.is_card:
        return "facts" in kinds and block["is"] in _TOLD
    if block["is"] in _APART or _APART.intersection(kinds):
        return True
    return sum(map(len, lines_of(current.blocks))) > _FAR


def _codes(figures: Mapping[str, Any]) -> set[str]:
    return {name[4:].rpartition(".")[0] for name in figures if name.startswith("kpi:")}


def _of_section(section: Section, codes: Mapping[str, str], also: Mapping[str, Sequence[str]]) -> Iterator[_Found]:
    for piece in pieces(section):
        if piece.is_first:
            yield _first(piece, section, codes, also)
        elif piece.blocks[0]["is"] == "table":
            yield from _table(piece)
        elif text := "\n".join(lines_of(piece.blocks)):
            kind: Kind = "note" if piece.blocks[0]["is"] == "note" else "text"
            yield _Found(kind, piece.place, _heading(piece), (), text, context=[_heading(piece)])


def _first(piece: Piece, section: Section, codes: Mapping[str, str], also: Mapping[str, Sequence[str]]) -> _Found:
    text = "\n".join(lines_of(piece.blocks))
    if piece.heading is None:
        return _Found("section", piece.place, "", [section["title"]], text)
    name, code = _heading(piece), codes.get(piece.place, "")
    if not code:
        return _Found("heading", piece.place, name, [name], text)
    others = also.get(piece.place, ())
    names = [name, code, *others, *map(other_names.shortened, others)]
    return _Found("kpi", piece.place, name, names, text, also=others)


def _heading(piece: Piece) -> str:
    return " ".join(words_of(piece.heading["inlines"]).split()) if piece.heading else ""


def _table(piece: Piece) -> Iterator[_Found]:
    """The table by its caption, and each of its rows, so that words of different rows find none."""
    table: Any = piece.blocks[0]
    caption, heads = table["caption"].strip(), [column["title"] for column in table["columns"]]
    above = [_heading(piece)]
    yield _Found("table", piece.place, caption or above[0], [caption], _CELL.join(heads), context=above)
    is_named = bool(table["columns"]) and not table["columns"][0]["is_numeric"]
    for number, row in enumerate(rows_of(table), start=1):
        cells = [_cell(cell) for cell in row]
        if any(cells):
            names, text = cells[: 1 if is_named else 0], _CELL.join(filter(None, cells))
            place, context = row_place(piece.place, number), [*above, caption, *heads]
            yield _Found("table", place, caption or above[0], names, text, context=context)


def _cell(cell: Sequence[Inline]) -> str:
    return " ".join(words_of(cell).split())
