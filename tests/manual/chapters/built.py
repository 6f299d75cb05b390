"""Chapters as a test reads them."""

from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from kpiproject.documents import words
from kpiproject.documents.tree import Block
from manual.chapters import CHAPTERS, Built, Context

AS_OF = datetime(2026, 6, 15, 12, tzinfo=UTC)
"""The last complete month is May 2026."""


def build(code: str, as_of: datetime = AS_OF) -> Built:
    return CHAPTERS[code].build(Context.at(as_of))


def lines(code: str, as_of: datetime = AS_OF) -> list[str]:
    return words.lines(build(code, as_of).blocks)


def figures(code: str, as_of: datetime = AS_OF) -> dict[str, str]:
    return {name: figure["words"] for name, figure in build(code, as_of).figures.items()}


def tables(blocks: list[Block]) -> dict[str, list[list[str]]]:
    """The rows of every table by its caption."""
    return {
        block["caption"]: [[words_in(cell) for cell in row] for row in block["rows"]]
        for block in blocks
        if block["is"] == "table"
    }


def facts(blocks: list[Block], anchor: str) -> dict[str, str]:
    """The facts under a heading, also those that are folded away."""
    found = [block for block in beneath(blocks, anchor) if block["is"] == "facts"]
    return {name: words_in(value) for block in found for name, value in block["items"]}


def beneath(blocks: list[Block], anchor: str) -> list[Any]:
    """What stands under a heading, up to the next one."""
    places = [place for place, block in enumerate(blocks) if block["is"] == "heading" and block["anchor"] == anchor]
    return list(takewhile(lambda block: block["is"] != "heading", blocks[places[0] + 1 :]))


def words_in(cell) -> str:
    return words.lines([{"is": "paragraph", "inlines": list(cell)}])[0] if cell else ""
