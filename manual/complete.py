"""What a manual must say before it can be published, and what is still to be filled in."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from manual import queries
from manual.drafts import Draft
from manual.models import Section
from manual.starter import STARTERS, TO_FILL_IN, Starter

NEEDED: Final = ("our-promise", "service-levels", "our-kpis", "unhappy-customers", "escalation")
"""What we promise, how fast, by which figures, what becomes of complaints, and who is told when it goes wrong."""


def missing(found: Draft) -> list[str]:
    """The titles of the needed chapters that are left out of the draft or say nothing, in the order of the outline."""
    return [title for starter in STARTERS if starter.slug in NEEDED for title in _missing(starter, found)]


def sentence(titles: list[str]) -> str:
    """Why a manual without these chapters cannot be published; empty where nothing is missing."""
    if not titles:
        return ""
    message = _("A manual needs these chapters, and they are empty or left out: %(titles)s.")
    return message % {"titles": ", ".join(f"“{title}”" for title in titles)}


def to_fill_in() -> list[Section]:
    """The sections in which the starter prose still waits for what only the organisation knows."""
    return [section for section in queries.shown_sections() if TO_FILL_IN in section.text]


def _missing(starter: Starter, found: Draft) -> Iterator[str]:
    section = _section(starter)
    if section is None or not section.is_shown or section.slug in found.empty:
        yield section.title if section else starter.title


def _section(starter: Starter) -> Section | None:
    """What is generated is known by its chapter, prose by its name."""
    if starter.chapter:
        return Section.objects.filter(chapter=starter.chapter).order_by("position", "id").first()
    return Section.objects.filter(slug=starter.slug).first()
