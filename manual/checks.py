"""A few questions that show whether a section was understood. Nobody is ranked, and no wrong answer is kept.

A confirmation keeps the questions that were passed, so that a later check does not rewrite what was asked then.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from manual.models import CheckQuestion
from manual.models.acknowledgement import MOST_CHOICES

MOST_QUESTIONS: Final = 3
LEAST_CHOICES: Final = 2


class BadQuestionError(ValueError):
    """A question that nobody can answer; with one sentence."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A question as a manager has written it; `right` is counted from 1."""

    text: str
    choices: Sequence[str]
    right: int
    place: str = ""


def of_sections(slugs: Collection[str]) -> dict[str, list[CheckQuestion]]:
    """The questions of each section that has any, in order."""
    found: dict[str, list[CheckQuestion]] = {}
    for question in CheckQuestion.objects.filter(slug__in=slugs).order_by("slug", "position"):
        found.setdefault(question.slug, []).append(question)
    return found


def wrong(questions: Collection[CheckQuestion], answers: Mapping[int, int]) -> list[CheckQuestion]:
    """Those that were not answered rightly. `answers` are places of choices by the id of their question."""
    return [question for question in questions if answers.get(question.pk) != question.right]


def passed(questions: Iterable[CheckQuestion]) -> list[dict[str, str]]:
    """The questions with their right answers in words, as they are kept with a confirmation."""
    return [{"question": each.text, "answer": each.choices[each.right - 1]} for each in questions]


def check(written: Written) -> None:
    """Raises BadQuestionError."""
    count = len(written.choices)
    if not LEAST_CHOICES <= count <= MOST_CHOICES:
        words = {"least": LEAST_CHOICES, "most": MOST_CHOICES, "count": count}
        raise BadQuestionError(_("A question has %(least)s to %(most)s choices, not %(count)s.") % words)
    if len(set(written.choices)) < count:
        raise BadQuestionError(_("Two choices say the same."))
    if not 1 <= written.right <= count:
        raise BadQuestionError(_("Choice number %(right)s does not exist.") % {"right": written.right})


@transaction.atomic
def write(slug: str, questions: Sequence[Written]) -> None:
    """These are the questions about the section from now on. Raises BadQuestionError."""
    if len(questions) > MOST_QUESTIONS:
        raise BadQuestionError(_("A section has at most %(most)s questions.") % {"most": MOST_QUESTIONS})
    for question in questions:
        check(question)
    CheckQuestion.objects.filter(slug=slug).delete()
    CheckQuestion.objects.bulk_create(
        CheckQuestion(
            slug=slug,
            position=position,
            text=question.text,
            choices=list(question.choices),
            right=question.right,
            place=question.place,
        )
        for position, question in enumerate(questions, start=1)
    )
