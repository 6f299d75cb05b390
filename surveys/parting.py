"""Days that are over: what employees answered is stored anew in another order, and the keys of their forms go.

Until then a page can still change its answer by its key. Without that, the order in which answers and invitations were
written, which a database keeps in ids and in the numbers of its transactions, would tell who gave which answer.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from surveys.availability import UNLINKED_FOR
from surveys.models import Answer, Reply, Survey
from surveys.scales import ANONYMOUS_KINDS

# Whoever began to change an answer at the last moment gets done.
_GRACE: Final = timedelta(hours=1)
_BATCH: Final = 500
_order = random.SystemRandom()


def part(now: datetime) -> int:
    """How many answers were parted from the order in which they came; those that are parted already are left alone."""
    due = _due(now).order_by("survey_id").values_list("survey_id", flat=True).distinct()
    return sum(_part(survey_id, now) for survey_id in list(due))


def _due(now: datetime) -> "QuerySet[Answer]":
    asked = Survey.objects.filter(kind__in=ANONYMOUS_KINDS)
    over = Answer.objects.filter(answered_at__lte=now - UNLINKED_FOR - _GRACE, invitation__isnull=True)
    return over.filter(survey__in=asked).exclude(form_key="")


def _part(survey_id: int, now: datetime) -> int:
    """All in one transaction, so that nothing tells one of these answers from another but what it says. Nothing is
    noted in the journal: on every day there is as much as before."""
    with transaction.atomic():
        rows = list(_due(now).filter(survey=survey_id).select_for_update(of=("self",)))
        replies = list(Reply.objects.filter(answer__in=_due(now).filter(survey=survey_id)))
        old = {answer.pk: answer for answer in rows}
        kept = [reply for reply in replies if reply.answer_id in old]
        for start in range(0, len(rows), _BATCH):
            Answer.objects.filter(pk__in=[row.pk for row in rows[start : start + _BATCH]]).delete()
        of_reply = [(reply, old[reply.answer_id]) for reply in kept]
        _store(rows, of_reply)
    return len(rows)


def _store(rows: Sequence[Answer], of_reply: Sequence[tuple[Reply, Answer]]) -> None:
    for row in rows:
        row.pk, row.form_key = None, ""
    Answer.objects.bulk_create(_order.sample(rows, len(rows)), batch_size=_BATCH)
    replies = []
    for reply, answer in of_reply:
        reply.pk, reply.answer = None, answer
        replies.append(reply)
    Reply.objects.bulk_create(_order.sample(replies, len(replies)), batch_size=_BATCH)
