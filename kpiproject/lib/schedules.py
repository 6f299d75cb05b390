"""Several calendars at once: each row has its own, and another one from the moment it is handed over."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kpiproject.lib.clock import Clock, Rows
from kpiproject.lib.periods import MISSING, Seconds
from kpiproject.lib.workdays import due_after_days
from kpiproject.lib.worktime import WorkTime

_EVER: Final = int(np.iinfo(np.int64).max)


class Pieces(NamedTuple):
    """From each start on, until the next piece of the same row, the calendar of that number counts.

    By row and start; the first piece of a row counts from ever, whatever its start. Every row has one.
    """

    rows: Rows
    starts: Seconds
    calendars: Rows


class Schedules(Clock):
    """Every second counts as the calendar says that was in force for its row while it passed."""

    def __init__(self, calendars: Sequence[WorkTime], pieces: Pieces) -> None:
        rows, starts, self._calendar = pieces
        self._calendars = calendars
        begins = np.concatenate([[True], rows[1:] != rows[:-1]]) if len(rows) else np.zeros(0, dtype=np.bool_)
        self._first = np.flatnonzero(begins)
        self._count = np.diff(np.append(self._first, len(rows)))
        self._starts = np.where(begins, MISSING, starts)
        self._ends = np.append(np.where(begins[1:], _EVER, starts[1:]), [_EVER] if len(rows) else []).astype(np.int64)

    def due_after_days(self, starts: Seconds, days: int, *, ends_day: bool) -> Seconds:
        """The due time after so many working days of the calendar in which the row begins."""
        found = self._piece_at(starts)

        def due(calendar: WorkTime, which: Rows) -> Seconds:
            return due_after_days(calendar, starts[which], days, ends_day=ends_day)

        return self._by_calendar(self._calendar[found], due)

    def _piece_at(self, at: Seconds) -> Rows:
        """The piece of every row at its instant."""
        found = self._first.copy()
        for ordinal in range(1, int(self._count.max(initial=1))):
            later = np.flatnonzero(self._count > ordinal)
            piece = self._first[later] + ordinal
            is_reached = self._starts[piece] <= at[later]
            found[later[is_reached]] = piece[is_reached]
        return found

    def _elapsed(self, rows: Rows, starts: Seconds, ends: Seconds) -> Seconds:
        counts = self._count[rows]
        if (counts == 1).all():
            return self._seconds(self._first[rows], starts, ends)
        asked = np.repeat(np.arange(len(rows)), counts)
        place = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
        pieces = self._first[rows][asked] + place
        first, last = np.maximum(starts[asked], self._starts[pieces]), np.minimum(ends[asked], self._ends[pieces])
        result = np.zeros(len(rows), dtype=np.int64)
        np.add.at(result, asked, self._seconds(pieces, first, last))
        return result

    def _due(self, starts: Seconds, seconds: Seconds) -> Seconds:
        result = np.full(starts.shape, MISSING, dtype=np.int64)
        left = seconds.copy()
        rows = np.flatnonzero((starts != MISSING) & (seconds != MISSING))
        place = 0
        while len(rows):
            pieces = self._first[rows] + place
            begins = np.maximum(starts[rows], self._starts[pieces])
            due = self._reached(pieces, begins, left[rows])
            is_there = ((due != MISSING) & (due <= self._ends[pieces])) | (self._count[rows] == place + 1)
            result[rows[is_there]] = due[is_there]
            passed = self._seconds(pieces, begins, np.maximum(self._ends[pieces], begins), ~is_there)
            rows = rows[~is_there]
            left[rows] -= passed[~is_there]
            place += 1
        return result

    def _seconds(
        self, pieces: Rows, starts: Seconds, ends: Seconds, wanted: npt.NDArray[np.bool_] | None = None
    ) -> Seconds:
        """Open seconds of each interval in the calendar of its piece; 0 where it is not wanted."""
        if wanted is not None:
            starts, ends = np.where(wanted, starts, 0), np.where(wanted, ends, 0)

        def between(calendar: WorkTime, which: Rows) -> Seconds:
            return calendar.seconds_between(starts[which], ends[which])

        return self._by_calendar(self._calendar[pieces], between)

    def _reached(self, pieces: Rows, starts: Seconds, seconds: Seconds) -> Seconds:
        def due(calendar: WorkTime, which: Rows) -> Seconds:
            return calendar.due_at(starts[which], seconds[which])

        return self._by_calendar(self._calendar[pieces], due)

    def _by_calendar(self, numbers: Rows, calculate: Callable[[WorkTime, Rows], Seconds]) -> Seconds:
        """One calculation for all rows of each calendar."""
        result = np.full(len(numbers), MISSING, dtype=np.int64)
        for number in np.unique(numbers).tolist():
            which = np.flatnonzero(numbers == number)
            result[which] = calculate(self._calendars[number], which)
        return result
