"""The prose a new manual begins with."""

from pathlib import Path

import pytest

from kpiproject.documents import markdown, words
from manual import starter
from manual.chapters import CHAPTERS
from manual.starter import STARTERS, Starter

_SLUGS = {entry.slug for entry in STARTERS}


@pytest.mark.parametrize("entry", STARTERS, ids=lambda entry: entry.slug)
def test_starter_has_prose_that_can_be_published(entry: Starter) -> None:
    said = " ".join(words.lines(markdown.parse(entry.text)))
    assert len(said) > 50
    for placeholder in ("TODO", "XXX", "[Company]", "lorem", "…", "<", "{{"):
        assert placeholder not in said


@pytest.mark.parametrize("entry", STARTERS, ids=lambda entry: entry.slug)
def test_starter_points_only_to_chapters_that_exist(entry: Starter) -> None:
    links = {part.split(")")[0] for part in entry.text.split("](#")[1:]}
    assert links <= _SLUGS


def test_starters_use_every_chapter_once_and_every_file() -> None:
    chapters = [entry.chapter for entry in STARTERS if entry.chapter]
    assert chapters == list(CHAPTERS)
    files = {path.stem for path in (Path(starter.__file__).parent / "content").glob("*.md")}
    assert files == _SLUGS
