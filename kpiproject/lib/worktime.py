"""Business time: open hours as merged UTC segments with cumulative open seconds, looked up by binary search.

Conventions: elapsed seconds count (a day of 25 hours counts 25), a reversed interval is 0 seconds long, a due time
that falls exactly on closing time stays there. Wall-clock times that a clock change skips move on by the skip, so that
an interval lying wholly inside the skip is empty. Instants are whole epoch seconds; MISSING in gives MISSING out.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kpiproject.lib.periods import MISSING, Seconds, epoch, instant, resolve_local, zone_info

Intervals = Sequence[Sequence[str]]
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_YEAR, _LAST_YEAR = 3, 9997


class Pauses(NamedTuple):
    """Times in which the clock of a row stood still: `rows` points into the instants they are given with.

    The pauses of one row must not overlap. An end that is MISSING means that the pause still goes on.
    """

    rows: npt.NDArray[np.intp]
    starts: Seconds
    ends: Seconds


class _Table(NamedTuple):
    """The open segments of some years; `before` counts the open seconds before each, and last of all their total."""

    years: tuple[int, int]
    starts: Seconds
    ends: Seconds
    before: Seconds

    def open_until(self, at: Seconds) -> Seconds:
        """Open seconds of the table up to each instant."""
        index = np.searchsorted(self.starts, at, side="right") - 1
        inside = np.minimum(at, self.ends[index]) - self.starts[index] if len(self.starts) else np.zeros_like(at)
        return np.where(index >= 0, self.before[index] + inside, 0)

    def reached(self, seconds: Seconds) -> Seconds:
        """The first instant by which so many open seconds have passed; MISSING beyond the table."""
        index = np.searchsorted(self.before[1:], seconds, side="left")
        late = index >= len(self.starts)
        index = np.where(late, 0, index)
        at = self.starts[index] + seconds - self.before[index] if len(self.starts) else np.zeros_like(seconds)
        return np.where(late, MISSING, at)


class WorkTime:
    """When a service is open. `overrides` replace the weekly hours, and the holiday, of their date.

    An interval belongs to the day on which it starts; one that does not end after its start ends on the next day.
    """

    def __init__(
        self,
        week: Mapping[str, Intervals],
        zone: str,
        holidays: Collection[date] = (),
        overrides: Mapping[date, Intervals] | None = None,
    ) -> None:
        if unknown := set(week) - set(WEEKDAYS):
            msg = f"{min(unknown)!r} is not a weekday; write mon, tue, wed, thu, fri, sat or sun."
            raise ValueError(msg)
        zone_info(zone)
        self.zone = zone
        self._week = [[_clocks(pair) for pair in week.get(name, ())] for name in WEEKDAYS]
        self._days: dict[date, list[_Clocks]] = {day: [] for day in holidays}
        self._days.update({day: [_clocks(pair) for pair in pairs] for day, pairs in (overrides or {}).items()})
        self._years: dict[int, list[tuple[int, int]]] = {}
        self._table = _Table((_LAST_YEAR, _FIRST_YEAR), *(np.zeros(n, np.int64) for n in (0, 0, 1)))

    @classmethod
    def around_the_clock(cls) -> "WorkTime":
        """Always open: calendar time with the same methods."""
        return cls({name: [["00:00", "24:00"]] for name in WEEKDAYS}, "UTC")

    @property
    def is_never_open(self) -> bool:
        """Whether there is no open hour at all: durations would be 0 and nothing would ever fall due."""
        return not any(self._week) and not any(self._days.values())

    def seconds_between(self, starts: Seconds, ends: Seconds, pauses: Pauses | None = None) -> Seconds:
        """Open seconds from each start to its end, without the open seconds of the pauses in between."""
        starts, ends = _aligned(starts, ends)
        known = (starts != MISSING) & (ends != MISSING)
        result = np.full(starts.shape, MISSING, dtype=np.int64)
        if known.any():
            result[known] = self._between(starts[known], ends[known])
        if pauses is not None:
            rows, first, last = self._inside(starts, ends, pauses)
            np.subtract.at(result, rows, self._between(first, last))
        return result

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

    def next_open(self, at: datetime) -> datetime | None:
        """The instant itself if the service is open then, else the next opening."""
        due = int(self.due_at(np.array([epoch(at)]), np.array([1]))[0])
        return None if due == MISSING else instant(due - 1)

    def prev_open(self, at: datetime) -> datetime | None:
        """The instant itself if the service is open until then, else the last closing before it."""
        if self.is_never_open:
            return None
        year, moment = at.year, epoch(at)
        while year >= _FIRST_YEAR:
            table = self._covering(year, at.year)
            index = int(np.searchsorted(table.starts, moment, side="left")) - 1
            if index >= 0:
                return instant(min(moment, int(table.ends[index])))
            year -= 1
        return None

    def segments(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The open times between two instants, those that touch joined into one."""
        table = self._covering(start.year, end.year)
        first, last = epoch(start), epoch(end)
        touched = (table.ends > first) & (table.starts < last)
        opens, closes = np.maximum(table.starts[touched], first), np.minimum(table.ends[touched], last)
        return [(instant(a), instant(b)) for a, b in zip(opens.tolist(), closes.tolist(), strict=True)]

    def _between(self, starts: Seconds, ends: Seconds) -> Seconds:
        if not len(starts):
            return starts
        table = self._covering(_year(min(starts.min(), ends.min())), _year(max(starts.max(), ends.max())))
        between: Seconds = np.maximum(table.open_until(ends) - table.open_until(starts), 0)
        return between

    def _due(self, starts: Seconds, seconds: Seconds) -> Seconds:
        known = (starts != MISSING) & (seconds != MISSING)
        result = np.full(starts.shape, MISSING, dtype=np.int64)
        if not known.any() or self.is_never_open:
            return result
        first, last = _year(starts[known].min()), _year(starts[known].max())
        step = 1
        while True:
            table = self._covering(first, min(last + step, _LAST_YEAR))
            due = table.reached(table.open_until(starts[known]) + seconds[known])
            if last + step >= self._last_useful_year or (due != MISSING).all():
                break
            step *= 2
        # Zero seconds after a closed instant is that instant, not the closing time before it.
        result[known] = np.where(due == MISSING, MISSING, np.maximum(due, starts[known]))
        return result

    @property
    def _last_useful_year(self) -> int:
        """No table needs to reach further: later years open no more hours."""
        return _LAST_YEAR if any(self._week) else max(day.year for day in self._days) + 1

    def _inside(self, starts: Seconds, ends: Seconds, pauses: Pauses) -> tuple[npt.NDArray[np.intp], Seconds, Seconds]:
        """The pauses that touch the time from start to end of their row, cut to it."""
        start, end = starts[pauses.rows], ends[pauses.rows]
        last = np.where(pauses.ends == MISSING, end, np.minimum(pauses.ends, end))
        first = np.maximum(pauses.starts, start)
        touched = (start != MISSING) & (end != MISSING) & (pauses.starts != MISSING) & (first < last)
        return pauses.rows[touched], first[touched], last[touched]

    def _prolonged(self, starts: Seconds, seconds: Seconds, due: Seconds, pauses: Pauses) -> Seconds:
        """The seconds and the open seconds of all pauses that start before the due time."""
        start, end = starts[pauses.rows], due[pauses.rows]
        counted = (start != MISSING) & (pauses.starts != MISSING) & ((pauses.starts < end) | (end == MISSING))
        result = seconds.copy()
        ongoing = counted & (pauses.ends == MISSING)
        counted &= ~ongoing
        pushed = self._between(np.maximum(pauses.starts, start)[counted], np.maximum(pauses.ends, start)[counted])
        np.add.at(result, pauses.rows[counted], pushed)
        result[pauses.rows[ongoing]] = MISSING
        return result

    def _covering(self, first: int, last: int) -> _Table:
        """A table of at least these years; grown when needed and never changed, so that threads may share it."""
        table = self._table
        if first < table.years[0] or last > table.years[1]:
            years = min(first, table.years[0]), max(last, table.years[1])
            table = self._table = self._build(years)
        return table

    def _build(self, years: tuple[int, int]) -> _Table:
        segments = [pair for year in range(years[0] - 1, years[1] + 2) for pair in self._year(year)]
        starts, ends = np.array(sorted(segments), dtype=np.int64).reshape(-1, 2).T
        ends = np.maximum.accumulate(ends)
        opens = (
            np.flatnonzero(np.concatenate([[True], starts[1:] > ends[:-1]])) if len(starts) else np.array([], np.intp)
        )
        starts, ends = starts[opens], ends[np.concatenate([opens[1:] - 1, [-1]])] if len(opens) else ends
        return _Table(years, starts, ends, np.concatenate([[0], np.cumsum(ends - starts)]))

    def _year(self, year: int) -> list[tuple[int, int]]:
        """Open segments that begin on the days of a year, unsorted and not merged."""
        if year not in self._years:
            first = date(year, 1, 1)
            days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
            pairs = [(day, clocks) for day in days for clocks in self._days.get(day, self._week[day.weekday()])]
            segments = [(self._at(day, opens), self._at(day, closes)) for day, (opens, closes) in pairs]
            self._years[year] = [(opens, closes) for opens, closes in segments if opens < closes]
        return self._years[year]

    def _at(self, day: date, minutes: int) -> int:
        extra, minutes = divmod(minutes, 24 * 60)
        wall = datetime.combine(day + timedelta(days=extra), time(*divmod(minutes, 60)))
        return epoch(resolve_local(wall, self.zone))


_Clocks = tuple[int, int]


def _clocks(pair: Sequence[str]) -> _Clocks:
    """Opening and closing in minutes since midnight; closing beyond 24 hours is on the next day."""
    try:
        opens, closes = (_minutes(clock) for clock in pair)
    except ValueError as error:
        msg = f"{list(pair)!r} is not an interval such as ['09:00', '17:00']."
        raise ValueError(msg) from error
    return opens, closes if closes > opens else closes + 24 * 60


def _minutes(clock: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    if not (0 <= minutes < 60 and 0 <= hours * 60 + minutes <= 24 * 60):
        raise ValueError(clock)
    return hours * 60 + minutes


def _aligned(first: Seconds, second: Seconds) -> tuple[Seconds, Seconds]:
    first, second = np.broadcast_arrays(np.asarray(first, np.int64), np.asarray(second, np.int64))
    return first, second


def _year(seconds: np.int64) -> int:
    year = int(np.datetime64(int(seconds), "s").astype("datetime64[Y]").astype(np.int64)) + 1970
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        msg = f"An instant lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}."
        raise ValueError(msg)
    return year
