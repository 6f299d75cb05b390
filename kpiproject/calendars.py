"""Business calendars as objects that can calculate."""

from datetime import date

from kpiproject.lib.worktime import WorkTime
from kpiproject.models import BusinessCalendar


def worktime(calendar: BusinessCalendar) -> WorkTime:
    """The opening hours of a calendar without its observed holidays."""
    holidays: set[date] = {holiday.date for holiday in calendar.holidays.all() if holiday.is_active}
    return WorkTime(calendar.week, calendar.time_zone, holidays)


def default_worktime() -> WorkTime | None:
    """The hours in which the organisation measures business time; None where it has no calendar.

    A calendar that never opens counts as none: every duration would be a perfect zero.
    """
    calendar = BusinessCalendar.objects.filter(is_default=True).prefetch_related("holidays").first()
    found = worktime(calendar) if calendar else None
    return None if found is None or found.is_never_open else found
