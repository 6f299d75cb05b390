from datetime import UTC, date, datetime

import pytest

from kpiproject.calendars import default_worktime, worktime
from tests.factories import CalendarFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def first_opening(hours):
    return hours.next_open(datetime(2026, 3, 1, tzinfo=UTC))


def test_worktime_has_the_calendars_hours_in_its_zone():
    calendar = CalendarFactory(time_zone="Europe/Berlin", week={"mon": [["08:30", "12:00"]]})
    assert first_opening(worktime(calendar)) == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def test_holidays_are_closed_as_far_as_they_are_observed():
    calendar = CalendarFactory()
    calendar.holidays.create(date=MONDAY, name="Carnival")
    calendar.holidays.create(date=date(2026, 3, 3), name="Ignored", is_active=False)
    assert first_opening(worktime(calendar)) == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_changed_calendar_has_other_hours_at_once():
    calendar = CalendarFactory()
    assert first_opening(worktime(calendar)).hour == 9
    calendar.week = {"mon": [["10:00", "12:00"]]}
    assert first_opening(worktime(calendar)).hour == 10


def test_equal_hours_are_built_once():
    calendar = CalendarFactory()
    assert worktime(calendar) is worktime(calendar)


def test_default_is_the_organisations_own():
    CalendarFactory(is_default=False)
    assert default_worktime() is None
    chosen = CalendarFactory(week={"mon": [["11:00", "12:00"]]})
    assert default_worktime() is worktime(chosen)


def test_default_that_never_opens_counts_as_none():
    CalendarFactory(week={"mon": []})
    assert default_worktime() is None
