"""What people wrote: filtered, searched, page by page without counting, and marked as praise or complaint."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet

from kpiproject.lib.periods import Period, day_start
from surveys import search
from surveys.anonymity import Block
from surveys.models import Answer, Reply, Survey

PAGE_SIZE: Final = 10
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# What comments are filtered by, as it is called in addresses.
FILTERS: Final = ("q", "standing", "channel", "team", "language", "mark")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which answers: `exactly` by names of fields, `words` in the comment."""

    words: str = ""
    exactly: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_everything(self) -> bool:
        return not self.words and not self.exactly


@dataclass(frozen=True)
class Place:
    """Where a page of comments begins: after this answer, the newest being first."""

    at: datetime
    answer_id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.answer_id}"


@dataclass(frozen=True)
class Page:
    """`after` leads to older ones; None on the last page."""

    answers: Sequence[Answer]
    after: str


def answers(survey: Survey, period: Period, wanted: Wanted) -> QuerySet[Answer]:
    """The newest first, with and without words."""
    rows = Answer.objects.filter(
        survey=survey, answered_at__gte=period.start_at, answered_at__lt=period.end_at, **wanted.exactly
    )
    if wanted.words:
        rows = search.matching(rows, wanted.words)
    return rows.order_by("-answered_at", "-id")


def page(survey: Survey, period: Period, wanted: Wanted, *, after: str = "") -> Page:
    """Comments of a survey among customers. It costs the same on the first and on the thousandth page."""
    rows = answers(survey, period, wanted).exclude(comment="")
    if place := _place(after):
        rows = rows.filter(Q(answered_at__lt=place.at) | Q(answered_at=place.at, pk__lt=place.answer_id))
        rows = rows.filter(answered_at__lte=place.at)
    found = list(rows[: PAGE_SIZE + 1])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return Page(found[:PAGE_SIZE], str(Place(last.answered_at, last.pk)) if last else "")


def of_employees(survey: Survey, blocks: Sequence[Block], zone: str) -> list[Answer]:
    """Comments of released answers, in an order that tells nothing about when they were written."""
    rows = released(survey, blocks, zone).exclude(comment="")
    return shuffled(rows.only("id", "comment", "score", "standing", "mark"))


def released(survey: Survey, blocks: Sequence[Block], zone: str) -> QuerySet[Answer]:
    """Answers within these blocks, all of which follow one another."""
    if not blocks:
        return Answer.objects.none()
    start, end = day_start(blocks[0].first, zone), day_start(blocks[-1].last + timedelta(days=1), zone)
    return Answer.objects.filter(survey=survey, answered_at__gte=start, answered_at__lt=end)


def shuffled(found: Iterable[Answer]) -> list[Answer]:
    return sorted(found, key=lambda answer: _shuffled(answer.pk))


def mark(survey: Survey, answer_id: int, mark: str) -> bool:
    """Say whether a comment is praise or a complaint, or neither; whether there is such a comment."""
    if survey.is_anonymous:  # its comments are shown without anything by which one of them could be named
        return False
    rows = Answer.objects.filter(survey=survey, pk=answer_id).exclude(comment="")
    return bool(rows.update(mark=mark))


def texts(question_id: int, period: Period, limit: int) -> list[str]:
    """The newest replies in words to a further question."""
    rows = Reply.objects.filter(
        question_id=question_id, answer__answered_at__gte=period.start_at, answer__answered_at__lt=period.end_at
    )
    return list(rows.exclude(text="").order_by("-id").values_list("text", flat=True)[:limit])


def texts_of_employees(question_id: int, blocks: Sequence[Block], zone: str) -> list[str]:
    """All of released answers, in no order."""
    if not blocks:
        return []
    start, end = day_start(blocks[0].first, zone), day_start(blocks[-1].last + timedelta(days=1), zone)
    rows = Reply.objects.filter(
        question_id=question_id, answer__answered_at__gte=start, answer__answered_at__lt=end
    ).exclude(text="")
    return [text for _key, text in sorted((_shuffled(pk), text) for pk, text in rows.values_list("pk", "text"))]


def _place(text: str) -> Place | None:
    """None for anything that this module has not written."""
    at, _dash, answer_id = text.partition("-")
    try:
        return Place(_EPOCH + timedelta(microseconds=int(at)), int(answer_id))
    except (ValueError, OverflowError):
        return None


def _shuffled(answer_id: int) -> bytes:
    """The same at every view, so that a page can be turned; not to be foreseen without the secret key."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{answer_id}".encode()).digest()
