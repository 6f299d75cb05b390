"""Whether somebody still looks after a goal: one without a check-in for twice its cadence is stale.

A flag and not a status: what is measured does not depend on who writes something down about it.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Cadence, Goal

TIMES: Final = 2
"""So many cadences may pass: one check-in may be missed, two in a row may not."""


def cadence_days(goal: Goal) -> int:
    """The days between two check-ins of a goal."""
    return Cadence(goal.check_in_cadence).days


def is_too_long(days: int, cadence: int) -> bool:
    """Whether so many days without a check-in are too many: with a cadence of a week, 14 are."""
    return days >= TIMES * cadence


def days_without(goal: Goal, today: date) -> int:
    """Since the last check-in, or since there was something to say: the goal is there and has begun."""
    began = max(goal.start, goal.created_at.date())
    since = max(goal.checked_in_on, began) if goal.checked_in_on else began
    return (today - since).days


def is_stale(goal: Goal, today: date) -> bool:
    return _is_running(goal, today) and is_too_long(days_without(goal, today), cadence_days(goal))


def is_late(goal: Goal, today: date) -> bool:
    """Whether its owner owes a check-in: once its cadence has passed, that is, before the goal is stale."""
    return _is_running(goal, today) and days_without(goal, today) >= cadence_days(goal)


def _is_running(goal: Goal, today: date) -> bool:
    """Before it begins, and once its last period is judged, nobody need write."""
    is_over = goal.status in (Goal.Status.ACHIEVED, Goal.Status.MISSED)
    return goal.state == Goal.State.ACTIVE and not is_over and today >= goal.start


def stale(today: date) -> Q:
    """The same for the database, where all of the days that count lie far enough back."""
    is_over = Q(status__in=[Goal.Status.ACHIEVED, Goal.Status.MISSED])
    silent = Q(pk__in=[])
    for cadence in Cadence:
        last = today - timedelta(days=TIMES * cadence.days)
        made_before = datetime.combine(last + timedelta(days=1), time(), UTC)
        has_spoken = Q(checked_in_on__gt=last)
        silent |= Q(check_in_cadence=cadence, start__lte=last, created_at__lt=made_before) & ~has_spoken
    return Q(state=Goal.State.ACTIVE) & ~is_over & silent


def words(goal: Goal, today: date) -> str:
    """“no check-in for 16 days”; empty where the goal is not stale."""
    return silence(goal, today) if is_stale(goal, today) else ""


def silence(goal: Goal, today: date) -> str:
    """The same of any goal that is running."""
    days = days_without(goal, today)
    if goal.checked_in_on is None:
        return ngettext("no check-in in its first %(days)s day", "no check-in in its first %(days)s days", days) % {
            "days": days
        }
    return _("no check-in for %(days)s days") % {"days": days}
