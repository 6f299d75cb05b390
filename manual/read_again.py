"""What is different in one section since somebody confirmed it."""

from dataclasses import dataclass
from typing import Any

from manual import difference, queries
from manual.difference import Difference
from manual.models import Edition


@dataclass(frozen=True)
class _Cut:
    """One section of an edition, with what is decided and measured in it."""

    content: Any
    figures: Any


def since(number: int, edition: Edition, slug: str) -> Difference | None:
    """Between the edition of that number and this one; None where there is nothing to compare with."""
    before = queries.edition(number)
    if before is None or not _has(before, slug):
        return None
    return difference.compare(_cut(before, slug), _cut(edition, slug))


def _has(edition: Edition, slug: str) -> bool:
    return any(section["anchor"] == slug for section in edition.content["sections"])


def _cut(edition: Edition, slug: str) -> _Cut:
    sections = [section for section in edition.content["sections"] if section["anchor"] == slug]
    figures = {
        name: figure
        for name, figure in edition.figures.items()
        if name == f"text:{slug}" or figure.get("section") == slug
    }
    return _Cut(content={"sections": sections}, figures=figures)
