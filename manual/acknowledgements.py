"""Read and understood: what somebody confirms is kept for good, once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpiproject.models import User
from manual import checks, reading_list
from manual.models import Acknowledgement, CheckQuestion, EditionSection
from manual.reading_list import Reading

NO_ANSWERS: Final[Mapping[int, int]] = {}


class NothingToConfirmError(Exception):
    """The section does not wait for this person; with a sentence that says why."""


class NewerEditionError(Exception):
    """Another edition has changed since what the person has read."""


class NotUnderstoodError(Exception):
    """Some answers of the check are not right. Nothing was kept."""

    def __init__(self, wrong: Sequence[CheckQuestion]) -> None:
        super().__init__(_("That is not quite right yet. Read the place again, then answer once more."))
        self.wrong = wrong


def confirm(
    person: User, slugs: Collection[str], *, number: int, answers: Mapping[int, int] = NO_ANSWERS, now: datetime
) -> int:
    """Keep that a person has read and understood these sections as they stand in the edition of that number.

    How many confirmations are new: what was confirmed a moment ago is not again. Raises NothingToConfirmError,
    NewerEditionError and NotUnderstoodError; then nothing is kept.
    """
    reading = reading_list.of(person, now)
    waiting = [slug for slug in dict.fromkeys(slugs) if _waits(reading, slug, number)]
    if not waiting:
        return 0
    questions = checks.of_sections(waiting)
    if wrong := checks.wrong([each for found in questions.values() for each in found], answers):
        raise NotUnderstoodError(wrong)
    reading_list.forget_due(person)
    return _keep(person, waiting, number=number, questions=questions, now=now)


def of_person(person: User) -> QuerySet[Acknowledgement]:
    """What somebody has confirmed, the newest first."""
    rows = Acknowledgement.objects.filter(person=person).select_related("edition")
    return rows.defer("edition__content", "edition__figures")


def all_of_them() -> QuerySet[Acknowledgement]:
    """Every confirmation in the order in which they came, also of people who have left."""
    rows = Acknowledgement.objects.select_related("edition", "person").order_by("id")
    return rows.defer("edition__content", "edition__figures")


def _waits(reading: Reading, slug: str, number: int) -> bool:
    """Whether there is something to keep; False if it is kept already. Raises what `confirm` raises."""
    item = reading.item(slug)
    if item is None:
        if any(done.slug == slug for done in reading.confirmed):
            return False
        raise NothingToConfirmError(why_not(slug))
    if number < item.since:
        words = {"number": item.since, "title": item.title}
        raise NewerEditionError(
            _("“%(title)s” has changed with edition %(number)s since you opened it. Read what is different first.")
            % words
        )
    return True


def why_not(slug: str) -> str:
    """Why nobody, or not this person, is asked to confirm a section."""
    if any(section.slug == slug for section in reading_list.sections_in_force()):
        return _("You are not asked to confirm this section. Whoever looks after the audiences has changed them.")
    if last := reading_list.last_title(slug):
        title, number = last
        return _(
            "“%(title)s” is no longer part of the manual; edition %(number)s was the last with it. There is nothing "
            "left to confirm, and what was confirmed and asked before is kept."
        ) % {"title": title, "number": number}
    return _("There is no such section in any edition.")


def _keep(
    person: User, slugs: Sequence[str], *, number: int, questions: Mapping[str, Sequence[CheckQuestion]], now: datetime
) -> int:
    rows = EditionSection.objects.filter(edition__number=number, slug__in=slugs).select_related("edition")
    rows = rows.defer("edition__content", "edition__figures")
    found = [
        Acknowledgement(
            person=person,
            edition=row.edition,
            edition_digest=row.edition.digest,
            slug=row.slug,
            title=row.title,
            section_digest=row.digest,
            has_passed=row.slug in questions,
            passed=checks.passed(questions.get(row.slug, ())),
            at=now,
        )
        for row in rows
    ]
    if len(found) < len(slugs):
        raise NewerEditionError(_("What you have read is not in edition %(number)s.") % {"number": number})
    theirs = Acknowledgement.objects.filter(person=person)
    with transaction.atomic():
        # Of two clicks at once, the row of the person lets one wait for the other.
        User.objects.select_for_update().filter(pk=person.pk).first()
        before = theirs.count()
        # The unique constraint is what keeps a second click from making a second record.
        Acknowledgement.objects.bulk_create(found, ignore_conflicts=True)
        return theirs.count() - before
