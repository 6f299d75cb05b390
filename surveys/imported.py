"""Take in answers that were given elsewhere: each is known by its source and its id there.

Nothing is sent. Who was asked when is kept as an invitation that left at that time, so that response rates know it.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kpiproject.lib.periods import day_start, local_day
from kpiproject.queries import organisation
from surveys import answers, contacts, invitations, queries, scales, versions
from surveys.contacts import Person
from surveys.invitations import Invitee
from surveys.models import Answer, AnswerChange, Contact, Invitation, Survey

Row = TypeVar("Row", bound=Model)

# What a row may say of its answer; of what employees say nothing else is kept.
CONTEXT = (
    "customer",
    "ticket",
    "ticket_source",
    "agent",
    "team",
    "channel",
    "category",
    "language",
    "comment",
    "extra",
)
_OF_EMPLOYEES = ("team", "category", "comment")
_FROZEN = ("ticket", "ticket_source", "agent", "team", "channel", "category")
_DECIDED = (
    *CONTEXT,
    *("survey", "version", "kind", "score", "scale_min", "scale_max", "lower_is_better", "standing", "answered_at"),
    *("contact", "invitation"),
)
_RENEWED = ("sent_at", "send_at", "created_at", "is_answered")
KEY = "import:"  # how the keys of invitations begin that others have sent
_KEY_MAX = 200
_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Response:
    """One answer as it is told; without a score somebody was asked and did not answer. `said` has the columns of
    CONTEXT that the file knows: those it does not know stay as they are."""

    external_id: str
    survey: Survey
    score: int | None
    answered_at: datetime | None
    invited_at: datetime | None = None
    email: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """The ids of what was new and of what has changed, and the tickets that answers are no longer about. So that it can
    be taken back: all rows that are new, and of those that changed what they said before, with the primary key as
    `pk`."""

    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    left: set[tuple[str, str]] = field(default_factory=set)
    rows: list[Model] = field(default_factory=list)
    answers_before: list[Mapping[str, Any]] = field(default_factory=list)
    invitations_before: list[Mapping[str, Any]] = field(default_factory=list)


def survey_for(source: str, kind: str, *, low: int, high: int) -> tuple[Survey, bool]:
    """The survey that answers of a source belong to which name none: one for each kind and scale. It is closed, so
    that nobody is asked it. Creates it where it is missing, also when two do so at once; whether it did."""
    own = scales.KINDS[kind]
    is_usual = (low, high) == (own.low, own.high)
    middle, good = scales.steps(kind, low, high) or (None, None)
    now = timezone.now()
    name = _("Imported from %(source)s: %(kind)s") % {"source": source, "kind": Survey.Kind(kind).label}
    survey, is_new = queries.every_survey().get_or_create(
        slug=_slug(source, kind, "" if is_usual else f"-{low}-{high}"),
        defaults={
            "name": (name if is_usual else f"{name} ({low}–{high})")[:150],
            "kind": kind,
            "purpose": Survey.Purpose.EMPLOYEES if own.is_about_employees else Survey.Purpose.SERVICE,
            "status": Survey.Status.CLOSED,
            "question": str(own.question),
            "low_label": str(own.low_label),
            "high_label": str(own.high_label),
            "scale_min": low,
            "scale_max": high,
            "middle_from": middle,
            "good_from": good,
            "opened_at": now,
        },
    )
    if is_new:
        versions.ensure(survey)
    return survey, is_new


def take_in(source: str, responses: Sequence[Response]) -> Taken:
    """Write those that are new, and what is different of the others; what an answer said before is kept.

    To be called with at most some thousand, in a transaction; every id at most once.
    """
    batch = _Batch(source, organisation().time_zone)
    people = [Person(one.email) for one in responses if _is_known_by_address(one)]
    before = contacts.of([person.email for person in people])
    known = contacts.ensure(people)
    batch.taken.rows += [contact for email, contact in known.items() if email not in before]
    batch.invite([one for one in responses if one.invited_at and _is_known_by_address(one)], known)
    batch.answer([one for one in responses if one.score is not None], known)
    batch.store()
    return batch.taken


def find(source: str, responses: Sequence[Response]) -> dict[str, Answer]:
    """The answers that are here already, by the ids that the responses tell."""
    names = {one.external_id: identity(source, one) for one in responses}
    # Said in so many words, or databases do not see that the index of those with an id will do.
    identified = Answer.objects.filter(source=source).exclude(external_id="")
    stored = _by(identified.order_by(), "external_id", names.values())
    return {external_id: stored[name] for external_id, name in names.items() if name in stored}


@contextmanager
def recounted(table: type[Answer] | type[Invitation], ids: Collection[int]) -> Iterator[set[tuple[str, str]]]:
    """Around a change of stored answers or invitations: it is noted when they counted before and when they count
    afterwards. Gives the tickets (source, ticket) that answers were about; those that they are about then are added."""
    tickets: set[tuple[str, str]] = set()
    instants = _counting(table, ids, tickets)
    yield tickets
    instants += _counting(table, ids, tickets)
    answers.journal([*instants, *queries.instants_about(tickets)])


def _counting(
    table: type[Answer] | type[Invitation], ids: Collection[int], tickets: set[tuple[str, str]]
) -> list[datetime]:
    if table is Invitation:
        rows = Invitation.objects.filter(pk__in=ids).values_list("created_at", "sent_at")
        return [at for row in rows for at in row if at]
    zone, found = organisation().time_zone, []
    columns = ("answered_at", "ticket_source", "ticket", "invitation__sent_at")
    for answered_at, source, ticket, sent_at in Answer.objects.filter(pk__in=ids).values_list(*columns):
        found.append(answered_at if ticket else day_start(local_day(answered_at, zone), zone))
        if ticket:
            tickets.add((source, ticket))
        if sent_at:
            found.append(sent_at)
    return found


def identity(source: str, response: Response) -> str:
    """Under which id an answer is stored: of employees a keyed digest, which nobody can look a person up by."""
    if not response.survey.is_anonymous:
        return response.external_id
    return salted_hmac("surveys.imported", f"{source}\x1f{response.external_id}", algorithm="sha256").hexdigest()


def _slug(source: str, kind: str, scale: str) -> str:
    """A source whose name does not fit into an address is told from similar ones by a digest."""
    plain = slugify(source)
    if plain != source or len(plain) > 20:
        plain = f"{plain[:14]}-{hashlib.sha256(source.encode()).hexdigest()[:6]}".lstrip("-")
    return f"import-{plain}-{kind}{scale}"[:50]


def _is_known_by_address(response: Response) -> bool:
    return bool(response.email) and not response.survey.is_anonymous


class _Batch:
    """What a number of responses make of the database: first found out, then stored."""

    def __init__(self, source: str, zone: str) -> None:
        self.taken = Taken()
        self._source = source
        self._zone = zone
        self._asked: dict[str, Invitation] = {}
        self._new_answers: list[Answer] = []
        self._changed_answers: list[Answer] = []
        self._changed_invitations: list[Invitation] = []
        self._before: list[AnswerChange] = []
        self._instants: list[datetime] = []

    def invite(self, responses: Sequence[Response], known: Mapping[str, Contact]) -> None:
        """New invitations are stored at once, because their answers point to them."""
        keys = {one.external_id: _key(self._source, one) for one in responses}
        stored = _by(Invitation.objects.order_by(), "key", keys.values())
        fresh = []
        for one in responses:
            if found := stored.get(keys[one.external_id]):
                self._renew(found, one)
            else:
                found = _invitation(one, known[one.email], key=keys[one.external_id])
                fresh.append(found)
                self._instants += [found.created_at]
                if one.score is None:
                    self.taken.created.add(one.external_id)
            self._asked[one.external_id] = found
        self.taken.rows += Invitation.objects.bulk_create(fresh, batch_size=_CHUNK)

    def answer(self, responses: Sequence[Response], known: Mapping[str, Contact]) -> None:
        stored = find(self._source, responses)
        for one in responses:
            columns = self._columns(one, known)
            if one.external_id in stored:
                self._change(stored[one.external_id], columns, one)
            else:
                name = identity(self._source, one)
                fresh = Answer(source=self._source, external_id=name, origin=Answer.Origin.IMPORT, **columns)
                self._new_answers.append(fresh)
                self._note(fresh)
                self.taken.created.add(one.external_id)

    def store(self) -> None:
        self.taken.rows += Answer.objects.bulk_create(self._new_answers, batch_size=_CHUNK)
        # One upsert is many times as fast as an UPDATE with a CASE for every row and column.
        Answer.objects.bulk_create(
            self._changed_answers,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_DECIDED,
            batch_size=_CHUNK,
        )
        self.taken.rows += AnswerChange.objects.bulk_create(self._before, batch_size=_CHUNK)
        Invitation.objects.bulk_update(self._changed_invitations, _RENEWED, batch_size=200)
        answers.journal([*self._instants, *queries.instants_about(self.taken.left)])

    def _columns(self, one: Response, known: Mapping[str, Contact]) -> dict[str, Any]:
        """The columns of an answer that the file decides."""
        survey, score, at = one.survey, one.score, one.answered_at
        if score is None or at is None:
            msg = "Only a response with a score and a time is an answer."
            raise ValueError(msg)
        kept = _OF_EMPLOYEES if survey.is_anonymous else CONTEXT
        columns = {name: value for name, value in one.said.items() if name in kept}
        columns |= {
            "survey_id": survey.pk,
            "version_id": versions.asked_now(survey).pk,
            "kind": survey.kind,
            "score": score,
            "scale_min": survey.scale_min,
            "scale_max": survey.scale_max,
            "lower_is_better": survey.lower_is_better,
            "standing": survey.scale.standing(score),
            "answered_at": self._day(at) if survey.is_anonymous else at,
        }
        if _is_known_by_address(one):
            columns["contact_id"] = known[one.email].pk
        if one.external_id in self._asked:
            columns["invitation_id"] = self._asked[one.external_id].pk
        return columns

    def _change(self, answer: Answer, columns: dict[str, Any], one: Response) -> None:
        """`changed_at` stays: it is not the person who says something else now."""
        if columns["survey_id"] == answer.survey_id:
            del columns["version_id"]  # they have answered what was asked then
        changed = {name: value for name, value in columns.items() if getattr(answer, name) != value}
        if not changed:
            return
        if not {"score", "comment"}.isdisjoint(changed) and not one.survey.is_anonymous:
            self._before.append(AnswerChange(answer=answer, score=answer.score, comment=answer.comment))
        if answer.ticket and not {"ticket", "ticket_source"}.isdisjoint(changed):
            self.taken.left.add((answer.ticket_source, answer.ticket))
        self.taken.answers_before.append({"pk": answer.pk} | {name: getattr(answer, name) for name in changed})
        self._note(answer)
        for name, value in changed.items():
            setattr(answer, name, value)
        self._note(answer)
        self._changed_answers.append(answer)
        self.taken.updated.add(one.external_id)

    def _renew(self, invitation: Invitation, one: Response) -> None:
        """An invitation that was answered stays answered."""
        is_answered = invitation.is_answered or one.score is not None
        if (invitation.sent_at, invitation.is_answered) == (one.invited_at, is_answered):
            return
        said = {name: getattr(invitation, name) for name in _RENEWED}
        self.taken.invitations_before.append({"pk": invitation.pk, **said})
        self._instants += [at for at in (invitation.sent_at, one.invited_at) if at]
        invitation.sent_at = one.invited_at
        invitation.created_at = invitation.send_at = one.invited_at or invitation.send_at
        invitation.is_answered = is_answered
        self._changed_invitations.append(invitation)
        self.taken.updated.add(one.external_id)

    def _note(self, answer: Answer) -> None:
        """Whoever computes figures goes by days; what the hour is needed for is the answer's ticket."""
        self._instants.append(answer.answered_at if answer.ticket else self._day(answer.answered_at))

    def _day(self, at: datetime) -> datetime:
        return day_start(local_day(at, self._zone), self._zone)


def _by(rows: "QuerySet[Row]", name: str, values: Iterable[str]) -> "dict[str, Row]":
    """The rows with these values in a column, by value."""
    wanted = list(values)
    found: dict[str, Row] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = rows.filter(**{f"{name}__in": wanted[start : start + _CHUNK]})
        found |= {getattr(row, name): row for row in chunk}
    return found


def _invitation(one: Response, contact: Contact, *, key: str) -> Invitation:
    if one.invited_at is None:
        msg = "Only a response with the time of its invitation has one."
        raise ValueError(msg)
    context = {name: one.said.get(name) or "" for name in _FROZEN}
    invitee = Invitee(email=one.email, context=context)
    invitation = invitations.freeze(one.survey, contact, invitee, key=key, at=one.invited_at)
    invitation.sent_at = one.invited_at
    invitation.is_answered = one.score is not None
    return invitation


def _key(source: str, one: Response) -> str:
    key = f"{KEY}{source}:{one.external_id}"
    return key if len(key) <= _KEY_MAX else f"{KEY}{hashlib.sha256(key.encode()).hexdigest()}"
