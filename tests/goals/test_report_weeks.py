from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from goals.report_weeks import Schedule, week_text
from kpiproject.lib.periods import Period

# Instants at which Berlin's clocks show nine on Mondays, around both changes of 2026.
NINE_ON_MONDAYS = [
    ("2026-03-23 09:00", "2026-03-23T08:00Z"),
    ("2026-03-30 09:00", "2026-03-30T07:00Z"),
    ("2026-10-19 09:00", "2026-10-19T07:00Z"),
    ("2026-10-26 09:00", "2026-10-26T08:00Z"),
]
MONDAYS_AT_NINE = Schedule(weekday=0, at=time(9), zone="Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def week(start: str, zone: str = "Europe/Berlin") -> Period:
    first = date.fromisoformat(start)
    return Period(first, first + timedelta(days=7), zone)


@pytest.mark.parametrize(("local", "utc"), NINE_ON_MONDAYS)
def test_nine_on_monday_whatever_the_clocks_do(local: str, utc: str) -> None:
    found = MONDAYS_AT_NINE.due(MONDAYS_AT_NINE.last_complete(at(utc)))
    assert found == at(utc)
    assert found.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M") == local


@pytest.mark.parametrize(
    ("due_week", "utc"),
    [("2026-03-16", "2026-03-29T01:00Z"), ("2026-10-12", "2026-10-25T00:30Z")],
    ids=["skipped time", "time that comes twice"],
)
def test_half_past_two_on_the_days_of_the_clock_change(due_week: str, utc: str) -> None:
    schedule = Schedule(weekday=6, at=time(2, 30), zone="Europe/Berlin")
    assert schedule.due(week(due_week)) == at(utc)


@pytest.mark.parametrize(
    ("now", "zone", "first", "last"),
    [
        ("2020-01-13T02:00Z", "Asia/Tokyo", "2020-01-06", "2020-01-12"),
        ("2020-01-15T00:00Z", "UTC", "2020-01-06", "2020-01-12"),
        # Sunday in New York, Monday in Tokyo.
        ("2026-11-23T02:00Z", "America/New_York", "2026-11-09", "2026-11-15"),
        ("2026-11-23T02:00Z", "Asia/Tokyo", "2026-11-16", "2026-11-22"),
        # The last days of 2022 and the first of 2023 are one week: number 52 of 2022.
        ("2023-01-02T12:00Z", "UTC", "2022-12-26", "2023-01-01"),
        ("2025-01-06T12:00Z", "UTC", "2024-12-30", "2025-01-05"),
        ("2027-01-04T12:00Z", "UTC", "2026-12-28", "2027-01-03"),
    ],
)
def test_the_last_complete_week(now: str, zone: str, first: str, last: str) -> None:
    found = Schedule(weekday=0, at=time(9), zone=zone).last_complete(at(now))
    assert (found.start.isoformat(), (found.end - timedelta(days=1)).isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("day", "iso"), [("2022-12-31", 52), ("2023-01-01", 52), ("2024-12-30", 1), ("2026-12-31", 53)]
)
def test_weeks_from_monday_are_those_of_iso(day: str, iso: int) -> None:
    found = MONDAYS_AT_NINE.week_of(date.fromisoformat(day))
    assert {(found.start + timedelta(days=n)).isocalendar().week for n in range(7)} == {iso}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "UTC"])
@pytest.mark.parametrize("week_start", [0, 5, 6])
@pytest.mark.parametrize("weekday", range(7))
def test_every_week_is_due_once_and_in_order(zone: str, week_start: int, weekday: int) -> None:
    schedule = Schedule(weekday=weekday, at=time(0, 15), zone=zone, week_start=week_start)
    weeks = list(islice(schedule.from_week(schedule.week_of(date(2025, 12, 1))), 60))
    dates = [schedule.due(one) for one in weeks]
    assert dates == sorted(set(dates))
    assert all(later.start == earlier.end for earlier, later in pairwise(weeks))
    for one, due in zip(weeks, dates, strict=True):
        assert schedule.latest(due) == one
        assert schedule.latest(due - timedelta(seconds=1)) == one.previous()
        assert next(schedule.after(due - timedelta(seconds=1))) == one
        assert one.end_at <= due


def test_the_date_is_on_the_chosen_day_of_the_week_after() -> None:
    sunday_weeks = Schedule(weekday=2, at=time(7), zone="UTC", week_start=6)
    found = sunday_weeks.last_complete(at("2026-11-25T07:00Z"))
    assert (found.start, found.end) == (date(2026, 11, 15), date(2026, 11, 22))
    assert sunday_weeks.due(found) == at("2026-11-25T07:00Z")


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("2026-11-16", "16–22 Nov 2026"),
        ("2026-09-28", "28 Sep – 4 Oct 2026"),
        ("2026-12-28", "28 Dec 2026 – 3 Jan 2027"),
    ],
)
def test_what_a_week_is_called(start: str, text: str) -> None:
    assert week_text(week(start)) == text
