import re
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiproject.lib.periods import MISSING, epoch, instant, resolve_local
from kpiproject.lib.worktime import WEEKDAYS, Pauses, WorkTime
from tests.kpiproject.lib import worktime_cases as cases

MIXED = cases.WEEKS["MIXED"]


def at(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def hours(text):
    return [pair.split("-") for pair in text.split(",")]


def week(text):
    result: dict[str, list[list[str]]] = {}
    for part in cases.WEEKS.get(text, text).split("; "):
        days, intervals = part.split(" ")
        first, _, last = days.partition("-")
        span = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]
        result |= dict.fromkeys(span, hours(intervals))
    return result


def worktime(text, zone="UTC", holidays="", overrides=None):
    return WorkTime(
        week(text) if text else {},
        zone,
        [date.fromisoformat(day) for day in holidays.split()],
        {date.fromisoformat(day): hours(intervals) for day, intervals in (overrides or {}).items()},
    )


def between(work, start, end, pauses=None):
    return int(work.seconds_between(np.array([epoch(start)]), np.array([epoch(end)]), pauses)[0])


def due(work, start, seconds, pauses=None):
    return int(work.due_at(np.array([epoch(start)]), np.array([seconds]), pauses)[0])


def paused(pairs):
    starts, ends = (np.array([epoch(at(pair[n])) for pair in pairs], np.int64) for n in (0, 1))
    return Pauses(np.zeros(len(pairs), np.intp), starts, ends)


def rows(table):
    for line in table.strip().splitlines():
        number, text, zone, *rest = (cell.strip() for cell in line.split("|"))
        holidays = " ".join(days for numbers, days in cases.HOLIDAYS.items() if number in numbers.split())
        work = worktime(text, zone, holidays, cases.OVERRIDES.get(number))
        yield pytest.param(work, *rest, paused(cases.PAUSES.get(number, [])), id=number)


@pytest.mark.parametrize(("work", "start", "end", "expected", "pauses"), list(rows(cases.DURATIONS)))
def test_seconds_between(work, start, end, expected, pauses):
    assert between(work, at(start), at(end), pauses) == int(expected)


@pytest.mark.parametrize(("work", "start", "seconds", "expected", "pauses"), list(rows(cases.DUE_TIMES)))
def test_due_at(work, start, seconds, expected, pauses):
    assert instant(due(work, at(start), int(seconds), pauses)) == at(expected)


def test_a_day_of_25_hours_counts_25():
    work = worktime("sun 00:00-24:00", "Europe/Paris")
    assert between(work, at("2020-10-24 22:00"), at("2020-10-25 23:00")) == 25 * 3600


SEGMENTS = {
    "v010: overrides replace the hours of their date": (
        worktime(
            "MIXED", overrides={"2005-12-31": "10:00-14:00", "2006-01-04": "08:00-12:00", "2006-01-06": "09:00-10:00"}
        ),
        "2006-01-01 2006-01-08",
        "02 09:00-17:00, 03 10:00-16:00, 04 08:00-12:00, 05 10:00-16:00, 06 09:00-10:00, 07 11:00-14:30",
    ),
    "v012: breaks of one date": (
        worktime("MIXED", overrides={"2006-01-02": "09:00-10:00,11:30-13:00,14:00-17:00"}),
        "2006-01-02 2006-01-03",
        "02 09:00-10:00, 02 11:30-13:00, 02 14:00-17:00",
    ),
    "v013: a break over two intervals": (
        worktime("mon 17:00-19:00,20:00-22:00", overrides={"2006-01-02": "17:00-18:00,21:00-22:00"}),
        "2006-01-02 2006-01-03",
        "02 17:00-18:00, 02 21:00-22:00",
    ),
    "cut at the edges": (
        worktime("MIXED"),
        "2006-01-02T10:30 2006-01-03T11:00",
        "02 10:30-17:00, 03 10:00-11:00",
    ),
    "intervals that overlap or touch are one": (
        worktime("mon 09:00-12:00,11:00-14:00,14:00-15:00"),
        "2006-01-01 2006-01-08",
        "02 09:00-15:00",
    ),
}


@pytest.mark.parametrize(("work", "span", "expected"), SEGMENTS.values(), ids=SEGMENTS)
def test_segments(work, span, expected):
    start, end = map(at, span.split())
    found = [f"{a:%d %H:%M}-{b:%H:%M}" for a, b in work.segments(start, end)]
    assert ", ".join(found) == expected


def test_segments_of_a_night_shift_are_one_across_midnight():
    start, end = at("2024-06-01"), at("2024-06-03")
    expected = [(at("2024-06-01 20:00"), at("2024-06-02 04:00"))]
    assert worktime("NIGHT", "Europe/Berlin").segments(start, end) == expected
    assert worktime("sat 22:00-06:00", "Europe/Berlin").segments(start, end) == expected


