from datetime import UTC, date, datetime

import pytest

from kpiproject import calendars
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


# --- Half days, days with other hours -----------------------------------------------------------------------------
def opened(calendar, first, last):
    """The open times of some days in UTC."""
    start, end = (datetime.fromisoformat(f"{day}T00:00Z") for day in (first, last))
    return [f"{a:%d %H:%M}-{b:%H:%M}" for a, b in worktime(calendar).segments(start, end)]


def test_a_half_holiday_is_open_for_a_part_of_the_day():
    calendar = CalendarFactory()
    calendar.holidays.create(date=date(2026, 12, 24), name="Christmas Eve", intervals=[["09:00", "12:00"]])
    calendar.holidays.create(date=date(2026, 12, 25), name="Christmas Day")
    assert opened(calendar, "2026-12-24", "2026-12-29") == ["24 09:00-12:00", "28 09:00-17:00"]
    calendar.holidays.update(is_active=False)
    assert opened(calendar, "2026-12-24", "2026-12-26") == ["24 09:00-17:00", "25 09:00-17:00"]


def test_a_day_with_other_hours_replaces_the_week_and_the_holiday():
    calendar = CalendarFactory()
    calendar.holidays.create(date=MONDAY, name="Carnival")
    calendar.special_days.create(date=MONDAY, intervals=[["10:00", "11:00"]], reason="Emergency service")
    calendar.special_days.create(date=date(2026, 3, 3), intervals=[], reason="Works outing")
    assert opened(calendar, "2026-03-02", "2026-03-05") == ["02 10:00-11:00", "04 09:00-17:00"]


# --- Other hours from a date on -----------------------------------------------------------------------------------
LATE = {"mon": [["12:00", "20:00"]]}
SHORT = {"mon": [["09:00", "10:00"]]}


def mondays(calendar):
    calendar.refresh_from_db()
    return opened(calendar, "2026-03-02", "2026-03-03") + opened(calendar, "2026-03-09", "2026-03-10")


def test_other_hours_count_from_their_date_on():
    calendar = CalendarFactory()
    calendars.change_hours(calendar, LATE, "UTC", start=date(2026, 3, 9))
    assert mondays(calendar) == ["02 09:00-17:00", "09 12:00-20:00"]


def test_a_correction_counts_for_the_past_too():
    calendar = CalendarFactory()
    calendars.change_hours(calendar, LATE, "UTC", start=date(2026, 3, 9))
    calendars.change_hours(calendar, SHORT, "UTC", start=None)
    assert mondays(calendar) == ["02 09:00-10:00", "09 09:00-10:00"]


def test_a_second_change_replaces_what_was_planned_for_later():
    calendar = CalendarFactory()
    calendars.change_hours(calendar, LATE, "UTC", start=date(2026, 3, 9))
    calendars.change_hours(calendar, SHORT, "UTC", start=date(2026, 3, 5))
    assert mondays(calendar) == ["02 09:00-17:00", "09 09:00-10:00"]
    calendars.change_hours(calendar, LATE, "UTC", start=date(2026, 3, 5))
    assert mondays(calendar) == ["02 09:00-17:00", "09 12:00-20:00"]
    assert calendar.earlier.count() == 1


def test_the_same_hours_again_are_no_change():
    calendar = CalendarFactory()
    calendars.change_hours(calendar, calendar.week, "UTC", start=date(2026, 3, 9))
    assert calendar.earlier.count() == 0


def test_another_zone_counts_from_its_date_on():
    calendar = CalendarFactory()
    calendars.change_hours(calendar, calendar.week, "Europe/Berlin", start=date(2026, 3, 9))
    assert mondays(calendar) == ["02 09:00-17:00", "09 08:00-16:00"]


# --- In use -------------------------------------------------------------------------------------------------------
def test_business_time_is_measured_as_soon_as_any_calendar_is_used():
    assert not calendars.measures_business_time()
    spare = CalendarFactory(is_default=False)
    assert not calendars.measures_business_time()
    spare.uses.create(channel="chat")
    assert calendars.measures_business_time()


def test_reading_the_calendars_takes_as_many_queries_however_many_there_are(django_assert_num_queries):
    CalendarFactory()
    CalendarFactory(is_default=False).uses.create(channel="chat")
    with django_assert_num_queries(9):
        calendars.opening_hours()
    for channel in ("phone", "mail"):
        CalendarFactory(is_default=False).uses.create(channel=channel)
    with django_assert_num_queries(9):
        calendars.opening_hours()


def test_holidays_that_are_there_stay_as_they_are():
    calendar = CalendarFactory()
    calendar.holidays.create(date=MONDAY, name="Ours", is_active=False)
    days = {MONDAY: "Carnival", date(2026, 5, 1): "Labour Day"}
    assert [calendars.add_holidays(calendar, days), calendars.add_holidays(calendar, days)] == [1, 0]
    assert [(one.name, one.is_active) for one in calendar.holidays.all()] == [("Ours", False), ("Labour Day", True)]
