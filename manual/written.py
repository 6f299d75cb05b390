"""What is wrong with a text for a section, told before it is saved; see manual.faults."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.utils import timezone

from kpiproject.documents import markdown, tree
from manual import drafts, faults, queries
from manual.chapters import Context
from manual.faults import Fault
from manual.fields import Fields
from manual.models import Section


def check(section: Section, text: str, fields: Fields) -> list[Fault]:
    """By line. Of a text that is too long to be read there is nothing to say but that."""
    try:
        places = _Places(section, text)
        return faults.find(text, fields=list(fields.known), anchors=places.known)
    except markdown.TooLongError:
        return []


def broken() -> list[tuple[Section, Fault]]:
    """Errors in what would be published: a KPI was renamed or set aside after a text had named it."""
    fields = Fields(Context.at(timezone.now()))
    return [
        (section, fault)
        for section in queries.shown_sections()
        for text in (section.text, section.note)
        for fault in faults.find(text, fields=list(fields.known), anchors=lambda wanted: [wanted])
        if fault.is_error
    ]


def doubts(document: tree.Document) -> list[tuple[Section, Fault]]:
    """What is no error, but readers of this document would miss: above all links to a place that has gone meanwhile."""
    fields, everywhere = list(Fields(Context.at(timezone.now())).known), _anchors(document)
    found: list[tuple[Section, Fault]] = []
    for section in queries.shown_sections():
        # Within its section, a heading is known by its own words, too.
        known = everywhere | {anchor.removeprefix(f"{section.slug}-") for anchor in everywhere}
        found += [(section, fault) for fault in _faults(section, fields, known) if not fault.is_error]
    return found


def _faults(section: Section, fields: Collection[str], known: Collection[str]) -> list[Fault]:
    texts = (section.text, section.note)
    return [fault for text in texts for fault in faults.find(text, fields=fields, anchors=lambda _wanted: known)]


class _Places:
    """Where a link of this text may lead. What is generated is read only if nothing else has the name."""

    def __init__(self, section: Section, text: str) -> None:
        mine = _headings(markdown.parse(text, anchor_prefix=section.slug))
        self._section = section
        self._near = mine | {anchor.removeprefix(f"{section.slug}-") for anchor in mine} | {section.slug}

    def known(self, wanted: str) -> Collection[str]:
        for found in (self._near, self._written):
            if wanted in found:
                return found
        return self._near | self._all

    @cached_property
    def _written(self) -> set[str]:
        shown = [each for each in queries.shown_sections() if each.pk != self._section.pk]
        headings = (_headings(markdown.parse(each.text, anchor_prefix=each.slug)) for each in shown)
        return {each.slug for each in shown}.union(*headings)

    @cached_property
    def _all(self) -> set[str]:
        return _anchors(drafts.draft().document)


def _anchors(document: tree.Document) -> set[str]:
    sections = document["sections"]
    return {section["anchor"] for section in sections}.union(*(_headings(each["blocks"]) for each in sections))


def _headings(blocks: Any) -> set[str]:
    return {block["anchor"] for block in blocks if block["is"] == "heading"}
