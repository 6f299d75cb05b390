"""Quiet hours by the clocks of a zone, on ordinary days and on those on which the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goals.alarms import quiet
from goals.alarms.quiet import BadWindowsError

NIGHT = [["22:00", "07:00"]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "windows", "instant", "is_quiet"),
    [
        ("America/Los_Angeles", [["10:00", "12:00"]], "2024-06-01T18:00", True),
        ("America/Los_Angeles", [["10:00", "12:00"]], "2024-06-01T19:00", False),
        ("UTC", [["10:00", "12:00"]], "2024-06-01T10:00", True),
        ("UTC", [["10:00", "12:00"]], "2024-06-01T11:59:59", True),
        ("UTC", [["10:00", "12:00"]], "2024-06-01T12:00", False),
        ("UTC", NIGHT, "2026-04-06T22:30", True),
        ("UTC", NIGHT, "2026-04-07T06:59", True),
        ("UTC", NIGHT, "2026-04-07T07:00", False),
        ("UTC", [["18:00", "24:00"]], "2026-04-06T23:59", True),
        ("UTC", [["18:00", "24:00"]], "2026-04-07T00:00", False),
        ("UTC", [], "2026-04-07T00:00", False),
    ],
)
def test_half_open_by_local_clocks(zone: str, windows: list[list[str]], instant: str, is_quiet: bool) -> None:
    assert quiet.is_quiet(windows, at(instant), zone) == is_quiet


@pytest.mark.parametrize(
    ("zone", "windows", "start", "free"),
    [
        ("UTC", [["10:00", "12:00"]], "2024-06-01T11:00", "2024-06-01T12:00"),
        ("UTC", NIGHT, "2026-04-06T22:30", "2026-04-07T07:00"),
        ("UTC", NIGHT, "2026-04-06T12:34:56", "2026-04-06T12:34:56"),
        # An hour after a quarter to one in Toronto nothing is quiet yet: what was planned for four o'clock is not.
        ("America/Toronto", [["14:00", "16:00"]], "2026-04-06T17:44", "2026-04-06T17:44"),
        ("America/Toronto", [["14:00", "16:00"]], "2026-04-06T18:00", "2026-04-06T20:00"),
        # In the night to 29 March the clocks of Berlin go from 2 to 3, in the one to 25 October from 3 to 2.
        ("Europe/Berlin", NIGHT, "2026-03-28T21:30", "2026-03-29T05:00"),
        ("Europe/Berlin", NIGHT, "2026-10-24T20:30", "2026-10-25T06:00"),
        ("Europe/Berlin", [["01:00", "02:30"]], "2026-03-29T00:30", "2026-03-29T01:00"),
        ("Europe/Berlin", [["01:00", "02:30"]], "2026-10-24T23:30", "2026-10-25T00:30"),
        ("Europe/Berlin", [["01:00", "02:30"]], "2026-10-25T01:00", "2026-10-25T01:30"),
        ("UTC", [["10:00", "12:00"], ["12:00", "13:00"]], "2026-04-06T10:30", "2026-04-06T13:00"),
    ],
)
def test_next_instant_that_is_free(zone: str, windows: list[list[str]], start: str, free: str) -> None:
    assert quiet.next_free(windows, at(start), zone) == at(free)


def test_quiet_weekends_end_on_monday_morning() -> None:
    friday_night = at("2026-04-10T21:30")  # half past eleven in Berlin
    assert quiet.next_free(NIGHT, friday_night, "Europe/Berlin", has_weekend=True) == at("2026-04-13T05:00")
    assert quiet.next_free([], at("2026-04-11T10:00"), "UTC", has_weekend=True) == at("2026-04-13T00:00")


@pytest.mark.parametrize(
    ("windows", "merged"),
    [
        ([["10:00", "12:00"], ["11:00", "13:00"]], [(600, 780)]),
        ([["12:00", "13:00"], ["10:00", "12:00"]], [(600, 780)]),
        (NIGHT, [(0, 420), (1320, 1440)]),
        ([["00:00", "12:00"], ["12:00", "24:00"]], [(0, 1440)]),
        ([["20:00", "24:00"]], [(1200, 1440)]),
        ([["20:00", "00:00"]], [(1200, 1440)]),
    ],
)
def test_windows_that_touch_are_one(windows: list[list[str]], merged: list[tuple[int, int]]) -> None:
    assert quiet.merged(windows) == merged


@pytest.mark.parametrize(
    ("windows", "sentence"),
    [
        ([["10:00", "10:29"]], "10:00-10:29 is shorter than 30 minutes."),
        ([["23:50", "00:10"]], "23:50-00:10 is shorter than 30 minutes."),
        ([["10:00", "11:00"]] * 6, "6 windows are more than the 5 that are possible."),
        (
            [["00:00", "12:00"], ["12:00", "00:00"]],
            "These quiet hours cover the whole day, so that nobody would ever be told.",
        ),
        ([["10:00", "10:00"]], "These quiet hours cover the whole day, so that nobody would ever be told."),
        ([["00:00", "24:00"]], "These quiet hours cover the whole day, so that nobody would ever be told."),
        ([["10 am", "12:00"]], "“10 am-12:00” is not a window such as 22:00-07:00."),
        ([["10:00"]], "“10:00” is not a window such as 22:00-07:00."),
        ([["10:00", "25:00"]], "“10:00-25:00” is not a window such as 22:00-07:00."),
    ],
)
def test_refused_in_words(windows: list[list[str]], sentence: str) -> None:
    with pytest.raises(BadWindowsError) as error:
        quiet.check(windows)
    assert str(error.value) == sentence


def test_good_windows_pass() -> None:
    quiet.check([*NIGHT, ["12:00", "12:30"]])
    quiet.check([])


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
WINDOWS = st.lists(st.lists(CLOCKS, min_size=2, max_size=2), max_size=5)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])


@given(WINDOWS, INSTANTS, ZONES, st.booleans())
def test_what_is_found_is_free_and_nothing_before_it_is(
    windows: list[list[str]], instant: datetime, zone: str, has_weekend: bool
) -> None:
    try:
        quiet.check(windows)
    except BadWindowsError:
        assume(False)  # noqa: FBT003 - hypothesis' own way
    free = quiet.next_free(windows, instant, zone, has_weekend=has_weekend)
    assert not quiet.is_quiet(windows, free, zone, has_weekend=has_weekend)
    assert free >= instant
    if free > instant:
        assert quiet.is_quiet(windows, free - timedelta(seconds=1), zone, has_weekend=has_weekend)
