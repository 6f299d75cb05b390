"""Editions with something in them, for tests."""

from typing import Any

from kpiproject.documents import tree
from manual.models import Edition
from tests.factories import EditionFactory


def section(anchor: str, *blocks: tree.Block, number: str = "1", title: str = "") -> tree.Section:
    return {"anchor": anchor, "number": number, "title": title or anchor.capitalize(), "blocks": list(blocks)}


def edition(*sections: tree.Section, **fields: Any) -> Edition:
    content = {
        "title": "Customer Service Manual",
        "subtitle": "My organisation",
        "language": "en",
        "facts": [],
        "sections": list(sections),
    }
    return EditionFactory(content=content, **fields)
