"""Reviews: who is reminded when, the minutes, and what follows when one is held or cancelled."""

import hashlib
import logging
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from goals import cards, countdown, kept_agenda, queries, series
from goals.models import Action, Reminder, Review
from kpiproject import mail
from kpiproject.documents import markdown, web
from kpiproject.lib.periods import local_day, resolve_local
from kpiproject.models import Organisation, User
from kpiproject.queries import active_managers, organisation

logger = logging.getLogger(__name__)
Moment = Reminder.Moment

BEFORE_AT: Final = time(8)
ON_THE_DAY_AT: Final = time(7)
OVERDUE_AT: Final = time(8)
CATCH_UP: Final = timedelta(days=14)
"""One that has been overdue for longer when Plumbline looks again (it was switched off, say) is only shown."""
MOST_GOALS_IN_MAIL: Final = 6
_LONGEST: Final = timedelta(days=60)


class ChangedMeanwhileError(Exception):
    """Somebody else wrote minutes, or cancelled the review, after this person had opened it."""


class NotPlannedError(ValueError):
    """A review that was held or cancelled cannot be cancelled; the message is a sentence for the reader."""


# --- Reminders ----------------------------------------------------------------------------------------------------
def remind(now: datetime) -> int:
    """Put the reminders into the outbox that are due and were not written yet; how many are new."""
    house = organisation()
    today = local_day(now, house.time_zone)
    planned = Review.objects.filter(state=Review.State.PLANNED, on__range=(today - CATCH_UP, today + _LONGEST))
    return sum(
        _remind_alone(review.pk, now, house)
        for review in planned.select_related("owner")
        if _waiting(review, moment(review, now, house.time_zone))
    )


def moment(review: Review, now: datetime, zone: str) -> Moment | None:
    """The reminder that makes sense now: one before it from 8:00 so many days ahead, one on the day from 7:00, and one
    from 8:00 of the day after, if nobody has said that it was held."""
    today = local_day(now, zone)
    if review.state != Review.State.PLANNED:
        return None
    if today > review.on:
        return Moment.OVERDUE if now >= _at(review.on + timedelta(days=1), OVERDUE_AT, zone) else None
    if today == review.on:
        return Moment.ON_THE_DAY if now >= _at(review.on, ON_THE_DAY_AT, zone) else None
    first = review.on - timedelta(days=review.remind_days)
    return Moment.BEFORE if now >= _at(first, BEFORE_AT, zone) else None


def people(review: Review) -> list[User]:
    """Who leads it, then whoever else is invited; each once."""
    invited = {person.pk: person for person in (review.owner, *review.participants.all())}
    return list(invited.values())


def _at(day: date, clock: time, zone: str) -> datetime:
    return resolve_local(datetime.combine(day, clock), zone)


def _waiting(review: Review, found: Moment | None) -> list[User]:
    """The active people whom nobody has told of this date at this moment. Of an overdue one the managers are told."""
    if found is None:
        return []
    if found == Moment.OVERDUE:
        return [] if review.reminders.filter(on=review.on, moment=found).exists() else active_managers()
    told = set(review.reminders.filter(on=review.on, moment=found).values_list("recipient_id", flat=True))
    return [person for person in people(review) if person.is_active and person.pk not in told]


def _remind_alone(review_id: int, now: datetime, house: Organisation) -> int:
    try:
        return _remind_of(review_id, now, house)
    except Exception:
        logger.exception("Nobody could be reminded of review %s.", review_id)  # the others must be, all the same
        return 0


@transaction.atomic
def _remind_of(review_id: int, now: datetime, house: Organisation) -> int:
    """Under a lock: a review that is being moved or cancelled reminds of what it is afterwards."""
    count = 0
    for review in Review.objects.select_for_update().filter(pk=review_id):
        found = moment(review, now, house.time_zone)
        for person in _waiting(review, found):
            reminder = Reminder(review=review, on=review.on, moment=str(found), recipient=person, at=now)
            count += _write_alone(reminder, house)
    return count


def _write_alone(reminder: Reminder, house: Organisation) -> int:
    """One who cannot be told keeps nobody else from being told."""
    try:
        with transaction.atomic():
            return _write(reminder, house)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be reminded of review %s.", reminder.recipient_id, reminder.review_id)
        return 0


