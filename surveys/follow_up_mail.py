"""The mail about an unhappy customer: who gets it, in which words, and one instead of many when they come in swarms."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject import mail
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import active_managers, organisation
from surveys import complaints, follow_up_links, follow_up_rules
from surveys.complaints import Complaint
from surveys.follow_up_rules import Owners
from surveys.follow_ups import take_turns
from surveys.models import FollowUp, FollowUpAnswer, FollowUpNote, FollowUpTelling

logger = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 1000
MOST_IN_MAIL: Final = 10
BURST: Final = timedelta(hours=1)
WAITS_FOR_WORDS: Final = timedelta(minutes=1)
"""A score is kept before its comment is written; so long a mail without words waits for them."""
Kind = FollowUpNote.Kind


@dataclass(frozen=True, kw_only=True)
class Case:
    """A follow-up as one reader may see it."""

    follow_up: FollowUp
    complaint: Complaint
    take_url: str
    url: str

    @property
    def is_due_by_calendar(self) -> bool:
        return self.follow_up.due_clock == FollowUp.Clock.CALENDAR


def tell(now: datetime) -> int:
    """Tell people of what is new for them. How many mails that makes."""
    if not FollowUpNote.objects.filter(is_to_tell=True).exists():
        return 0
    with transaction.atomic():
        take_turns()
        waiting = _waiting(now)
        people = _by_person(waiting)
        may_get = _allowances([person.pk for person, _notes in people], now)
        house = organisation()
        written = sum(_tell_person(person, notes, may_get[person.pk], now, house) for person, notes in people)
        _note_done(waiting, people)
    return written


# --- Who ----------------------------------------------------------------------------------------------------------
def _waiting(now: datetime) -> list[FollowUpNote]:
    rows = FollowUpNote.objects.filter(is_to_tell=True).select_related(
        "follow_up__survey__owner", "follow_up__contact", "follow_up__assignee"
    )
    said = Prefetch("follow_up__links", FollowUpAnswer.objects.select_related("answer__survey"))
    found = list(rows.prefetch_related(said, "tellings").order_by("pk")[:MOST_AT_ONCE])
    return [note for note in found if not _may_get_words(note, now)]


def _may_get_words(note: FollowUpNote, now: datetime) -> bool:
    is_fresh = note.kind == Kind.OPENED and now - note.follow_up.opened_at < WAITS_FOR_WORDS
    return is_fresh and not any(one.answer.comment.strip() for one in note.follow_up.links.all())


def _by_person(notes: Sequence[FollowUpNote]) -> list[tuple[User, list[FollowUpNote]]]:
    """Who is still to be told of what: whose follow-up it is, or every manager where it is (no longer) anybody's."""
    managers: list[User] | None = None
    owners = Owners()
    found: dict[int, tuple[User, list[FollowUpNote]]] = {}
    for note in notes:
        if _is_settled(note):
            continue
        assignee = note.follow_up.assignee
        if assignee is not None and owners.may_take_care(assignee):
            people = [assignee]
        else:
            people = managers = active_managers() if managers is None else managers
        told = {telling.recipient_id for telling in note.tellings.all()}
        for person in people:
            if person.pk not in told:
                found.setdefault(person.pk, (person, []))[1].append(note)
    return [found[pk] for pk in sorted(found)]


def _is_settled(note: FollowUpNote) -> bool:
    """Taken or closed before anybody could be told: nobody needs to be asked any more."""
    if note.kind == Kind.HANDED:
        return not note.follow_up.is_open
    return note.kind != Kind.ANSWERED and note.follow_up.state != FollowUp.State.NEW


def _allowances(people: Collection[int], now: datetime) -> dict[int, int]:
    """How many mails each of them may get now."""
    most = follow_up_rules.rules().most_mails
    rows = FollowUpTelling.objects.filter(recipient__in=people, at__gt=now - BURST, mail__isnull=False)
    lately = dict(rows.order_by().values_list("recipient").annotate(n=Count("mail", distinct=True)))
    return {person: max(0, most - lately.get(person, 0)) for person in people}


def _tell_person(person: User, notes: list[FollowUpNote], allowed: int, now: datetime, house: Organisation) -> int:
    """Each in a mail of its own as long as there are few; all in one when there are many; later when there were."""
    if not allowed:
        return 0
    by_follow_up: dict[int, list[FollowUpNote]] = {}
    for note in notes:
        by_follow_up.setdefault(note.follow_up_id, []).append(note)
    letters = list(by_follow_up.values())
    if len(letters) > allowed:
        letters = [notes]
    return sum(_tell_alone(person, about, now, house) for about in letters)


def _tell_alone(person: User, notes: Sequence[FollowUpNote], now: datetime, house: Organisation) -> int:
    """Whoever cannot be told is noted without a mail, to be seen in the history, and not tried again in seconds."""
    try:
        _tell(person, notes, now, house)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of %s follow-ups.", person.pk, len(notes))
        _note_told(person, notes, None, now)
        return 0
    return 1


