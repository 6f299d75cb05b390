import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiproject.lib.periods import (
    MISSING,
    MISSING_DAY,
    Grain,
    Period,
    day_number,
    day_of,
    day_start,
    epoch,
    grain_end,
    grain_start,
    instant,
    local_day,
    local_days,
    resolve_local,
)

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "America/Havana",  # falls back from 01:00 to 00:00: midnight comes twice
    "America/Sao_Paulo",  # had no midnight on the first day of summer time
    "America/St_Johns",  # fell back at 00:01: a minute of the new day, then an hour of the old one
    "Pacific/Apia",  # left out 30 December 2011
]


def at(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2014-03-09 02:30", "America/Los_Angeles", "2014-03-09 10:30"),  # v016, skipped: 03:30 summer time
        ("2024-10-27 02:30", "Europe/Berlin", "2024-10-27 00:30"),  # twice: the first
        ("2024-07-01 12:00", "Asia/Kolkata", "2024-07-01 06:30"),
    ],
)
def test_resolve_local(local, zone, expected):
    assert resolve_local(datetime.fromisoformat(local), zone) == at(expected)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-02-12 04:00", "America/New_York", "2026-02-11"),  # 23:00 of the day before
        ("2025-07-01 23:30", "Europe/London", "2025-07-02"),  # by the zone, not by today's offset
        ("2024-10-26 21:59:59", "Europe/Berlin", "2024-10-26"),
        ("2024-10-26 22:00", "Europe/Berlin", "2024-10-27"),
        ("2024-10-27 22:59:59", "Europe/Berlin", "2024-10-27"),
    ],
)
def test_local_day(moment, zone, day):
    assert local_day(at(moment), zone) == date.fromisoformat(day)
    assert local_days(np.array([epoch(at(moment))]), zone).tolist() == [day_number(date.fromisoformat(day))]


def test_a_day_of_25_hours():
    period = Period(date(2024, 10, 27), date(2024, 10, 28), "Europe/Berlin")
    assert (period.start_at, period.end_at) == (at("2024-10-26 22:00"), at("2024-10-27 23:00"))
    assert not period.contains(at("2024-10-26 21:59:59"))
    assert period.contains(at("2024-10-26 22:00"))
    assert not period.contains(at("2024-10-27 23:00"))


def test_the_previous_period_is_as_long_and_directly_before():
    """v184"""
    period = Period(date(2025, 6, 1), date(2025, 7, 1), "UTC")
    assert period.days == 30
    assert period.previous() == Period(date(2025, 5, 2), date(2025, 6, 1), "UTC")


def test_a_period_that_does_not_end_after_its_start_is_refused():
    sentence = "The period starts on 2025-06-02 and ends before 2025-06-02; it must end after it starts."
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Period(date(2025, 6, 2), date(2025, 6, 2), "UTC")


