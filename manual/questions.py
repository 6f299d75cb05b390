"""“I have a question”: asked about a section, answered in place by whoever looks after it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kpiproject import mail
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import owners, reading_list
from manual.models import EditionSection, ReadingQuestion

ANSWERS = "manual.change_readingquestion"
"""The permission of managers; whoever owns the section needs none."""


class NoSuchSectionError(ValueError):
    """A question about a section that was never in that edition."""


class AlreadyAnsweredError(Exception):
    """Somebody else was quicker; with a sentence that says who."""


@transaction.atomic
def ask(person: User, slug: str, *, number: int, text: str, form_key: str, now: datetime) -> ReadingQuestion:
    """Keep the question and write to whoever looks after the section. The same form twice is one question.

    Also about a section that has been removed since: what is asked is not lost. Raises NoSuchSectionError.
    """
    rows = EditionSection.objects.filter(edition__number=number, slug=slug).select_related("edition")
    row = rows.defer("edition__content", "edition__figures").first()
    if row is None:
        raise NoSuchSectionError(_("There is no such section in edition %(number)s.") % {"number": number})
    question, is_new = ReadingQuestion.objects.get_or_create(
        form_key=form_key,
        defaults={
            "person": person,
            "edition": row.edition,
            "slug": slug,
            "title": row.title,
            "text": text,
            "at": now,
        },
    )
    if is_new:
        reading_list.forget_due(person)
        _tell_owners(question)
    return question


@transaction.atomic
def answer(question: ReadingQuestion, text: str, *, by: User, now: datetime) -> ReadingQuestion:
    """The first answer counts, and whoever asked gets it by mail. Raises AlreadyAnsweredError."""
    waiting = ReadingQuestion.objects.filter(pk=question.pk, answered_at__isnull=True)
    is_mine = waiting.update(answer=text, answered_at=now, answered_by=by)
    found = ReadingQuestion.objects.select_related("person", "answered_by").get(pk=question.pk)
    if not is_mine:
        if found.answered_by == by and found.answer == text:
            return found  # the same form sent twice
        who = found.answered_by or _("Somebody whose account is gone")
        raise AlreadyAnsweredError(_("%(who)s has answered already.") % {"who": who})
    person = found.person
    if person is not None and person.is_active and person != by:
        _compose("reading_answer", found, person)
    return found


def may_answer(person: User, question: ReadingQuestion) -> bool:
    return person.has_perm(ANSWERS) or owners.looks_after(person, question.slug)


def may_read(person: User, question: ReadingQuestion) -> bool:
    """Whoever asked, whoever looks after the section, and managers."""
    return question.person == person or may_answer(person, question)


def readable(person: User) -> QuerySet[ReadingQuestion]:
    """What somebody may read, open ones first, then the newest."""
    rows = every_question()
    if not person.has_perm(ANSWERS):
        rows = rows.filter(Q(person=person) | Q(slug__in=owners.slugs_of(person)))
    return rows.order_by(F("answered_at").desc(nulls_first=True), "-id")


def every_question() -> QuerySet[ReadingQuestion]:
    rows = ReadingQuestion.objects.select_related("person", "answered_by", "edition")
    return rows.defer("edition__content", "edition__figures")


def about(person: User, slug: str) -> list[ReadingQuestion]:
    """What somebody has asked about a section, the first first."""
    return list(every_question().filter(person=person, slug=slug).order_by("at", "id"))


def url(question: ReadingQuestion) -> str:
    return settings.BASE_URL + reverse("manual:question", args=[question.pk])


def _tell_owners(question: ReadingQuestion) -> None:
    for owner in owners.of_section(question.slug):
        if owner != question.person:
            _compose("reading_question", question, owner)


def _compose(template: str, question: ReadingQuestion, to: User) -> None:
    context: dict[str, Any] = {
        "organisation": organisation(),
        "person": to,
        "question": question,
        "url": url(question),
    }
    mail.compose(
        template,
        key=f"{template}:{question.pk}:{to.pk}",
        kind=template,
        to=to.email,
        context=context,
        language=to.language,
    )