@transaction.atomic
def _tell(person: User, notes: Sequence[FollowUpNote], now: datetime, house: Organisation) -> None:
    """Mail and tellings, all or none; the constraint refuses a second copy."""
    with timezone.override(zone_of(person, house)):
        letter = mail.compose(
            "follow_up",
            key=f"follow_up:{notes[0].pk}:{person.pk}",
            kind="follow_up",
            to=person.email,
            context={"organisation": house, **_context(person, notes)},
            language=person.language,
        )
    _note_told(person, notes, letter, now)


def _note_told(person: User, notes: Sequence[FollowUpNote], letter: Mail | None, now: datetime) -> None:
    FollowUpTelling.objects.bulk_create(
        [FollowUpTelling(note=note, recipient=person, mail=letter, at=now) for note in notes]
    )


def _note_done(waiting: Sequence[FollowUpNote], people: Sequence[tuple[User, list[FollowUpNote]]]) -> None:
    """What everybody was told of, and what needs no telling, is not looked at again. What nobody could be told of yet,
    because there is nobody or somebody got too many mails, waits."""
    wanted = {(note.pk, person.pk) for person, notes in people for note in notes}
    told = FollowUpTelling.objects.filter(note__in=[note.pk for note in waiting])
    unheard = {note for note, _person in wanted - set(told.values_list("note", "recipient"))}
    nobody = {note.pk for note in waiting if not _is_settled(note)} - {note for note, _person in wanted}
    nobody -= set(told.values_list("note", flat=True))
    done = [note.pk for note in waiting if note.pk not in unheard | nobody]
    FollowUpNote.objects.filter(pk__in=done).update(is_to_tell=False)


def zone_of(person: User, house: Organisation) -> ZoneInfo:
    """The organisation's where nobody knows the person's (any more)."""
    try:
        return ZoneInfo(person.time_zone or house.time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(house.time_zone)


# --- In which words -----------------------------------------------------------------------------------------------
def case(follow_up: FollowUp, links: Sequence[FollowUpAnswer], reader: User) -> Case:
    """About the last answer of it, which the reader has not seen yet."""
    answer = max((link.answer for link in links), key=complaints.came)
    answer.contact = follow_up.contact
    may_know = reader.has_perm("surveys.view_contact")
    return Case(
        follow_up=follow_up,
        complaint=complaints.complaint(answer, has_customer=may_know),
        take_url=follow_up_links.take_url(follow_up.pk, reader.pk),
        url=settings.BASE_URL + reverse("surveys:follow_up", args=[follow_up.pk]),
    )


def _context(person: User, notes: Sequence[FollowUpNote]) -> dict[str, Any]:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        by_follow_up = {note.follow_up_id: note for note in notes}
        found = sorted(by_follow_up.values(), key=lambda note: (note.follow_up.due_at, note.follow_up_id))
        cases = [case(note.follow_up, list(note.follow_up.links.all()), person) for note in found[:MOST_IN_MAIL]]
        surveys_told = sorted({note.follow_up.survey.name for note in found})
        return {
            "headline": headline(cases, len(found), surveys_told, _beginning(found)),
            "cases": cases,
            "count": len(found),
            "more": len(found) - len(cases),
            "url": settings.BASE_URL + reverse("surveys:follow_up_list"),
            "why": _why(person, found),
        }


def _beginning(notes: Sequence[FollowUpNote]) -> str:
    if notes[0].kind == Kind.HANDED:
        return _("For you")
    return _("Unhappy") if notes[0].kind == Kind.OPENED else _("Unhappy again")


def headline(cases: Sequence[Case], count: int, surveys_told: Sequence[str], beginning: str) -> str:
    """The subject: what it is in the first words, because a telephone shows no more."""
    if count == 1:
        told = cases[0].complaint
        return f"{beginning}: " + _("%(score)s, %(about)s") % {"score": told.score, "about": told.about}
    if len(surveys_told) == 1:
        words = ngettext("%(count)d unhappy customer: %(survey)s", "%(count)d unhappy customers: %(survey)s", count)
        return words % {"count": count, "survey": surveys_told[0]}
    return ngettext("%(count)d unhappy customer", "%(count)d unhappy customers", count) % {"count": count}


def _why(person: User, notes: Sequence[FollowUpNote]) -> str:
    first = notes[0]
    if first.follow_up.assignee_id != person.pk:
        return _("You get this mail because you are a manager and nobody else is there to take care of this.")
    if first.kind == Kind.HANDED:
        return _("You get this mail because somebody handed this to you.")
    if first.follow_up.survey.owner_id == person.pk:
        return _("You get this mail because you own this survey.")
    return _("You get this mail because unhappy customers of this kind are yours to take care of.")