@pytest.mark.parametrize("zone", ["+02:00", "", "Mars/Base", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone):
    sentence = f"{zone!r} is not a time zone; write for example Europe/Berlin or UTC."
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Period(date(2025, 6, 1), date(2025, 6, 2), zone)


@pytest.mark.parametrize(
    ("grain", "week_start", "expected"),
    [
        (Grain.WEEK, 0, "2024-12-30! 2025-01-06 2025-01-13!"),
        (Grain.WEEK, 6, "2024-12-30! 2025-01-05 2025-01-12!"),
        (Grain.MONTH, 0, "2024-12-30! 2025-01-01!"),
        (Grain.QUARTER, 0, "2024-12-30! 2025-01-01!"),
        (Grain.YEAR, 0, "2024-12-30! 2025-01-01!"),
        (Grain.ALL, 0, "2024-12-30"),
    ],
)
def test_split_marks_what_the_edges_cut_off(grain, week_start, expected):
    if grain is Grain.WEEK:
        period = Period(date(2024, 12, 31), date(2025, 1, 15), "UTC")
        expected = expected.replace("2024-12-30", "2024-12-31")
    else:
        period = Period(date(2024, 12, 30), date(2025, 1, 15), "UTC")
    pieces = period.split(grain, week_start)
    assert " ".join(f"{p.period.start}{'' if p.complete else '!'}" for p in pieces) == expected


def test_split_at_the_edges_is_complete():
    pieces = Period(date(2024, 1, 1), date(2025, 1, 1), "UTC").split(Grain.QUARTER)
    assert [(p.period.start.month, p.period.days, p.complete) for p in pieces] == [
        (1, 91, True),
        (4, 91, True),
        (7, 92, True),
        (10, 92, True),
    ]


DAYS = st.dates(date(1990, 1, 1), date(2037, 12, 31))


@settings(deadline=None)
@given(DAYS, st.integers(1, 900), st.sampled_from(Grain), st.sampled_from([0, 5, 6]))
def test_split_neither_overlaps_nor_leaves_a_gap(start, days, grain, week_start):
    period = Period(start, start + timedelta(days=days), "Europe/Berlin")
    pieces = period.split(grain, week_start)
    assert pieces[0].period.start == period.start
    assert pieces[-1].period.end == period.end
    assert [p.period.end for p in pieces[:-1]] == [p.period.start for p in pieces[1:]]
    if grain is not Grain.ALL:
        for piece in pieces:
            first, after = (find(piece.period.start, grain, week_start) for find in (grain_start, grain_end))
            assert piece.complete == ((first, after) == (piece.period.start, piece.period.end))


@settings(max_examples=300, deadline=None)
@given(st.integers(epoch(at("1990-01-01")), epoch(at("2037-01-01"))), st.sampled_from(ZONES))
def test_every_instant_lies_in_exactly_its_day(seconds, zone):
    moment = instant(seconds)
    day = local_day(moment, zone)
    assert day_start(day, zone) <= moment < day_start(day + timedelta(days=1), zone)
    assert local_days(np.array([seconds]), zone)[0] == day_number(day)


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("America/Havana", "2024-11-03 04:00"),
        ("America/Sao_Paulo", "2018-11-04 03:00"),
        ("America/St_Johns", "2010-11-07 02:31"),
        ("Pacific/Apia", "2011-12-30 10:00"),
    ],
)
def test_days_follow_each_other_at_odd_clock_changes(zone, around):
    moments = [at(around) + timedelta(minutes=30 * n) for n in range(-60, 60)]
    days = [local_day(moment, zone) for moment in moments]
    assert days == sorted(days)
    assert local_days(np.array([epoch(m) for m in moments]), zone).tolist() == [day_number(day) for day in days]


def test_local_days_keeps_missing_and_shape():
    epochs = np.array([[MISSING, 0], [epoch(at("1850-06-01 12:00")), epoch(at("2150-06-01 12:00"))]])
    days = local_days(epochs, "Europe/Berlin")
    assert days.dtype == np.int32
    assert days.tolist() == [
        [MISSING_DAY, 0],
        [day_number(date(1850, 6, 1)), day_number(date(2150, 6, 1))],
    ]
    assert local_days(np.array([], np.int64), "UTC").tolist() == []
    assert local_days(np.array([MISSING]), "UTC").tolist() == [MISSING_DAY]


def test_local_days_refuses_an_impossible_instant():
    with pytest.raises(ValueError, match=r"^An instant lies outside the years 3 to 9997\.$"):
        local_days(np.array([10**13]), "UTC")


def test_numbers_of_days_and_instants_go_both_ways():
    assert day_of(day_number(date(1969, 12, 31))) == date(1969, 12, 31)
    assert day_number(date(1970, 1, 2)) == 1
    assert instant(epoch(at("2024-02-29 23:59:59"))) == at("2024-02-29 23:59:59")
    assert epoch(at("1969-12-31 23:59:59.5")) == -1
