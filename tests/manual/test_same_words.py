"""A full edition says the same on the page, in its file of HTML, in Markdown and in print: every heading, every cell of
every table, every line with its numbers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from kpiproject.documents import markdown, pdf, tree, words
from manual import pictures, rendering, standalone
from manual.drafts import draft
from manual.editions import printable
from manual.models import Edition
from tests.kpiproject.documents.tags import Read
from tests.kpiproject.documents.trees import HOSTILE
from tests.manual import company
from tests.manual.chapters.built import AS_OF
from tests.manual.documents import edition, section
from tests.manual.test_standalone import Reader
from tests.manual_factories import picture
from tests.worlds import world

pytestmark = pytest.mark.django_db

ARABIC = "\u0639\u0631\u0628\u064a\u0629"
OWN = f"""
## Our own words

We answer in {ARABIC} too. A long word: {"Donaudampfschifffahrtsgesellschaft" * 8}.

| When | What | How often |
| --- | :--- | ---: |
| always | **never** `code` | 1,234.5 |
| a \\| b | | 7 |

1. First
   - within it, 62 %
2. Second

> Said by somebody.

```
csat = satisfied / answered
```
"""


@pytest.fixture(scope="module", autouse=True)
def _company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with world(django_db_blocker):
        company.found()
        yield


@pytest.fixture
def published() -> Edition:
    """The chapters as they are generated, and a section with everything that a person can write."""
    shown = pictures.described(markdown.parse(f"![A red thing](image:{picture().name})"))
    warning = tree.note("warn", tree.paragraph("Not before 9 a.m."), tree.paragraph(HOSTILE))
    own = section("own", *markdown.parse(OWN, anchor_prefix="own"), *shown, warning, number="99")
    found = edition(*draft(AS_OF).document["sections"], own)
    found.refresh_from_db()
    return found


@dataclass(frozen=True)
class Said:
    """What one way to read an edition says. `text` is without spaces."""

    headings: list[str]
    cells: list[str]
    text: str


def of_tree(found: Edition) -> Said:
    sections = found.content["sections"]
    headings, cells = [], []
    for part in sections:
        headings.append(f"{part['number']} {part['title']}")
        inner_headings, inner_cells = _in_blocks(part["blocks"])
        headings += inner_headings
        cells += inner_cells
    return Said(_plain(headings), _plain(cells), "")


def of_page(page: str) -> Said:
    read = Reader(page)
    return Said(_plain(read.headings), _plain(read.cells), _signs(read.text))


def of_markdown(found: Edition) -> Said:
    blocks = markdown.parse(words.to_markdown(found.content))
    headings, cells = _in_blocks(blocks)
    return Said(_plain(headings), _plain(cells), _signs("".join(words.lines(blocks))))


def of_print(found: Edition) -> Said:
    read = Read(pdf.render(printable(found)))
    assert read.says("pdfuaid:part") == "1"
    cells = [tag.said() for table in read.tags.all("Table") for tag in table.all("TH", "TD")]
    return Said(
        _plain(words for _level, words in read.outline()),
        _plain(cells),
        _signs(_as_read(read.tags.said() + "".join(read.figures()))),
    )


def _in_blocks(blocks: Iterable[Any]) -> tuple[list[str], list[str]]:
    headings, cells = [], []
    for block in blocks:
        if block["is"] == "heading":
            headings.append(tree.words_of(block["inlines"]))
        if block["is"] == "table":
            cells += [column["title"] for column in block["columns"]]
            cells += [tree.words_of(cell) for row in tree.rows_of(block) for cell in row]
    return headings, cells


def _as_read(text: str) -> str:
    """Letters that are read from right to left stand in a print in the order in which they are drawn."""
    return re.sub(r"[\u0590-\u08ff]+", lambda found: found[0][::-1], text)


def _plain(found: Iterable[str]) -> list[str]:
    return [_signs(words) for words in found]


def _signs(words: str) -> str:
    """Without spaces, and without the places where a long word may break."""
    return re.sub(r"[\s\u200b]+", "", words)


def test_every_way_to_read_an_edition_says_the_same(published: Edition) -> None:
    told = of_tree(published)
    page = of_page(rendering.of_edition(published).body)
    file = of_page(standalone.of_edition(published))
    written, printed = of_markdown(published), of_print(published)
    assert len(told.headings) > 60
    assert len(told.cells) > 300
    assert page.headings == file.headings[1:] == written.headings[1:] == printed.headings[1:] == told.headings
    assert (file.headings[0], written.headings[0], printed.headings[0]) == (*["CustomerServiceManual"] * 2, "Contents")
    assert page.cells == file.cells == written.cells == printed.cells == told.cells
    for line in _lines(published):
        for way in (page, file, written, printed):
            assert line in way.text, line


def _lines(found: Edition) -> set[str]:
    """Titles of charts too; tables and facts stand in their cells."""
    lines = words.lines(block for part in found.content["sections"] for block in part["blocks"])
    return {_signs(part) for line in lines for part in re.split(r"\s*\|\s*|: ", line)}
