from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.windows import NeverOpenError, Window

BERLIN = "Europe/Berlin"
WORKING = frozenset(range(5))
OFFICE = Window(weekdays=WORKING, start=time(9), end=time(17))


def local(year: int, month: int, day: int, hour: int, minute: int = 0, zone: str = BERLIN) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("after", "leaves"),
    [
        (local(2026, 3, 4, 11), local(2026, 3, 4, 11)),  # a Wednesday in the window: at once
        (local(2026, 3, 4, 6), local(2026, 3, 4, 9)),
        (local(2026, 3, 4, 9), local(2026, 3, 4, 9)),
        (local(2026, 3, 4, 17), local(2026, 3, 5, 9)),  # its end is outside
        (local(2026, 3, 6, 18), local(2026, 3, 9, 9)),  # over the weekend
    ],
)
def test_next_moment(after, leaves):
    assert OFFICE.next_moment(after, BERLIN) == leaves


def test_the_clock_is_that_of_the_person():
    after = datetime(2026, 3, 4, 11, tzinfo=UTC)
    assert OFFICE.next_moment(after, "America/New_York") == local(2026, 3, 4, 9, zone="America/New_York")
    assert OFFICE.next_moment(after, "Asia/Tokyo") == local(2026, 3, 5, 9, zone="Asia/Tokyo")


def test_holidays_are_passed_over():
    easter = Window(weekdays=WORKING, start=time(9), end=time(17), holidays={date(2026, 4, 3), date(2026, 4, 6)})
    assert easter.next_moment(local(2026, 4, 2, 18), BERLIN) == local(2026, 4, 7, 9)


def test_when_the_clocks_go_forward_a_window_in_the_gap_opens_after_it():
    night = Window(weekdays=frozenset({6}), start=time(2, 30), end=time(4))
    assert night.next_moment(local(2026, 3, 28, 12), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_when_the_clocks_go_back_the_hour_comes_once():
    night = Window(weekdays=frozenset({6}), start=time(2, 30), end=time(4))
    assert night.next_moment(local(2026, 10, 24, 12), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_nine_o_clock_stays_nine_o_clock_across_the_change():
    assert OFFICE.next_moment(local(2026, 3, 27, 18), BERLIN) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert OFFICE.next_moment(local(2026, 10, 23, 18), BERLIN) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_until_midnight():
    evening = Window(weekdays=WORKING, start=time(18), end=time(0))
    assert evening.next_moment(local(2026, 3, 4, 23, 59), BERLIN) == local(2026, 3, 4, 23, 59)
    assert evening.next_moment(local(2026, 3, 5, 0), BERLIN) == local(2026, 3, 5, 18)


@pytest.mark.parametrize(("start", "end"), [(time(22), time(6)), (time(9), time(9))])
def test_window_over_midnight_is_refused(start, end):
    with pytest.raises(NeverOpenError):
        Window(weekdays=WORKING, start=start, end=end)


def test_window_without_a_day_is_refused():
    with pytest.raises(NeverOpenError):
        Window(weekdays=frozenset(), start=time(9), end=time(17))


@given(
    after=st.integers(1_704_067_200, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    zone=st.sampled_from([BERLIN, "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo"]),
)
def test_never_before_always_inside_and_a_fixed_point(after, zone):
    found = OFFICE.next_moment(after, zone)
    there = found.astimezone(ZoneInfo(zone))
    assert found >= after
    assert there.weekday() < 5
    assert time(9) <= there.time() < time(17)
    assert OFFICE.next_moment(found, zone) == found
