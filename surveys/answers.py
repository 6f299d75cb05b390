"""What people answer: recorded once, changed while that is allowed, with what was said before kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kpiproject.lib.tokens import new_token
from surveys import availability, quick, scales, tally_marks, versions
from surveys.availability import Availability
from surveys.models import Answer, AnswerChange, Entrance, FactChange, Invitation, Reply, Survey
from surveys.unlinked import day_of

COMMENT_MAX = 5000
_FROZEN = ("ticket", "ticket_source", "agent", "team", "channel", "category", "scale_min", "scale_max")
# What an answer of an employee may be counted by: never who they are, or what only one of them can have done.
_FROZEN_OF_EMPLOYEES = ("team", "category", "scale_min", "scale_max")
CONTEXT = ("customer", "ticket", "ticket_source", "agent", "team", "channel", "category")


class AnswerRefusedError(Exception):
    """The invitation or survey takes no answer any more; `state` says why."""

    def __init__(self, state: Availability) -> None:
        super().__init__(f"This answer cannot be taken: {state}.")
        self.state = state


@dataclass(frozen=True, kw_only=True)
class Said:
    """A reply to a further question: one of the three."""

    number: int | None = None
    text: str = ""
    choices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.number is None and not self.text and not self.choices


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody sent. A comment of None, and questions that are not among the replies, say nothing: what was said
    about them before stays."""

    score: int
    comment: str | None = None
    replies: Mapping[int, Said] = field(default_factory=dict)
    language: str = ""
    form_key: str = ""


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """How somebody came to a survey without an invitation; `context` by the names of CONTEXT."""

    origin: str = Answer.Origin.PUBLIC
    entrance: Entrance | None = None
    context: Mapping[str, str] = field(default_factory=dict)


def record(invitation: Invitation, given: Given, *, now: datetime | None = None) -> Answer:
    """Record or change the one answer to an invitation. Raises ScoreOutOfScaleError or AnswerRefusedError.

    Whoever is first marks the invitation as answered; of two posts at the same moment the other waits for that, and
    then changes the same answer. The survey counts as the caller has read it. The answer of an employee is parted from
    the invitation, which only notes that there was one.
    """
    at = now or timezone.now()
    scales.check_score(given.score, invitation.scale_min, invitation.scale_max)
    with transaction.atomic():
        if not invitation.is_answered:
            _refuse_unless_open(availability.of_invitation(invitation, None, at))
            if _claim(invitation):
                return _record_first(invitation, given, at=at)
        if invitation.survey.is_anonymous:
            return _change_unlinked(invitation, given, at=at)
        stored = _given_to(invitation) or _given_after_all(invitation)
        _refuse_unless_open(availability.of_invitation(invitation, stored, at))
        if stored is None:  # it was erased
            return _record_first(invitation, given, at=at)
        stored.survey = invitation.survey
        return _change(stored, given, at=at, asked=invitation)


def _given_to(invitation: Invitation) -> Answer | None:
    return Answer.objects.select_for_update().filter(invitation=invitation).first()


def _given_after_all(invitation: Invitation) -> Answer | None:
    """Once whoever marked the invitation a moment ago has ended."""
    Invitation.objects.select_for_update(of=("self",)).only("pk").get(pk=invitation.pk)
    return _given_to(invitation)


def record_public(survey: Survey, given: Given, way_in: WayIn | None = None, *, now: datetime | None = None) -> Answer:
    """Record an answer without an invitation. One filled-in form, named by its key, is one answer however often it is
    sent.

    Raises ScoreOutOfScaleError or AnswerRefusedError.
    """
    at = now or timezone.now()
    scales.check_score(given.score, survey.scale_min, survey.scale_max)
    _refuse_unless_open(availability.of_public_link(survey, None, at))
    fresh = _build_public(survey, given, way_in or WayIn(), at=at)
    with transaction.atomic():
        # A second copy of the same form is refused by the unique constraint, not by looking first.
        Answer.objects.bulk_create([fresh], ignore_conflicts=True)
        # Without the second half SQLite would not see that the index of forms will do, and read the whole survey.
        keyed = Answer.objects.select_for_update(of=("self",)).exclude(form_key="")
        stored = keyed.get(survey=survey, form_key=fresh.form_key)
        stored.survey = survey
        _refuse_unless_open(availability.of_public_link(survey, stored, at))
        _journal(stored, None)
        return _change(stored, given, at=at, asked=None)


def build(invitation: Invitation, given: Given, *, answered_at: datetime) -> Answer:
    """An answer, not yet saved, with everything it is counted under as it was when the invitation was sent."""
    survey = invitation.survey
    frozen = _FROZEN_OF_EMPLOYEES if survey.is_anonymous else _FROZEN
    return Answer(
        survey=survey,
        invitation=None if survey.is_anonymous else invitation,
        contact_id=None if survey.is_anonymous else invitation.contact_id,
        answered_at=day_of(answered_at) if survey.is_anonymous else answered_at,
        version_id=invitation.version_id,
        form_key=(given.form_key or new_token()) if survey.is_anonymous else "",
        **_judged(survey, given),
        **{name: getattr(invitation, name) for name in frozen},
    )


