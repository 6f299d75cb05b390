"""What every clock that can stand still has in common: durations, due times and pauses, each for many rows at once."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kpiproject.lib.periods import MISSING, Seconds

Rows = npt.NDArray[np.intp]


class Pauses(NamedTuple):
    """Times in which the clock of a row stood still: `rows` points into the instants they are given with.

    The pauses of one row must not overlap. An end that is MISSING means that the pause still goes on.
    """

    rows: Rows
    starts: Seconds
    ends: Seconds


class Clock(ABC):
    """Counts seconds. What it counts may differ from row to row: rows are told by their positions."""

    @abstractmethod
    def _elapsed(self, rows: Rows, starts: Seconds, ends: Seconds) -> Seconds:
        """Seconds that count for each of these rows from a start to an end; a reversed interval has none."""

    @abstractmethod
    def _due(self, starts: Seconds, seconds: Seconds) -> Seconds:
        """Of every row the first instant by which so many seconds have passed; MISSING if that never happens."""

    def seconds_between(self, starts: Seconds, ends: Seconds, pauses: Pauses | None = None) -> Seconds:
        """Open seconds from each start to its end, without the open seconds of the pauses in between."""
        starts, ends = _aligned(starts, ends)
        known = np.flatnonzero((starts != MISSING) & (ends != MISSING))
        result = np.full(starts.shape, MISSING, dtype=np.int64)
        if len(known):
            result[known] = self._elapsed(known, starts[known], ends[known])
        if pauses is not None:
            rows, first, last = _inside(starts, ends, pauses)
            np.subtract.at(result, rows, self._elapsed(rows, first, last))
        return result

    def lengths(self, rows: Rows, starts: Seconds, ends: Seconds) -> Seconds:
        """Open seconds of stretches of time, each of the row at its position; a row may have any number of them."""
        return self._elapsed(rows, starts, ends) if len(rows) else starts

    def due_at(self, starts: Seconds, seconds: Seconds, pauses: Pauses | None = None) -> Seconds:
        """The first instant by which so many open seconds have passed since each start; MISSING if that never happens.

        A pause that starts before the due time pushes it by the open seconds of the pause.
        """
        starts, seconds = _aligned(starts, seconds)
        if ((seconds < 0) & (seconds != MISSING)).any():
            msg = "A due time cannot lie before its start: the seconds must not be negative."
            raise ValueError(msg)
        due = self._due(starts, seconds)
        if pauses is None:
            return due
        # The pauses that count only become more with a later due time, so this ends after at most one round for each.
        while (due != (pushed := self._due(starts, self._prolonged(starts, seconds, due, pauses)))).any():
            due = pushed
        return due

    def _prolonged(self, starts: Seconds, seconds: Seconds, due: Seconds, pauses: Pauses) -> Seconds:
        """The seconds and the open seconds of all pauses that start before the due time."""
        start, end = starts[pauses.rows], due[pauses.rows]
        counted = (start != MISSING) & (pauses.starts != MISSING) & ((pauses.starts < end) | (end == MISSING))
        result = seconds.copy()
        ongoing = counted & (pauses.ends == MISSING)
        counted &= ~ongoing
        begins, ends = np.maximum(pauses.starts, start)[counted], np.maximum(pauses.ends, start)[counted]
        np.add.at(result, pauses.rows[counted], self._elapsed(pauses.rows[counted], begins, ends))
        result[pauses.rows[ongoing]] = MISSING
        return result


def _inside(starts: Seconds, ends: Seconds, pauses: Pauses) -> tuple[Rows, Seconds, Seconds]:
    """The pauses that touch the time from start to end of their row, cut to it."""
    start, end = starts[pauses.rows], ends[pauses.rows]
    last = np.where(pauses.ends == MISSING, end, np.minimum(pauses.ends, end))
    first = np.maximum(pauses.starts, start)
    touched = (start != MISSING) & (end != MISSING) & (pauses.starts != MISSING) & (first < last)
    return pauses.rows[touched], first[touched], last[touched]


def _aligned(first: Seconds, second: Seconds) -> tuple[Seconds, Seconds]:
    first, second = np.broadcast_arrays(np.asarray(first, np.int64), np.asarray(second, np.int64))
    return first, second
