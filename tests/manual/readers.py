"""Editions whose sections are told apart as publishing does it, and whoever reads them, for tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from kpiproject.documents import tree
from kpiproject.models import User
from manual import acknowledgements, audiences, edition_sections, feedback, questions
from manual.feedback import Said
from manual.models import (
    Acknowledgement,
    Audience,
    Edition,
    EditionSection,
    Feedback,
    ReadingQuestion,
    ReadingReminder,
)
from tests.manual import documents

FIRST = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
TODAY = FIRST.date()


def published(*slugs: str, editorial: tuple[str, ...] = (), at: datetime = FIRST, **texts: str) -> Edition:
    """An edition with these sections. `texts` says what stands in one, with _ for -; what is not said, stays."""
    before = Edition.objects.order_by("-number").first()
    sections = [_section(slug, texts.get(slug.replace("-", "_")), before) for slug in slugs]
    edition = documents.edition(*sections, published_at=at, as_of=at)
    earlier = (before.content, before.figures) if before else None
    lines = edition_sections.lines(edition.content, edition.figures, before=earlier, editorial=editorial)
    EditionSection.objects.bulk_create(EditionSection(edition=edition, **line._asdict()) for line in lines)
    return edition


def _section(slug: str, text: str | None, before: Edition | None) -> tree.Section:
    sections: list[Any] = before.content["sections"] if before else []
    known: Mapping[str, tree.Section] = {section["anchor"]: section for section in sections}
    if text is None and slug in known:
        return known[slug]
    return documents.section(slug, tree.paragraph(text or f"What {slug} says."))


def audience(*people: User, on: date = TODAY, **fields: Any) -> Audience:
    """Whoever reads every section within 14 days, unless told otherwise; they have belonged to it since that day."""
    fields = {"name": f"Audience {Audience.objects.count() + 1}", "people": people, **fields}
    if "slugs" in fields:
        fields["has_all"] = False
    return audiences.save(Audience(), by=None, today=on, **fields)


def question(person: User, slug: str = "our-promise", text: str = "Also on Sundays?") -> ReadingQuestion:
    edition = Edition.objects.order_by("-number").first() or published(slug)
    key = f"question-{ReadingQuestion.objects.count():012}"
    return questions.ask(person, slug, number=edition.number, text=text, form_key=key, now=FIRST)


def unclear(person: User | None, slug: str = "our-promise", why: str = "Which Sunday?") -> Feedback:
    edition = Edition.objects.order_by("-number").first() or published(slug)
    said = Said(slug=slug, number=edition.number, is_clear=False, why=why)
    return feedback.give(person, said, now=FIRST)


def confirmed(
    person: User, slug: str = "our-promise", *, answers: Mapping[int, int] = MappingProxyType({})
) -> Acknowledgement:
    """What somebody has confirmed in the newest edition."""
    edition = Edition.objects.order_by("-number").first() or published(slug)
    audience(person, slugs=[slug])
    acknowledgements.confirm(person, [slug], number=edition.number, answers=answers, now=FIRST)
    return Acknowledgement.objects.get(person=person, slug=slug)


def reminder(person: User) -> ReadingReminder:
    edition = Edition.objects.order_by("-number").first() or published("our-promise")
    kind = ReadingReminder.Kind.DUE
    return ReadingReminder.objects.create(person=person, edition=edition, kind=kind, recipient=person, at=FIRST)
