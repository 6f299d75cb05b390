"""Answers and invitations by the dozen, for tests of results."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F

from surveys import answers, versions
from surveys.models import Answer, Question, Survey
from surveys.sums import NAMES, Sums
from tests.factories import InvitationFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def give(survey: Survey, scores: Sequence[int], *, at: datetime = NOON, **fields: Any) -> list[Answer]:
    """Answers at one instant, journalled like any other."""
    found = [
        Answer(
            survey=survey,
            version=versions.asked_now(survey),
            kind=survey.kind,
            score=score,
            scale_min=survey.scale_min,
            scale_max=survey.scale_max,
            standing=survey.scale.standing(score),
            answered_at=at,
            **fields,
        )
        for score in scores
    ]
    Answer.objects.bulk_create(found)
    answers.journal([at])
    return found


def ask(survey: Survey, count: int, *, at: datetime = NOON, **fields: Any) -> list[Any]:
    found = InvitationFactory.create_batch(count, survey=survey, created_at=at, sent_at=at, **fields)
    answers.journal([at])
    return found


def further(survey: Survey, kind: str, **fields: Any) -> Question:
    options = fields.get("options", [])
    words = {"prompt": f"Why {kind}?", "options": {key: key.title() for key in options}}
    found = Question.objects.create(survey=survey, kind=kind, prompts={"en": words}, **fields)
    versions.ensure(survey)
    return found


def days(count: int) -> timedelta:
    return timedelta(days=count)


def sums(*values: int) -> Sums:
    """In the order n, good, middle, bad, commented, scored, total, square; those left out are 0."""
    return Sums(**dict(zip(NAMES, (*values, *[0] * len(NAMES)), strict=False)))


def shift(**fields: Any) -> None:
    """Change facts behind the journal's back, to see whether anybody looks at them."""
    Answer.objects.update(score=F("score"), **fields)
