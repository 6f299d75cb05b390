"""Business calendars as objects that can calculate."""

import json
from datetime import date
from functools import lru_cache
from typing import Final

from kpiproject.lib.worktime import WorkTime
from kpiproject.models import BusinessCalendar

ROUND_THE_CLOCK: Final = WorkTime.around_the_clock()
"""Calendar time, with the methods of business time."""


def worktime(calendar: BusinessCalendar) -> WorkTime:
    """The opening hours of a calendar without its observed holidays."""
    holidays = frozenset(holiday.date for holiday in calendar.holidays.all() if holiday.is_active)
    return _worktime(json.dumps(calendar.week, sort_keys=True), calendar.time_zone, holidays)


def default_worktime() -> WorkTime | None:
    """The hours in which the organisation measures business time; None where it has no calendar.

    A calendar that never opens counts as none: every duration would be a perfect zero.
    """
    calendar = BusinessCalendar.objects.filter(is_default=True).prefetch_related("holidays").first()
    found = worktime(calendar) if calendar else None
    return None if found is None or found.is_never_open else found


@lru_cache(maxsize=16)
def _worktime(week: str, zone: str, holidays: frozenset[date]) -> WorkTime:
    """Kept, because an object of equal hours has its tables of years already."""
    return WorkTime(json.loads(week), zone, holidays)
