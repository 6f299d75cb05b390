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
_FOURTH, _FIFTH = 4, 5
_COPIED: Final = ("title", "cadence", "remind_days", "agenda")


def next_day(on: date, cadence: str, today: date, *, ordinal: int = 0) -> date | None:
    """The first day of the rhythm after today; None for a review that is not repeated.

    By weeks it is the same weekday. By months it is the same weekday of the month, such as the third Thursday, because
    the same date would often fall on a weekend; a fifth one that a month does not have becomes the last. `ordinal`
    says which of the month is meant, where it is not the one of the day itself.
    """
    if cadence == Cadence.ONCE:
        return None
    step = 1
    while (found := _after(on, Cadence(cadence), step, ordinal or _ordinal(on))) <= max(today, on):
        step += 1
    return found


def _after(on: date, cadence: Cadence, times: int, ordinal: int) -> date:
    if cadence in _WEEKS:
        return on + timedelta(weeks=_WEEKS[cadence] * times)
    months = on.year * 12 + on.month - 1 + _MONTHS[cadence] * times
    return _same_weekday(on, months // 12, months % 12 + 1, ordinal)


def _same_weekday(on: date, year: int, month: int, ordinal: int) -> date:
    first = date(year, month, 1)
    day = 1 + (on.weekday() - first.weekday()) % 7 + 7 * (ordinal - 1)
    return date(year, month, day if day <= monthrange(year, month)[1] else day - 7)


def _ordinal(on: date) -> int:
    """The how many-th of its weekday in its month a day is."""
    return (on.day - 1) // 7 + 1


def _meant(review: Review) -> int:
    """The same as the series means it: a fourth and last one may stand for a fifth that its month does not have.

    Then one before it says so, unless somebody has chosen another rhythm or weekday since.
    """
    on, last = review.on, review
    while _ordinal(on) == _FOURTH and on.day + 7 > monthrange(on.year, on.month)[1]:
        before = last.after
        if before is None or before.cadence != review.cadence or before.on.weekday() != on.weekday():
            break
        last, on = before, before.on
    return _FIFTH if _ordinal(on) == _FIFTH else _ordinal(review.on)


def plan_next(review: Review, today: date) -> Review | None:
    """The review after one that was held or cancelled, where it is repeated and none was planned yet.

    The caller holds a lock on the review; the database would refuse a second one all the same. People who left are not
    invited again, goals that are over not looked at.
    """
    on = next_day(review.on, review.cadence, today, ordinal=_meant(review) if review.cadence in _MONTHS else 0)
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
