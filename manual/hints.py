"""What somebody should look at before an edition is published. Nothing of it keeps them from publishing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from manual import checks, queries, written
from manual.chapters import CHAPTERS
from manual.drafts import Draft


@dataclass(frozen=True, kw_only=True)
class Hint:
    """`slug` is the section that it is about."""

    kind: Literal["bare", "doubt", "check"]
    sentence: str
    slug: str


def hints(found: Draft, *, changed: Collection[tuple[str, str]]) -> list[Hint]:
    """Chapters without anything to generate first, then links that lead nowhere, then checks whose section has changed;
    `changed` are short names and titles."""
    return [*_bare(found), *_doubts(found), *_checks(changed)]


def _bare(found: Draft) -> Iterator[Hint]:
    """What a new organisation still has to set up, if it wants its manual to say it."""
    said = _("“%(title)s”: Plumbline has nothing to write in it yet. It would write: %(about)s")
    for section in queries.shown_sections():
        chapter = CHAPTERS.get(section.chapter)
        if chapter is not None and section.slug in found.bare:
            words = {"title": section.title, "about": chapter.about}
            yield Hint(kind="bare", sentence=said % words, slug=section.slug)


def _doubts(found: Draft) -> Iterator[Hint]:
    said = _("“%(title)s”: %(fault)s")
    for section, fault in written.doubts(found.document):
        words = {"title": section.title, "fault": fault.sentence}
        yield Hint(kind="doubt", sentence=said % words, slug=section.slug)


def _checks(changed: Collection[tuple[str, str]]) -> Iterator[Hint]:
    """A question whose right answer was true of the text before would teach what no longer holds."""
    asked = checks.of_sections([slug for slug, _title in changed])
    said = _("“%(title)s” has changed since the last edition. See whether its check still asks for the right answers.")
    for slug, title in changed:
        if slug in asked:
            yield Hint(kind="check", sentence=said % {"title": title}, slug=slug)