def test_an_interval_inside_the_skipped_hour_is_empty():
    """v015"""
    work = worktime("sun 02:30-03:15; mon 09:00-17:00", "America/Los_Angeles")
    assert work.segments(at("2006-04-02 08:00"), at("2006-04-05"))[0] == (at("2006-04-03 16:00"), at("2006-04-04"))


@pytest.mark.parametrize(
    ("text", "zone", "start", "expected"),
    [
        ("sun 09:00-17:00", "Europe/Paris", "2020-03-29T00:00:00+01:00", "2020-03-29 07:00"),  # v030
        ("sun 09:00-17:00", "Europe/Paris", "2020-10-25T00:00:00+02:00", "2020-10-25 08:00"),  # v031
        ("sun 09:00-17:00", "UTC", "2020-10-25 12:00", "2020-10-25 12:00"),
        ("sun 09:00-17:00", "UTC", "2020-10-25 17:00", "2020-11-01 09:00"),
    ],
)
def test_next_open(text, zone, start, expected):
    assert worktime(text, zone).next_open(at(start)) == at(expected)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2006-01-03 00:00", "2006-01-02 17:00"),  # v009
        ("2006-01-02 17:00", "2006-01-02 17:00"),
        ("2006-01-02 09:00", "2005-12-31 14:30"),
        ("2006-01-02 12:00", "2006-01-02 12:00"),
    ],
)
def test_prev_open(start, expected):
    assert worktime("MIXED").prev_open(at(start)) == at(expected)


def test_prev_open_looks_back_over_years():
    work = worktime("", overrides={"1999-05-03": "09:00-10:00"})
    assert work.prev_open(at("2024-01-01")) == at("1999-05-03 10:00")


def test_a_calendar_without_hours_is_never_open():
    for work in (worktime(""), worktime("", holidays="2024-01-01"), WorkTime({"mon": []}, "UTC")):
        assert work.is_never_open
        assert due(work, at("2024-01-19 16:00"), 3600) == MISSING
        assert between(work, at("2024-01-19 16:00"), at("2024-02-19 16:00")) == 0
        assert work.next_open(at("2024-01-19")) is None
        assert work.prev_open(at("2024-01-19")) is None


def test_nothing_falls_due_after_the_last_open_hour():
    work = worktime("", overrides={"2024-01-08": "09:00-10:00"})
    assert not work.is_never_open
    assert instant(due(work, at("2021-01-01"), 3600)) == at("2024-01-08 10:00")
    assert due(work, at("2021-01-01"), 3601) == MISSING
    assert work.next_open(at("2024-01-08 10:00")) is None


def test_reversed_and_missing_instants():
    work = worktime("NINE_TO_FIVE")
    monday = epoch(at("2024-01-15 09:00"))
    starts = np.array([monday + 3600, monday, MISSING, monday])
    ends = np.array([monday, MISSING, monday, monday + 3600])
    assert work.seconds_between(starts, ends).tolist() == [0, MISSING, MISSING, 3600]
    assert work.due_at(starts, np.array([60, MISSING, 60, 60])).tolist() == [
        monday + 3660,
        MISSING,
        MISSING,
        monday + 60,
    ]
    assert work.seconds_between(starts[:0], ends[:0]).tolist() == []


def test_zero_seconds_are_due_at_once_even_when_closed():
    assert instant(due(worktime("NINE_TO_FIVE"), at("2024-01-20 10:00"), 0)) == at("2024-01-20 10:00")


def test_a_pause_that_goes_on():
    work, monday = worktime("NINE_TO_FIVE"), epoch(at("2024-01-15 09:00"))
    pauses = Pauses(np.array([1, 0]), np.array([monday + 600, monday + 9000]), np.array([MISSING, MISSING]))
    starts = np.array([monday, monday])
    assert work.seconds_between(starts, starts + 7200, pauses).tolist() == [7200, 600]
    assert work.due_at(starts, np.array([3600, 3600]), pauses).tolist() == [monday + 3600, MISSING]


def test_an_override_opens_a_holiday():
    work = worktime("NINE_TO_FIVE", holidays="2024-12-24 2024-12-25", overrides={"2024-12-24": "09:00-12:00"})
    assert between(work, at("2024-12-24"), at("2024-12-26")) == 3 * 3600


def test_around_the_clock_is_calendar_time():
    start, end = at("2019-02-03 04:05:06"), at("2024-03-31 12:00:01")
    assert between(WorkTime.around_the_clock(), start, end) == int((end - start).total_seconds())


