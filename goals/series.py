"""Reviews that repeat: holding or cancelling one plans the next, and only one."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from goals.models import Goal, Review
from kpiproject.models import User
from kpiproject.queries import active_managers

Cadence = Review.Cadence
_WEEKS: Final = {Cadence.WEEKLY: 1, Cadence.TWO_WEEKLY: 2}
_MONTHS: Final = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
_COPIED: Final = ("title", "cadence", "remind_days", "agenda")


def next_day(on: date, cadence: str, today: date) -> date | None:
    """The first day of the rhythm after today; None for a review that is not repeated.

    By weeks it is the same weekday. By months it is the same weekday of the month, such as the third Thursday, because
    the same date would often fall on a weekend; a fifth one that a month does not have becomes the last.
    """
    if cadence == Cadence.ONCE:
        return None
    step = 1
    while (found := _after(on, Cadence(cadence), step)) <= max(today, on):
        step += 1
    return found


def _after(on: date, cadence: Cadence, times: int) -> date:
    if cadence in _WEEKS:
        return on + timedelta(weeks=_WEEKS[cadence] * times)
    months = on.year * 12 + on.month - 1 + _MONTHS[cadence] * times
    return _same_weekday(on, months // 12, months % 12 + 1)


def _same_weekday(on: date, year: int, month: int) -> date:
    first = date(year, month, 1)
    day = 1 + (on.weekday() - first.weekday()) % 7 + 7 * ((on.day - 1) // 7)
    return date(year, month, day if day <= monthrange(year, month)[1] else day - 7)


def plan_next(review: Review, today: date) -> Review | None:
    """The review after one that was held or cancelled, where it is repeated and none was planned yet.

    The caller holds a lock on the review; the database would refuse a second one all the same. People who left are not
    invited again, goals that are over not looked at.
    """
    on = next_day(review.on, review.cadence, today)
    if on is None or Review.objects.filter(after=review).exists():
        return None
    copied = {name: getattr(review, name) for name in _COPIED}
    found = Review.objects.create(**copied, on=on, owner=_leader(review), after=review)
    found.participants.set(review.participants.filter(is_active=True))
    found.goals.set(review.goals.filter(state__in=[Goal.State.ACTIVE, Goal.State.DRAFT]))
    return found


def _leader(review: Review) -> User:
    """Who led it, or, where they left, the first manager among those invited, or any manager."""
    if review.owner.is_active:
        return review.owner
    invited = review.participants.filter(is_active=True, is_staff=True).order_by("pk").first()
    return invited or next(iter(active_managers()), review.owner)