def _write(reminder: Reminder, house: Organisation) -> int:
    """Mail and reminder, both or none; the constraint refuses a second copy."""
    review, person = reminder.review, reminder.recipient
    today = local_day(reminder.at, house.time_zone)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = _context(review, person, today)
    reminder.mail = mail.compose(
        "review_overdue" if reminder.moment == Moment.OVERDUE else "review_reminder",
        key=f"review_reminder:{review.pk}:{review.on}:{reminder.moment}:{person.pk}",
        kind="review_reminder",
        to=person.email,
        context={"organisation": house, **context},
        reply_to="" if person == review.owner else review.owner.email,
        language=person.language,
    )
    reminder.save()
    return 1


def _context(review: Review, person: User, today: date) -> dict[str, Any]:
    """The figures in words, so that they stay what they were when the mail was written."""
    may_know = person.has_perm("goals.view_goal")
    goals = queries.on_agenda(review, has_drafts=person.is_manager) if may_know else []
    return {
        "review": review,
        "person": person,
        "leads": person == review.owner,
        "when": countdown.until(review.on, today),
        "agenda": web.render(markdown.parse(review.agenda)) if may_know else "",
        "cards": [cards.card(goal, today) for goal in goals[:MOST_GOALS_IN_MAIL]],
        "more": max(0, len(goals) - MOST_GOALS_IN_MAIL),
        "actions": _open_actions(today) if person.has_perm("goals.view_action") else None,
        "url": settings.BASE_URL + reverse("goals:review", args=[review.pk]),
    }


def _open_actions(today: date) -> dict[str, int]:
    """How many are open, and how many of those overdue."""
    found = Action.objects.filter(state=Action.State.OPEN)
    return found.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due__lt=today)))


# --- Minutes ------------------------------------------------------------------------------------------------------
def version(review: Review) -> str:
    """Differs when the minutes or the state do: what somebody saw before they wrote."""
    return hashlib.sha256(f"{review.state}\n{review.minutes}".encode()).hexdigest()[:16]


@transaction.atomic
def write_minutes(review_id: int, text: str, *, seen: str) -> Review:
    """Keep the minutes. Raises ChangedMeanwhileError if they are no longer what the writer saw."""
    review = _unchanged(review_id, seen)
    review.minutes = text
    review.save(update_fields=["minutes"])
    return review


@transaction.atomic
def hold(review_id: int, text: str, *, seen: str, now: datetime) -> Review:
    """The review took place: keep the minutes and the agenda, remind nobody any more, and plan the next one where it
    is repeated.

    Raises ChangedMeanwhileError.
    """
    review = _unchanged(review_id, seen)
    review.minutes, review.state, review.held_at = text, Review.State.HELD, review.held_at or now
    review.save(update_fields=["minutes", "state", "held_at"])
    keep_agenda(review, now)
    plan_next(review, now)
    return review


def held_early_on(review: Review, zone: str) -> date | None:
    """The day on which a review took place before its date; None for one that did not. Its date stays, because the
    rhythm of its series goes by it."""
    if review.state != Review.State.HELD or review.held_at is None:
        return None
    day = local_day(review.held_at, zone)
    return day if day < review.on else None


@transaction.atomic
def keep_agenda(review: Review, now: datetime) -> None:
    """Once a review is held its agenda stays what it was; one that is planned again after all has a new one."""
    locked = Review.objects.select_for_update().get(pk=review.pk)
    is_held = locked.state == Review.State.HELD
    if is_held == (locked.kept_agenda is not None):
        return
    review.kept_agenda = locked.kept_agenda = kept_agenda.now_of(locked, now) if is_held else None
    locked.save(update_fields=["kept_agenda"])


@transaction.atomic
def cancel(review_id: int, *, now: datetime) -> Review | None:
    """A planned review does not take place; the next one of its series, where there is one. Raises NotPlannedError."""
    review = Review.objects.select_for_update().get(pk=review_id)
    if review.state != Review.State.PLANNED:
        message = _("Only a planned review can be cancelled; this one is %(state)s.")
        raise NotPlannedError(message % {"state": review.get_state_display()})
    review.state = Review.State.CANCELLED
    review.save(update_fields=["state"])
    return plan_next(review, now)


@transaction.atomic
def plan_next(review: Review, now: datetime) -> Review | None:
    """After one that is held or cancelled; however often it is asked for, there is one."""
    # Nothing is joined: where the leader changed while we waited, PostgreSQL would find no row at all.
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.state == Review.State.PLANNED:
        return None
    return series.plan_next(locked, local_day(now, organisation().time_zone))


def _unchanged(review_id: int, seen: str) -> Review:
    review = Review.objects.select_for_update().get(pk=review_id)
    if version(review) != seen or review.state == Review.State.CANCELLED:
        raise ChangedMeanwhileError
    return review
