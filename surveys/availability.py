"""Whether an invitation, or the public link of a survey, can still be answered."""

from datetime import datetime, timedelta
from enum import StrEnum

from surveys.models import Answer, Invitation, Survey

# An answer that can never be changed must still survive a double click.
DOUBLE_CLICK = timedelta(minutes=5)
UNLINKED_FOR = timedelta(hours=30)


class Availability(StrEnum):
    OPEN = "open"
    CHANGEABLE = "changeable"
    LOCKED = "locked"
    EXPIRED = "expired"
    CLOSED = "closed"

    @property
    def takes_answers(self) -> bool:
        return self in (Availability.OPEN, Availability.CHANGEABLE)


def locked_at(survey: Survey, answer: Answer) -> datetime:
    """The instant from which on an answer stays as it is."""
    return answer.answered_at + max(timedelta(days=survey.lock_after_days), DOUBLE_CLICK)


def of_invitation(invitation: Invitation, answer: Answer | None, now: datetime) -> Availability:
    """An unanswered invitation expires; an answered one counts from its answer, however long ago it was sent."""
    if invitation.survey.status != Survey.Status.OPEN:
        return Availability.CLOSED
    if answer is not None:
        return Availability.LOCKED if now >= locked_at(invitation.survey, answer) else Availability.CHANGEABLE
    return Availability.EXPIRED if now >= invitation.expires_at else Availability.OPEN


def of_unlinked(answer: Answer, now: datetime) -> Availability:
    """An answer of an employee, whose hour nobody knows, stays open to its own page until the next day is over."""
    return Availability.LOCKED if now >= answer.answered_at + UNLINKED_FOR else Availability.CHANGEABLE


def of_public_link(survey: Survey, answer: Answer | None, now: datetime) -> Availability:
    if survey.status != Survey.Status.OPEN:
        return Availability.CLOSED
    if answer is None:
        return Availability.OPEN
    if survey.is_anonymous:
        return of_unlinked(answer, now)
    return Availability.LOCKED if now >= locked_at(survey, answer) else Availability.CHANGEABLE