def journal(instants: Iterable[datetime], about: str = FactChange.About.BOTH) -> None:
    """Note, in the transaction of the change, at which instants something counts now that did not before."""
    FactChange.objects.bulk_create([FactChange(at=at, about=about) for at in sorted(set(instants))], batch_size=5000)


def forget_changes(ids: Iterable[int]) -> None:
    """Hand entries of the journal (queries.fact_changes) whose figures have been taken over on to the tallies."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        with transaction.atomic():
            taken = FactChange.objects.filter(pk__in=wanted[start : start + 500])
            tally_marks.note(taken.values_list("at", "about"))
            taken.delete()


def _refuse_unless_open(state: Availability) -> None:
    if not state.takes_answers:
        raise AnswerRefusedError(state)


def _claim(asked: Invitation) -> bool:
    """Mark it as answered, unless somebody else just did. An answer proves that the invitation arrived, whatever is
    known of its mail."""
    values: dict[str, Any] = {"is_answered": True}
    if asked.sent_at is None or asked.bounced_at is not None:
        times = Invitation.objects.filter(pk=asked.pk).values_list("sent_at", "mail__sent_at").get()
        asked.sent_at = times[0] or times[1] or asked.created_at
        values |= {"sent_at": asked.sent_at, "bounced_at": None}
    is_first = Invitation.objects.filter(pk=asked.pk, is_answered=False).update(**values) == 1
    asked.is_answered = True
    return is_first


def _record_first(asked: Invitation, given: Given, *, at: datetime) -> Answer:
    answer = build(asked, given, answered_at=at)
    quick.insert([answer])
    _reply(answer, given)
    _journal(answer, asked)
    return answer


def _change_unlinked(asked: Invitation, given: Given, *, at: datetime) -> Answer:
    """Nobody can find the answer again but the page that holds its form key, and that only for a day."""
    own = Answer.objects.filter(survey=asked.survey, form_key=given.form_key).exclude(form_key="").first()
    if own is None:
        raise AnswerRefusedError(Availability.LOCKED)
    _refuse_unless_open(availability.of_unlinked(own, at))
    return _change(own, given, at=own.answered_at, asked=None)


def _judged(survey: Survey, given: Given) -> dict[str, Any]:
    """The score with its meaning, which does not depend on who gave it."""
    return {
        "kind": survey.kind,
        "score": given.score,
        "comment": given.comment or "",
        "language": given.language,
        "lower_is_better": survey.lower_is_better,
        "standing": survey.scale.standing(given.score),
    }


def _build_public(survey: Survey, given: Given, way_in: WayIn, *, at: datetime) -> Answer:
    known = {name: text for name, text in way_in.context.items() if name in CONTEXT}
    if survey.is_anonymous:
        known = {name: text for name, text in known.items() if name in _FROZEN_OF_EMPLOYEES}
    return Answer(
        survey=survey,
        version=versions.asked_now(survey),
        form_key=given.form_key or new_token(),
        origin=way_in.origin,
        entrance=way_in.entrance,
        scale_min=survey.scale_min,
        scale_max=survey.scale_max,
        answered_at=day_of(at) if survey.is_anonymous else at,
        **_judged(survey, given),
        **known,
    )


def _change(answer: Answer, given: Given, *, at: datetime, asked: Invitation | None) -> Answer:
    """Say something else, and keep what was said; the same again changes nothing."""
    _reply(answer, given)
    comment = answer.comment if given.comment is None else given.comment
    if (answer.score, answer.comment) == (given.score, comment):
        if given.replies:
            _journal(answer, asked)
        return answer
    if not answer.survey.is_anonymous:
        AnswerChange.objects.create(answer=answer, score=answer.score, comment=answer.comment, at=at)
        answer.changed_at = at
    answer.score, answer.comment = given.score, comment
    answer.standing = answer.survey.scale.standing(given.score)
    answer.save(update_fields=["score", "comment", "standing", "changed_at"])
    _journal(answer, asked)
    return answer


def _reply(answer: Answer, given: Given) -> None:
    """Keep what was said to further questions; an empty reply takes an earlier one back."""
    for question_id, said in given.replies.items():
        if said.is_empty:
            Reply.objects.filter(answer=answer, question_id=question_id).delete()
        else:
            values = {"number": said.number, "text": said.text, "choices": list(said.choices)}
            Reply.objects.update_or_create(answer=answer, question_id=question_id, defaults=values)


def _journal(answer: Answer, asked: Invitation | None) -> None:
    """The answer counts on its own day and, in the response rate, on the day its invitation was sent."""
    changes = [FactChange(at=answer.answered_at, about=FactChange.About.ANSWER)]
    if asked and asked.sent_at:
        # Of employees by its day: the instant would tell whose answer was noted together with it.
        at = day_of(asked.sent_at) if answer.survey.is_anonymous else asked.sent_at
        changes.insert(0, FactChange(at=at, about=FactChange.About.INVITATION))
    quick.insert(changes)
