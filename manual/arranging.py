"""Which sections there are, and in what order; what they say is in manual.sections."""

from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kpiproject.models import User
from manual import edits
from manual.models import Section, SectionVersion
from manual.starter import STARTERS

_STEP: Final = 10
_STARTER_SLUGS: Final = frozenset(starter.slug for starter in STARTERS)
_STARTER_PROSE: Final = frozenset(starter.slug for starter in STARTERS if not starter.chapter)
# What stands in addresses beneath /manual/ beside sections; a test compares it with manual.urls.
ADDRESSES: Final = frozenset(
    {
        "approval", "audiences", "checks", "draft", "editions", "feedback", "new", "pictures", "publish", "questions",
        "readers", "reading", "search", "sections", "shares",
    }
)  # fmt: skip
# What a page that shows sections calls its own parts; a test compares it with those pages.
PARTS: Final = frozenset(
    {"content", "due-heading", "follow", "is-clear", "outline", "search-words", "whats-new", "why"}
)
# The places of generated headings (manual.chapters), and how the names of others begin.
_PLACES: Final = frozenset(
    {
        "acknowledging", "alarm-rules", "alerts", "channels", "contact-limits", "decided", "ended-goals", "feeds",
        "forecasts", "how-the-clock-runs", "left-out", "milestones", "next-reports", "not-asked", "not-measured",
        "not-traded", "opening-hours", "promised", "quiet-hours", "recognition", "revisions", "rules", "sources",
        "teams", "what-to-do",
    }
)  # fmt: skip
_FAMILIES: Final = frozenset({"goal", "kpi", "kpis", "objective", "promise", "ref", "survey"})
_TAKEN: Final = ADDRESSES | PARTS | _PLACES


class NotYoursError(ValueError):
    """A section that came with Plumbline can be left out of the manual, but not deleted."""


def is_own(section: Section) -> bool:
    """Whether people of this installation have added it."""
    return not section.chapter and section.slug not in _STARTER_PROSE


def add(title: str, *, by: User | None) -> Section:
    """A section with nothing in it yet, at the end of the manual."""
    title = title.strip()
    with transaction.atomic():
        last = Section.objects.aggregate(last=Max("position"))["last"] or 0
        section = Section.objects.create(
            slug=_free_slug(title), title=title, position=min(last + _STEP, 32767), updated_by=by
        )
        SectionVersion.objects.create(section=section, version=section.version, title=title, by=by)
        edits.tell(by=by, what=title)
    return section


def move(section: Section, *, up: bool, by: User | None = None) -> None:
    """One place up or down among the sections that are shown; the first and the last stay where they are."""
    with transaction.atomic():
        found = list(Section.objects.select_for_update().order_by("position", "id"))
        shown = [each for each in found if each.is_shown]
        place = next((n for n, each in enumerate(shown) if each.pk == section.pk), None)
        if place is None or not 0 <= (other := place + (-1 if up else 1)) < len(shown):
            return
        first, second = found.index(shown[place]), found.index(shown[other])
        found[first], found[second] = found[second], found[first]
        for number, each in enumerate(found, start=1):
            each.position = number * _STEP
        Section.objects.bulk_update(found, ["position"])
        edits.tell(by=by, what=section.title)


def show(section: Section, *, shown: bool, by: User | None) -> None:
    """Make it a part of the manual or leave it out; its text stays."""
    with transaction.atomic():
        others = Section.objects.filter(pk=section.pk).exclude(is_shown=shown)
        if others.update(is_shown=shown, updated_at=timezone.now(), updated_by=by):
            edits.tell(by=by, what=section.title)
    section.refresh_from_db(fields=["is_shown", "updated_at"])


def keep_inside(section: Section, *, inside: bool, by: User | None) -> None:
    """For the house only, or for people outside as well; from the next edition on."""
    with transaction.atomic():
        if Section.objects.filter(pk=section.pk).exclude(is_inside=inside).update(is_inside=inside):
            edits.tell(by=by, what=section.title)
    section.refresh_from_db(fields=["is_inside"])


def remove(section: Section, *, by: User | None = None) -> None:
    """Delete an own section with its history; published editions keep it. Raises NotYoursError."""
    if not is_own(section):
        raise NotYoursError(
            _("“%(title)s” belongs to Plumbline's manual. Leave it out instead of deleting it.")
            % {"title": section.title}
        )
    with transaction.atomic():
        section.delete()
        edits.tell(by=by, what=section.title)


def _free_slug(title: str) -> str:
    base = slugify(title)[:50].strip("-") or "section"
    # The headings in it begin with its name, too.
    base = f"section-{base}"[:50].strip("-") if base.partition("-")[0] in _FAMILIES else base
    taken = _TAKEN | _STARTER_SLUGS | set(Section.objects.values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
