from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiproject.lib.clock import Pauses
from kpiproject.lib.periods import MISSING, epoch, instant
from kpiproject.lib.schedules import Pieces, Schedules
from kpiproject.lib.worktime import WEEKDAYS, WorkTime


def at(text):
    return epoch(datetime.fromisoformat(text).replace(tzinfo=UTC))


def seconds(*values):
    return np.array(values, dtype=np.int64)


def rows(*values):
    return np.array(values, dtype=np.intp)


LEVEL_1 = WorkTime({day: [["07:00", "21:00"]] for day in WEEKDAYS}, "America/Chicago")
LEVEL_2 = WorkTime({day: [["08:00", "17:30"]] for day in WEEKDAYS[:5]}, "America/Los_Angeles")
OFFICE = WorkTime({day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}, "UTC")
NIGHT = WorkTime({day: [["20:00", "04:00"]] for day in WEEKDAYS}, "UTC")
START, END = at("2020-09-29T17:01:38"), at("2020-09-30T19:01:46")


def test_every_schedule_counts_while_it_was_in_force_is_v135():
    found = Schedules([LEVEL_1, LEVEL_2], Pieces(rows(0, 0), seconds(START, at("2020-09-30T19:01:25")), rows(0, 1)))
    assert found.seconds_between(seconds(START), seconds(END)).tolist() == [57608]


def test_the_schedule_at_the_end_alone_is_v136():
    found = Schedules([LEVEL_1, LEVEL_2], Pieces(rows(0), seconds(START), rows(1)))
    assert found.seconds_between(seconds(START), seconds(END)).tolist() == [41408]


def test_a_due_time_goes_on_in_the_next_schedule():
    # Two hours of the office are over at five; from six on the night shift has the ticket and opens at eight.
    pieces = Pieces(rows(0, 0), seconds(MISSING, at("2026-03-02T18:00:00")), rows(0, 1))
    found = Schedules([OFFICE, NIGHT], pieces)
    due = found.due_at(seconds(at("2026-03-02T15:00:00")), seconds(3 * 3600))
    assert [instant(one).isoformat() for one in due] == ["2026-03-02T21:00:00+00:00"]


def test_each_row_has_its_own_calendar():
    found = Schedules([OFFICE, NIGHT], Pieces(rows(0, 1, 2), seconds(0, 0, 0), rows(0, 1, 0)))
    start, end = at("2026-03-02T00:00:00"), at("2026-03-03T00:00:00")
    assert found.seconds_between(seconds(start, start, MISSING), seconds(end, end, end)).tolist() == [
        8 * 3600,
        8 * 3600,
        MISSING,
    ]
    assert found.due_at(seconds(start, start, start), seconds(3600, 3600, MISSING)).tolist() == [
        at("2026-03-02T10:00:00"),
        at("2026-03-02T01:00:00"),
        MISSING,
    ]


def test_days_are_those_of_the_calendar_in_which_the_row_begins():
    pieces = Pieces(rows(0, 0, 1), seconds(0, at("2026-03-06T12:00:00"), 0), rows(0, 1, 1))
    found = Schedules([OFFICE, NIGHT], pieces)
    friday = at("2026-03-06T10:00:00")
    due = found.due_after_days(seconds(friday, friday), 1, ends_day=True)
    assert [instant(one).isoformat() for one in due] == ["2026-03-09T17:00:00+00:00", "2026-03-08T04:00:00+00:00"]


def test_no_rows_at_all():
    found = Schedules([OFFICE], Pieces(rows(), seconds(), rows()))
    assert found.seconds_between(seconds(), seconds()).tolist() == []
    assert found.due_at(seconds(), seconds()).tolist() == []


# --- Laws ---------------------------------------------------------------------------------------------------------
MOMENT = st.integers(at("2026-02-20T00:00:00"), at("2026-04-20T00:00:00"))
CALENDARS = [OFFICE, NIGHT, LEVEL_2, WorkTime.around_the_clock()]


@st.composite
def handed_over(draw):
    """One row that passes through several calendars."""
    changes = sorted(draw(st.lists(MOMENT, max_size=4, unique=True)))
    calendars = draw(st.lists(st.integers(0, 3), min_size=len(changes) + 1, max_size=len(changes) + 1))
    return changes, calendars


def schedules(plan):
    changes, calendars = plan
    return Schedules(CALENDARS, Pieces(rows(*[0] * len(calendars)), seconds(MISSING, *changes), rows(*calendars)))


def by_hand(plan, start, end):
    changes, calendars = plan
    edges = [start, *(min(max(change, start), end) for change in changes), end]
    return sum(
        int(CALENDARS[calendar].seconds_between(seconds(first), seconds(last))[0])
        for calendar, first, last in zip(calendars, edges, edges[1:], strict=False)
    )


@settings(max_examples=120, deadline=None)
@given(handed_over(), MOMENT, MOMENT)
def test_seconds_are_the_sum_over_the_pieces(plan, start, end):
    found = int(schedules(plan).seconds_between(seconds(start), seconds(end))[0])
    assert found == (by_hand(plan, start, end) if start < end else 0)


@settings(max_examples=120, deadline=None)
@given(handed_over(), MOMENT, st.integers(1, 10**6))
def test_a_due_time_is_the_first_instant_with_so_many_seconds(plan, start, wanted):
    due = int(schedules(plan).due_at(seconds(start), seconds(wanted))[0])
    assert by_hand(plan, start, due) == wanted
    assert by_hand(plan, start, due - 1) == wanted - 1


@settings(max_examples=60, deadline=None)
@given(handed_over(), st.lists(MOMENT, min_size=4, max_size=4), st.integers(1, 10**5))
def test_pauses_cut_the_same_out_of_durations_and_due_times(plan, moments, wanted):
    start, first, last, end = sorted(moments)
    clock, pauses = schedules(plan), Pauses(rows(0), seconds(first), seconds(last))
    cut = by_hand(plan, first, last)
    assert int(clock.seconds_between(seconds(start), seconds(end), pauses)[0]) == by_hand(plan, start, end) - cut
    due = clock.due_at(seconds(start), seconds(wanted), pauses)
    assert int(clock.seconds_between(seconds(start), due, pauses)[0]) == wanted


@pytest.mark.parametrize("number", range(4))
def test_one_calendar_for_all_is_that_calendar(number):
    starts = np.arange(at("2026-02-27T00:00:00"), at("2026-04-02T00:00:00"), 7919)
    ends = starts[::-1].copy()
    n = len(starts)
    clock = Schedules(CALENDARS, Pieces(np.arange(n), np.zeros(n, np.int64), np.full(n, number)))
    assert clock.seconds_between(starts, ends).tolist() == CALENDARS[number].seconds_between(starts, ends).tolist()
    wanted = np.full(n, 9000)
    assert clock.due_at(starts, wanted).tolist() == CALENDARS[number].due_at(starts, wanted).tolist()
