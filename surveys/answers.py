"""What people answer: recorded once, changed while that is allowed, with what was said before kept."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kpiproject.lib.tokens import new_token
from surveys import availability, scales
from surveys.availability import Availability
from surveys.models import Answer, AnswerChange, FactChange, Invitation, Survey

COMMENT_MAX = 5000
_FROZEN = ("ticket", "ticket_source", "agent", "team", "channel", "category", "scale_min", "scale_max")


class AnswerRefusedError(Exception):
    """The invitation or survey takes no answer any more; `state` says why."""

    def __init__(self, state: Availability) -> None:
        super().__init__(f"This answer cannot be taken: {state}.")
        self.state = state


def record(invitation: Invitation, score: int, comment: str = "", *, now: datetime | None = None) -> Answer:
    """Record or change the one answer to an invitation. Raises ScoreOutOfScaleError or AnswerRefusedError.

    The row of the invitation is locked first, so that two posts at the same moment make one answer.
    """
    at = now or timezone.now()
    scales.check_score(score, invitation.scale_min, invitation.scale_max)
    with transaction.atomic():
        asked = _locked(invitation)
        given = Answer.objects.filter(invitation=asked).first()
        state = availability.of_invitation(asked, given, at)
        if not state.takes_answers:
            raise AnswerRefusedError(state)
        if given is not None:
            return _change(given, score, comment, at=at, asked=asked)
        answer = build(asked, score, comment, answered_at=at)
        answer.save(force_insert=True)
        _note_arrival(asked)
        _journal(answer, asked)
    return answer


def record_public(
    survey: Survey, score: int, comment: str = "", *, form_key: str = "", now: datetime | None = None
) -> Answer:
    """Record an anonymous answer. One filled-in form, named by its key, is one answer however often it is sent.

    Raises ScoreOutOfScaleError or AnswerRefusedError.
    """
    at = now or timezone.now()
    scales.check_score(score, survey.scale_min, survey.scale_max)
    if not availability.of_public_link(survey, None, at).takes_answers:
        raise AnswerRefusedError(Availability.CLOSED)
    fresh = _build_public(survey, score, comment, form_key=form_key or new_token(), answered_at=at)
    with transaction.atomic():
        # A second copy of the same form is refused by the unique constraint, not by looking first.
        Answer.objects.bulk_create([fresh], ignore_conflicts=True)
        stored = Answer.objects.select_for_update().get(survey=survey, form_key=fresh.form_key)
        state = availability.of_public_link(survey, stored, at)
        if not state.takes_answers:
            raise AnswerRefusedError(state)
        _journal(stored, None)
        return _change(stored, score, comment, at=at, asked=None)


def build(invitation: Invitation, score: int, comment: str, *, answered_at: datetime) -> Answer:
    """An answer, not yet saved, with everything it is counted under as it was when the invitation was sent."""
    scales.check_score(score, invitation.scale_min, invitation.scale_max)
    return Answer(
        survey=invitation.survey,
        invitation=invitation,
        contact_id=invitation.contact_id,
        kind=invitation.survey.kind,
        score=score,
        comment=comment,
        answered_at=answered_at,
        **{name: getattr(invitation, name) for name in _FROZEN},
    )


def journal(instants: Iterable[datetime]) -> None:
    """Note, in the transaction of the change, at which instants something counts now that did not before."""
    FactChange.objects.bulk_create([FactChange(at=at) for at in sorted(set(instants))], batch_size=5000)


def forget_changes(ids: Iterable[int]) -> None:
    """Delete entries of the journal (queries.fact_changes) whose figures have been taken over."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        FactChange.objects.filter(pk__in=wanted[start : start + 500]).delete()


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("survey", "mail")
    return rows.defer("mail__text", "mail__html").get(pk=invitation.pk)


def _build_public(survey: Survey, score: int, comment: str, *, form_key: str, answered_at: datetime) -> Answer:
    return Answer(
        survey=survey,
        form_key=form_key,
        kind=survey.kind,
        score=score,
        scale_min=survey.scale_min,
        scale_max=survey.scale_max,
        comment=comment,
        answered_at=answered_at,
    )


def _change(answer: Answer, score: int, comment: str, *, at: datetime, asked: Invitation | None) -> Answer:
    """Say something else, and keep what was said; the same again changes nothing."""
    if (answer.score, answer.comment) == (score, comment):
        return answer
    AnswerChange.objects.create(answer=answer, score=answer.score, comment=answer.comment, at=at)
    answer.score, answer.comment, answer.changed_at = score, comment, at
    answer.save(update_fields=["score", "comment", "changed_at"])
    _journal(answer, asked)
    return answer


def _note_arrival(asked: Invitation) -> None:
    """An answer proves that the invitation arrived, whatever is known of its mail."""
    if asked.sent_at is None or asked.bounced_at is not None:
        asked.sent_at = asked.sent_at or (asked.mail.sent_at if asked.mail else None) or asked.created_at
        Invitation.objects.filter(pk=asked.pk).update(sent_at=asked.sent_at, bounced_at=None)


def _journal(answer: Answer, asked: Invitation | None) -> None:
    """The answer counts on its own day and, in the response rate, on the day its invitation was sent."""
    sent_at = asked.sent_at if asked else None
    journal([answer.answered_at] + ([sent_at] if sent_at else []))
