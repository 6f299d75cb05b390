"""The sections as they are being written: their order, and saving without losing what somebody else has written."""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.models import User
from manual import edits, starter
from manual.models import Section, SectionVersion

MOST_CHARACTERS: Final = 100_000


class TooLongError(ValueError):
    """More text than a section may hold."""


class ChangedMeanwhileError(Exception):
    """Somebody saved the section after the person had opened it. Nothing was stored; both texts are here."""

    def __init__(self, section: Section, *, title: str, text: str) -> None:
        who = section.updated_by or _("somebody else")
        super().__init__(
            _("%(who)s has changed “%(title)s” since you opened it. Nothing is lost: compare both texts, then save.")
            % {"who": who, "title": section.title}
        )
        self.section = section
        self.title = title
        self.text = text


def ensure() -> int:
    """Create starter sections that are missing; those that are there stay as they are. How many are new."""
    return starter.add_missing(Section.objects, SectionVersion.objects)


def save(section: Section, *, title: str, text: str, version: int, by: User | None) -> Section:
    """Store what a section says now. `version` is the one the person has read.

    Saving what is there already changes nothing. Raises ChangedMeanwhileError and TooLongError.
    """
    title, text = title.strip(), _cleaned(text)
    with transaction.atomic():
        # Nothing is joined: after waiting, PostgreSQL would join the person of before to the row of now, and lose them.
        found = Section.objects.select_for_update().get(pk=section.pk)
        if (found.title, found.text) == (title, text):
            return found
        if found.version != version:
            raise ChangedMeanwhileError(found, title=title, text=text)
        found.title, found.text = title, text
        return _store(found, by=by)


def save_note(section: Section, *, note: str, version: int, by: User | None) -> Section:
    """Store what stands beneath the generated part of a section, like save(). Its own text stays as it is.

    Raises ChangedMeanwhileError, with the note as the text, and TooLongError.
    """
    note = _cleaned(note)
    with transaction.atomic():
        found = Section.objects.select_for_update().get(pk=section.pk)
        if found.note == note:
            return found
        if found.version != version:
            raise ChangedMeanwhileError(found, title=found.title, text=note)
        found.note = note
        return _store(found, by=by)


def restore(section: Section, chosen: SectionVersion, *, by: User | None) -> Section:
    """Say again what the section said in a version, with its note: a new version, so that nothing is lost."""
    with transaction.atomic():
        found = Section.objects.select_for_update().get(pk=section.pk)
        said = (chosen.title, chosen.text, chosen.note)
        if (found.title, found.text, found.note) == said:
            return found
        found.title, found.text, found.note = said
        return _store(found, by=by)


def _cleaned(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > MOST_CHARACTERS:
        message = _("The text has %(length)s characters; a section may have %(most)s.")
        raise TooLongError(message % {"length": len(text), "most": MOST_CHARACTERS})
    return text


def _store(section: Section, *, by: User | None) -> Section:
    """A new version. What was in review or approved is a draft again."""
    now = timezone.now()
    section.version += 1
    section.updated_at, section.updated_by = now, by
    section.clean_fields(exclude=["slug", "updated_by", "reviewed_by"])
    section.save(update_fields=["title", "text", "note", "version", "updated_at", "updated_by"])
    SectionVersion.objects.create(
        section=section,
        version=section.version,
        title=section.title,
        text=section.text,
        note=section.note,
        at=now,
        by=by,
    )
    edits.tell(by=by, what=section.title)
    return section


def history(section: Section) -> QuerySet[SectionVersion]:
    """What the section said after each save, the newest first."""
    return section.versions.select_related("by").order_by("-version")
