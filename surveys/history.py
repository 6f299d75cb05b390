"""Take in surveys that were asked and answered earlier, by the thousand: no mail leaves, the rules are the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from surveys import answers, contacts, invitations
from surveys.answers import Given
from surveys.contacts import Person
from surveys.invitations import Invitee
from surveys.models import Answer, Invitation, Survey

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Past:
    """One person asked once: when, for which cause, and what was answered, if anything was."""

    email: str
    sent_at: datetime
    cause: str
    name: str = ""
    company: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    score: int | None = None
    comment: str = ""
    answered_at: datetime | None = None


def load(survey: Survey, rows: Iterable[Past], *, progress: Callable[[int], None] | None = None) -> int:
    """Write invitations and answers in transactions of 500 rows; returns how many invitations are new.

    A cause that was asked before is left as it is, so that a second run changes nothing. `progress` is told the
    number of rows of each batch. Raises ScoreOutOfScaleError; the rows of that batch are not written.
    """
    remaining = iter(rows)
    written = 0
    while batch := list(islice(remaining, BATCH)):
        with transaction.atomic():
            written += _load_batch(survey, batch)
        if progress:
            progress(len(batch))
    return written


def _load_batch(survey: Survey, batch: Sequence[Past]) -> int:
    fresh = _freeze(survey, batch)
    tokens = [invitation.token for invitation, _row in fresh]
    Invitation.objects.bulk_create([invitation for invitation, _row in fresh], ignore_conflicts=True)
    ids = dict(Invitation.objects.filter(token__in=tokens).values_list("token", "id"))
    given: list[Answer] = []
    instants: list[datetime] = []
    for invitation, row in fresh:
        if invitation.token not in ids:
            continue
        invitation.pk = ids[invitation.token]
        instants.append(row.sent_at)
        if row.score is not None:
            answer = answers.build(
                invitation, Given(score=row.score, comment=row.comment), answered_at=row.answered_at or row.sent_at
            )
            given.append(answer)
            instants.append(answer.answered_at)
    Answer.objects.bulk_create(given)
    answers.journal(instants)
    return len(ids)


def _freeze(survey: Survey, batch: Sequence[Past]) -> list[tuple[Invitation, Past]]:
    emails = [contacts.normalise(row.email) for row in batch]
    first = {email: Person(email, row.name, row.company) for email, row in zip(emails, batch, strict=True)}
    known = contacts.ensure(list(first.values()))
    found = []
    for email, row in zip(emails, batch, strict=True):
        invitee = Invitee(email=email, cause=row.cause, context=row.context)
        key = invitations.key_of(survey, invitee, email=email, prefix="history")
        invitation = invitations.freeze(survey, known[email], invitee, key=key, at=row.sent_at)
        invitation.sent_at = row.sent_at
        invitation.is_answered = row.score is not None
        found.append((invitation, row))
    return found
