from datetime import UTC, date, datetime

import numpy as np
import pytest

from kpiproject.lib.periods import MISSING, epoch, instant
from kpiproject.lib.workdays import due_after_days
from kpiproject.lib.worktime import WEEKDAYS, EarlierHours, WorkTime

EIGHT_TO_EIGHT = WorkTime(
    {day: [["08:00", "20:00"]] for day in WEEKDAYS[:5]}, "UTC", {date(2026, 4, 3), date(2026, 4, 6)}
)
BERLIN = WorkTime({day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}, "Europe/Berlin")
CALENDAR = WorkTime.around_the_clock("Europe/Berlin")
NIGHT = WorkTime({"fri": [["22:00", "06:00"]]}, "UTC")


def due(work, start, days, *, ends_day=False):
    found = due_after_days(work, np.array([epoch(datetime.fromisoformat(start))]), days, ends_day=ends_day)
    return instant(int(found[0])).isoformat()[:16]


@pytest.mark.parametrize(
    ("work", "start", "days", "same_time", "day_ends"),
    [
        # v057: seven working days keep the clock time, or end with the last one.
        (EIGHT_TO_EIGHT, "2018-11-19T10:00Z", 7, "2018-11-28T10:00", "2018-11-28T20:00"),
        # Easter: Friday and Monday are closed.
        (EIGHT_TO_EIGHT, "2026-04-02T10:00Z", 1, "2026-04-07T10:00", "2026-04-07T20:00"),
        # From a closed day the first open one is the first.
        (EIGHT_TO_EIGHT, "2026-03-07T10:00Z", 1, "2026-03-09T10:00", "2026-03-09T20:00"),
        # Not before the opening, not after the closing.
        (EIGHT_TO_EIGHT, "2026-03-02T03:00Z", 1, "2026-03-03T08:00", "2026-03-03T20:00"),
        (EIGHT_TO_EIGHT, "2026-03-02T23:00Z", 1, "2026-03-03T20:00", "2026-03-03T20:00"),
        # Ten business days, as Regulation E counts them.
        (EIGHT_TO_EIGHT, "2026-03-02T09:30Z", 10, "2026-03-16T09:30", "2026-03-16T20:00"),
        # The clock time is that of the wall, also when summer time begins on the 29th.
        (BERLIN, "2026-03-27T10:00Z", 1, "2026-03-30T09:00", "2026-03-30T15:00"),
        (CALENDAR, "2026-03-28T10:00Z", 1, "2026-03-29T09:00", "2026-03-29T22:00"),
        (CALENDAR, "2026-03-28T01:30Z", 1, "2026-03-29T01:30", "2026-03-29T22:00"),
        # Fifteen calendar days, weekends included.
        (CALENDAR, "2026-01-02T08:00Z", 15, "2026-01-17T08:00", "2026-01-17T23:00"),
        # A night belongs to the day on which it begins.
        (NIGHT, "2026-03-02T10:00Z", 1, "2026-03-06T22:00", "2026-03-07T06:00"),
        # Years that are long over the first table.
        (NIGHT, "2026-03-02T10:00Z", 300, "2031-11-28T22:00", "2031-11-29T06:00"),
    ],
)
def test_due_after_days(work, start, days, same_time, day_ends):
    assert (due(work, start, days), due(work, start, days, ends_day=True)) == (same_time, day_ends)


def test_missing_starts_and_calendars_that_never_open():
    assert due_after_days(BERLIN, np.array([MISSING, 0]), 1, ends_day=True).tolist() == [MISSING, 144000]
    assert due_after_days(WorkTime({}, "UTC"), np.array([0]), 1, ends_day=True).tolist() == [MISSING]
    closed = WorkTime({}, "UTC", overrides={date(2026, 1, 1): [["09:00", "10:00"]]})
    start = epoch(datetime(2025, 12, 30, tzinfo=UTC))
    assert due_after_days(closed, np.array([start, start]), 2, ends_day=False).tolist() == [MISSING, MISSING]
    assert due_after_days(closed, np.array([start + 10**9]), 1, ends_day=False).tolist() == [MISSING]


def test_hours_of_the_past_count_for_the_past():
    """Until the end of February from nine to five, then from noon to eight; the zone has changed as well."""
    new = {day: [["12:00", "20:00"]] for day in WEEKDAYS[:5]}
    old = {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}
    work = WorkTime(new, "Europe/Berlin", earlier=[EarlierHours(date(2026, 3, 1), old, "UTC")])
    start, end = (datetime.fromisoformat(text) for text in ("2026-02-27T00:00Z", "2026-03-03T00:00Z"))
    found = [f"{a:%d %H:%M}-{b:%H:%M}" for a, b in work.segments(start, end)]
    assert found == ["27 09:00-17:00", "02 11:00-19:00"]
    assert not WorkTime({}, "UTC", earlier=[EarlierHours(date(2026, 3, 1), old, "UTC")]).is_never_open


def test_nothing_opens_after_the_last_hours_of_the_past():
    old = {day: [["09:00", "17:00"]] for day in WEEKDAYS}
    work = WorkTime({}, "UTC", earlier=[EarlierHours(date(2026, 3, 1), old, "UTC")])
    starts = np.array([epoch(datetime.fromisoformat("2026-02-28T16:00Z"))] * 2)
    assert work.due_at(starts, np.array([3600, 3601])).tolist() == [int(starts[0]) + 3600, MISSING]
