"""Business time: open hours as merged UTC segments with cumulative open seconds, looked up by binary search.

Conventions: elapsed seconds count (a day of 25 hours counts 25), a reversed interval is 0 seconds long, a due time
that falls exactly on closing time stays there. Wall-clock times that a clock change skips move on by the skip, so that
an interval lying wholly inside the skip is empty. Instants are whole epoch seconds; MISSING in gives MISSING out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

import numpy as np

from kpiproject.lib.clock import Clock, Pauses, Rows
from kpiproject.lib.periods import MISSING, Seconds, day_number, epoch, instant, resolve_local, zone_info

__all__ = ["WEEKDAYS", "EarlierHours", "Intervals", "OpenDays", "Pauses", "WorkTime"]

Intervals = Sequence[Sequence[str]]
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_YEAR, _LAST_YEAR = 3, 9997


class EarlierHours(NamedTuple):
    """The weekly hours that counted before a local date, since those before them."""

    until: date
    week: Mapping[str, Intervals]
    zone: str


class OpenDays(NamedTuple):
    """Days on which there is an open hour, as numbers in order, with their first opening and their last closing."""

    numbers: Seconds
    opens: Seconds
    closes: Seconds


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


class WorkTime(Clock):
    """When a service is open. `overrides` replace the weekly hours, and the holiday, of their date.

    An interval belongs to the day on which it starts; one that does not end after its start ends on the next day.
    `earlier` are the hours of the past: every date has the hours, and the zone, that counted on it.
    """

    def __init__(
        self,
        week: Mapping[str, Intervals],
        zone: str,
        holidays: Collection[date] = (),
        overrides: Mapping[date, Intervals] | None = None,
        earlier: Sequence[EarlierHours] = (),
    ) -> None:
        self.zone = zone
        self._week = _Week.of(week, zone)
        by_date = sorted(earlier, key=lambda one: one.until)
        self._earlier = [(one.until, _Week.of(one.week, one.zone)) for one in by_date]
        self._days: dict[date, list[_Clocks]] = {day: [] for day in holidays}
        self._days.update({day: [_clocks(pair) for pair in pairs] for day, pairs in (overrides or {}).items()})
        self._years: dict[int, list[tuple[int, int, int]]] = {}
        self._table = _Table((_LAST_YEAR, _FIRST_YEAR), *(np.zeros(n, np.int64) for n in (0, 0, 1)))

    @classmethod
    def around_the_clock(cls, zone: str = "UTC") -> "WorkTime":
        """Always open: calendar time with the same methods. The zone says when its days begin."""
        return cls({name: [["00:00", "24:00"]] for name in WEEKDAYS}, zone)

    @property
    def is_never_open(self) -> bool:
        """Whether there is no open hour at all: durations would be 0 and nothing would ever fall due."""
        weeks = [self._week, *(week for _until, week in self._earlier)]
        return not any(any(week.days) for week in weeks) and not any(self._days.values())

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

    def open_days(self, first: int, last: int) -> OpenDays:
        """The days of these years, both included, on which there is an open hour."""
        found: dict[int, tuple[int, int]] = {}
        for year in range(first, last + 1):
            for day, opens, closes in self._year(year):
                known = found.get(day, (opens, closes))
                found[day] = min(known[0], opens), max(known[1], closes)
        columns = np.array([(day, *found[day]) for day in sorted(found)], dtype=np.int64).reshape(-1, 3).T
        return OpenDays(*columns)

    def _elapsed(self, rows: Rows, starts: Seconds, ends: Seconds) -> Seconds:
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
            if last + step >= self.last_year or (due != MISSING).all():
                break
            step *= 2
        # Zero seconds after a closed instant is that instant, not the closing time before it.
        result[known] = np.where(due == MISSING, MISSING, np.maximum(due, starts[known]))
        return result

    @property
    def last_year(self) -> int:
        """No table needs to reach further: later years open no more hours."""
        if any(self._week.days):
            return _LAST_YEAR
        return max([*self._days, *(until for until, _week in self._earlier)]).year + 1

    def _covering(self, first: int, last: int) -> _Table:
        """A table of at least these years; grown when needed and never changed, so that threads may share it."""
        table = self._table
        if first < table.years[0] or last > table.years[1]:
            years = min(first, table.years[0]), max(last, table.years[1])
            table = self._table = self._build(years)
        return table

    def _build(self, years: tuple[int, int]) -> _Table:
        segments = [pair for year in range(years[0] - 1, years[1] + 2) for _day, *pair in self._year(year)]
        starts, ends = np.array(sorted(segments), dtype=np.int64).reshape(-1, 2).T
        ends = np.maximum.accumulate(ends)
        opens = (
            np.flatnonzero(np.concatenate([[True], starts[1:] > ends[:-1]])) if len(starts) else np.array([], np.intp)
        )
        starts, ends = starts[opens], ends[np.concatenate([opens[1:] - 1, [-1]])] if len(opens) else ends
        return _Table(years, starts, ends, np.concatenate([[0], np.cumsum(ends - starts)]))

    def _year(self, year: int) -> list[tuple[int, int, int]]:
        """Day, opening and closing of what opens on the days of a year, unsorted and not merged."""
        if year not in self._years:
            first = date(year, 1, 1)
            days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
            found = [(day_number(day), *pair) for day in days for pair in self._opened(day)]
            self._years[year] = [(day, opens, closes) for day, opens, closes in found if opens < closes]
        return self._years[year]

    def _opened(self, day: date) -> Iterator[tuple[int, int]]:
        week = next((week for until, week in self._earlier if day < until), self._week)
        for opens, closes in self._days.get(day, week.days[day.weekday()]):
            yield _at(day, opens, week.zone), _at(day, closes, week.zone)


_Clocks = tuple[int, int]


class _Week(NamedTuple):
    """The hours of the seven days, and the zone in which they are meant."""

    days: list[list[_Clocks]]
    zone: str

    @classmethod
    def of(cls, week: Mapping[str, Intervals], zone: str) -> "_Week":
        if unknown := set(week) - set(WEEKDAYS):
            msg = f"{min(unknown)!r} is not a weekday; write mon, tue, wed, thu, fri, sat or sun."
            raise ValueError(msg)
        zone_info(zone)
        return cls([[_clocks(pair) for pair in week.get(name, ())] for name in WEEKDAYS], zone)


def _at(day: date, minutes: int, zone: str) -> int:
    extra, minutes = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + timedelta(days=extra), time(*divmod(minutes, 60)))
    return epoch(resolve_local(wall, zone))


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


def _year(seconds: np.int64) -> int:
    year = int(np.datetime64(int(seconds), "s").astype("datetime64[Y]").astype(np.int64)) + 1970
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        msg = f"An instant lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}."
        raise ValueError(msg)
    return year
