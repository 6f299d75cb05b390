"""The manual as it would be published at an instant: prose and what is generated beneath it."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpiproject.documents import markdown, tree
from kpiproject.lib.page_memory import remembering
from kpiproject.lib.periods import zone_info
from manual import pictures, queries
from manual.chapters import CHAPTERS, Context
from manual.chapters.context import Built, Figure
from manual.fields import Fields
from manual.models import Section
from manual.pointers import without_dead_links
from metrics.queries import adopted


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`figures` names every rule and value in the document, with its words, for comparing editions. `empty` are the
    names of the sections that say nothing: neither somebody nor Plumbline has anything to write in them; `bare` are
    those in which Plumbline has not, whatever people have written."""

    document: tree.Document
    figures: dict[str, Figure] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()


@remembering()
def draft(as_of: datetime | None = None) -> Draft:
    """Everything up to `as_of` (now, unless told otherwise), in the active language."""
    context = Context.at(as_of or timezone.now())
    fields = Fields(context)
    sections: list[tree.Section] = []
    figures: dict[str, Figure] = {}
    empty: set[str] = set()
    bare: set[str] = set()
    for number, section in enumerate(queries.shown_sections(), start=1):
        written, built, note = prose(section, fields), _generated(section, context), noted(section, fields)
        sections.append(_section(section, number, [*written, *built.blocks, *note]))
        has_nothing = built.is_empty or not built.blocks
        bare |= {section.slug} if has_nothing and section.chapter else set()
        empty |= {section.slug} if has_nothing and not written and not note else set()
        figures[f"text:{section.slug}"] = _text(section, number, fields, blocks=len(written), note_blocks=len(note))
        figures |= {name: {**figure, "section": section.slug} for name, figure in built.figures.items()}
    document: tree.Document = {
        "title": _("Customer Service Manual"),
        "subtitle": context.house.name,
        "language": translation.get_language() or "en",
        "facts": [(_("Figures as of"), moment(context.as_of, context.zone))],
        "sections": without_dead_links(sections),
    }
    return Draft(document=document, figures=figures, empty=frozenset(empty), bare=frozenset(bare))


def _section(section: Section, number: int, blocks: list[tree.Block]) -> tree.Section:
    found: tree.Section = {"anchor": section.slug, "number": str(number), "title": section.title, "blocks": blocks}
    if section.is_inside:
        found["is_inside"] = True
    return found


def is_computing(as_of: datetime | None = None) -> bool:
    """Whether a figure of the draft may be another one in a moment."""
    context = Context.at(as_of or timezone.now())
    return any(context.freshness.is_computing(kpi, context.year) for kpi in adopted())


def fingerprint() -> str:
    """Of everything that people have written and arranged: the same as long as nobody changes a word or the order."""
    said = [
        [each.slug, each.title, each.text, each.note, *(["inside"] if each.is_inside else [])]
        for each in queries.shown_sections()
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def prose(section: Section, fields: Fields) -> list[tree.Block]:
    """What a person has written, with its figures and pictures; its headings have addresses of their own."""
    return written(section.text, fields, anchor_prefix=section.slug)


def written(text: str, fields: Fields, *, anchor_prefix: str) -> list[tree.Block]:
    found: list[tree.Block] = pictures.described(fields.fill(markdown.parse(text, anchor_prefix=anchor_prefix)))
    return found


def noted(section: Section, fields: Fields) -> list[tree.Block]:
    """What a person has written beneath the generated part."""
    return written(section.note, fields, anchor_prefix=f"{section.slug}-note")


def moment(at: datetime, zone: str) -> str:
    """An instant in the organisation's time zone, with its name: a reader may be elsewhere."""
    local = at.astimezone(zone_info(zone))
    return f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'TIME_FORMAT')} ({zone})"


def _generated(section: Section, context: Context) -> Built:
    chapter = CHAPTERS.get(section.chapter)
    return chapter.build(context) if chapter else Built(blocks=[])


def _text(section: Section, number: int, fields: Fields, *, blocks: int, note_blocks: int) -> Figure:
    used = fields.used_in(section.text) | fields.used_in(section.note)
    figures = "".join(f"\n{name}={figure['words']}" for name, figure in used.items())
    said = f"{number}\n{section.title}\n{section.text}" + (f"\n\0{section.note}" if section.note else "") + figures
    said += "\n\0inside" if section.is_inside else ""
    found: Figure = {
        "label": section.title,
        "words": "",
        "kind": "text",
        "digest": hashlib.sha256(said.encode()).hexdigest(),
        "blocks": blocks,
    }
    return found | {"note_blocks": note_blocks} if note_blocks else found
