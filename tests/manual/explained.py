"""What the manual must explain, read from the registries of the code, and whether a document does."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from goals.models import AlertRule
from kpiproject.documents import tree, words
from manual.chapters import running
from metrics.kpi import CATALOGUE
from metrics.sources.columns import KINDS
from metrics.sources.formats import READERS
from surveys import scales
from surveys.blueprints import BLUEPRINTS

_READ = re.compile(r'env\.(?:text|flag|integer|words|database|email)\(\s*"([A-Z_]+)"')


def settings_read(source: str | None = None) -> set[str]:
    """The names of all settings that the code reads from the environment."""
    path = Path(settings.BASE_DIR) / "kpiproject" / "settings.py"
    return set(_READ.findall(source if source is not None else path.read_text(encoding="utf-8")))


def missing(document: tree.Document, *, read: set[str] | None = None) -> list[str]:
    """What there is and the document does not explain, in the order of the registries."""
    return [
        *_without_row(document, "every-kpi", [str(kpi.name) for kpi in CATALOGUE.values()]),
        *_without_line(document, "every-survey", [str(kind.name) for kind in scales.KINDS.values()]),
        *_without_row(document, "every-survey", [str(found.name) for found in BLUEPRINTS.values()]),
        *_without_row(document, "every-alarm", [_capital(str(kind.label)) for kind in AlertRule.Kind]),
        *_without_fact(document, "every-alarm", [_capital(str(state.label)) for state in AlertRule.State]),
        *_without_system(document),
        *_without_column(document),
        *_without_setting(document, sorted(settings_read() if read is None else read)),
        *_without_row(document, "running", sorted(running.commands())),
    ]


def section(document: tree.Document, anchor: str) -> tree.Section:
    return next(each for each in document["sections"] if each["anchor"] == anchor)


def rows(document: tree.Document, anchor: str) -> dict[str, list[str]]:
    """The rows of all tables of a section by what their first cell says."""
    tables = [block for block in section(document, anchor)["blocks"] if block["is"] == "table"]
    found = ([tree.words_of(cell) for cell in row] for table in tables for row in table["rows"])
    return {row[0]: row[1:] for row in found}


def facts(document: tree.Document, anchor: str) -> dict[str, str]:
    blocks = [block for block in section(document, anchor)["blocks"] if block["is"] == "facts"]
    return {name: tree.words_of(value) for block in blocks for name, value in block["items"]}


def _without_row(document: tree.Document, anchor: str, names: list[str]) -> Iterator[str]:
    """Something must stand beside the name."""
    told = rows(document, anchor)
    yield from (name for name in names if not any(told.get(name, [])))


def _without_fact(document: tree.Document, anchor: str, names: list[str]) -> Iterator[str]:
    told = facts(document, anchor)
    yield from (name for name in names if not told.get(name))


def _without_line(document: tree.Document, anchor: str, names: list[str]) -> Iterator[str]:
    lines = words.lines(section(document, anchor)["blocks"])
    yield from (name for name in names if name not in lines)


def _without_system(document: tree.Document) -> Iterator[str]:
    told = list(rows(document, "every-import").values())
    yield from list(READERS)[len(told) :]


def _without_column(document: tree.Document) -> Iterator[str]:
    said = " ".join(words.lines(section(document, "every-import")["blocks"]))
    for kind, columns in KINDS.items():
        yield from (f"{kind}.{column.name}" for column in columns if f"{column.name} " not in said)


def _without_setting(document: tree.Document, names: list[str]) -> Iterator[str]:
    said = "\n".join(words.lines(section(document, "running")["blocks"]))
    yield from (name for name in names if f"{name}: " not in said)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