@pytest.mark.parametrize(
    ("hours_by_day", "zone", "sentence"),
    [
        ({"monday": []}, "UTC", "'monday' is not a weekday; write mon, tue, wed, thu, fri, sat or sun."),
        ({"mon": [["9", "17:00"]]}, "UTC", "['9', '17:00'] is not an interval such as ['09:00', '17:00']."),
        ({"mon": [["09:00", "24:01"]]}, "UTC", "['09:00', '24:01'] is not an interval such as ['09:00', '17:00']."),
        ({"mon": [["09:00"]]}, "UTC", "['09:00'] is not an interval such as ['09:00', '17:00']."),
        ({}, "Mars/Base", "'Mars/Base' is not a time zone; write for example Europe/Berlin or UTC."),
    ],
)
def test_bad_hours_are_refused(hours_by_day, zone, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        WorkTime(hours_by_day, zone)


def test_bad_numbers_are_refused():
    work = worktime("NINE_TO_FIVE")
    with pytest.raises(ValueError, match="must not be negative"):
        due(work, at("2024-01-15"), -1)
    with pytest.raises(ValueError, match="outside the years 3 to 9997"):
        work.seconds_between(np.array([0]), np.array([10**13]))


# --- Against a walk from day to day -------------------------------------------------------------------------------
CLOCKS = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
INTERVAL = st.tuples(CLOCKS, CLOCKS | st.just("24:00")).filter(lambda pair: pair[0] != pair[1])
WEEK = st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(INTERVAL, max_size=3))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]
)
MOMENT = st.integers(epoch(at("2024-03-01")), epoch(at("2024-11-20"))).map(instant)
DATES = st.dates(date(2024, 3, 1), date(2024, 11, 30))


def wall(day, clock, zone):
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    return resolve_local(datetime.combine(day, time.fromisoformat(clock)), zone)


def walk(plan, zone, start, end):
    """Open seconds, the slow way."""
    open_hours = []
    for day in (start.date() + timedelta(days=n) for n in range(-3, (end - start).days + 4)):
        for opens, closes in plan(day):
            closing_day = day + timedelta(days=1) if closes <= opens else day
            open_hours.append((max(wall(day, opens, zone), start), min(wall(closing_day, closes, zone), end)))
    total, reached = 0, start
    for first, last in sorted(open_hours):
        total += max(0, int((last - max(first, reached)).total_seconds()))
        reached = max(reached, last)
    return total


@settings(max_examples=150, deadline=None)
@given(
    WEEK,
    ZONES,
    st.frozensets(DATES, max_size=5),
    st.dictionaries(DATES, st.lists(INTERVAL, max_size=2), max_size=3),
    MOMENT,
    MOMENT,
)
def test_seconds_between_is_the_walk_from_day_to_day(plan, zone, holidays, overrides, start, end):
    work = WorkTime(plan, zone, holidays, overrides)
    usual = lambda day: () if day in holidays else plan.get(WEEKDAYS[day.weekday()], ())  # noqa: E731 (short)
    expected = walk(lambda day: overrides.get(day, usual(day)), zone, start, end) if start < end else 0
    assert between(work, start, end) == expected


@settings(max_examples=150, deadline=None)
@given(WEEK, ZONES, MOMENT, st.integers(0, 10**6))
def test_a_due_time_is_the_first_instant_with_so_many_seconds(plan, zone, start, seconds):
    work = WorkTime(plan, zone)
    found = due(work, start, seconds)
    if found == MISSING:
        assert work.is_never_open or between(work, start, start + timedelta(days=800)) == 0
        return
    assert between(work, start, instant(found)) == seconds
    assert found == epoch(start) or between(work, start, instant(found - 1)) == seconds - 1


@settings(max_examples=100, deadline=None)
@given(WEEK, ZONES, st.lists(MOMENT, min_size=6, max_size=6), st.integers(1, 10**5))
def test_pauses_cut_the_same_out_of_durations_and_due_times(plan, zone, moments, seconds):
    work, (start, *rest) = WorkTime(plan, zone), sorted(moments)
    pauses = paused([(str(rest[0]), str(rest[1])), (str(rest[2]), str(rest[3]))])
    whole = between(work, start, rest[4])
    cut = between(work, rest[0], rest[1]) + between(work, rest[2], rest[3])
    assert between(work, start, rest[4], pauses) == whole - cut
    found = due(work, start, seconds, pauses)
    assert found == MISSING or between(work, start, instant(found), pauses) == seconds


def test_many_rows_at_once_are_the_rows_one_by_one():
    work = worktime("MIXED", "Europe/Berlin")
    starts = np.arange(epoch(at("2019-12-30")), epoch(at("2020-01-20")), 7777)
    ends = starts[::-1].copy()
    one_by_one = [between(work, instant(a), instant(b)) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert work.seconds_between(starts, ends).tolist() == one_by_one
