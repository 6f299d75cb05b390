"""Half-open periods of local days, and the instants at which they begin.

A local day reaches from the first moment its midnight is reached to the first moment the next one is reached; every
function here follows this one rule, so that days never overlap and never leave a gap, whatever the clocks do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]
Days = npt.NDArray[np.int32]

MISSING = int(np.iinfo(np.int64).min)
MISSING_DAY = int(np.iinfo(np.int32).min)
_EPOCH = date(1970, 1, 1)
_FIRST_YEAR, _LAST_YEAR = 2, 9998


class Grain(StrEnum):
    """How long the pieces are into which a period is split."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


def zone_info(zone: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError for an unknown one."""
    try:
        return ZoneInfo(zone)
    except (KeyError, OSError, ValueError) as error:
        msg = f"{zone!r} is not a time zone; write for example Europe/Berlin or UTC."
        raise ValueError(msg) from error


def resolve_local(naive: datetime, zone: str) -> datetime:
    """The UTC instant of a wall-clock time: one that is skipped moves on by the skip, of two equal ones the first."""
    return naive.replace(tzinfo=zone_info(zone), fold=0).astimezone(UTC)


def day_start(day: date, zone: str) -> datetime:
    """The UTC instant at which a local day begins."""
    return resolve_local(datetime.combine(day, time.min), zone)


def local_day(at: datetime, zone: str) -> date:
    """The local day to which an aware instant belongs."""
    day = at.astimezone(zone_info(zone)).date()
    while at < day_start(day, zone):
        day -= timedelta(days=1)
    while at >= day_start(day + timedelta(days=1), zone):
        day += timedelta(days=1)
    return day


def epoch(at: datetime) -> int:
    """Whole seconds since 1970-01-01 00:00 UTC, rounded down."""
    return int(at.timestamp() // 1)


def instant(seconds: int) -> datetime:
    """The aware UTC instant of epoch seconds."""
    return datetime.fromtimestamp(int(seconds), tz=UTC)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date that many days after 1970-01-01."""
    return _EPOCH + timedelta(days=int(number))


def local_days(epochs: Seconds, zone: str) -> Days:
    """The number of the local day of every instant. Shape is kept; MISSING becomes MISSING_DAY."""
    epochs = np.asarray(epochs, dtype=np.int64)
    result = np.full(epochs.shape, MISSING_DAY, dtype=np.int32)
    known = epochs != MISSING
    if known.any():
        starts, numbers = _day_table(epochs[known], zone)
        result[known] = numbers[np.searchsorted(starts, epochs[known], side="right") - 1]
    return result


def _day_table(epochs: Seconds, zone: str) -> tuple[Seconds, Days]:
    """Starts and numbers of the days of every year that occurs, and of its neighbours."""
    lowest, highest = (np.datetime64(int(at), "s").astype("datetime64[Y]") for at in (epochs.min(), epochs.max()))
    first, last = int(lowest.astype(np.int64)) + 1970, int(highest.astype(np.int64)) + 1970
    if first <= _FIRST_YEAR or last >= _LAST_YEAR:
        msg = f"An instant lies outside the years {_FIRST_YEAR + 1} to {_LAST_YEAR - 1}."
        raise ValueError(msg)
    years = np.unique(epochs.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)) + 1970
    years = np.unique(np.concatenate([years - 1, years, years + 1]))
    tables = [_year_table(zone, int(year)) for year in years]
    return np.concatenate([starts for starts, _ in tables]), np.concatenate([numbers for _, numbers in tables])


@lru_cache(maxsize=1024)
def _year_table(zone: str, year: int) -> tuple[Seconds, Days]:
    numbers = np.arange(day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1)), dtype=np.int32)
    starts = np.array([epoch(day_start(day_of(number), zone)) for number in numbers.tolist()], dtype=np.int64)
    return starts, numbers


def grain_start(day: date, grain: Grain, week_start: int = 0) -> date:
    """The first day of the week, month, quarter or year in which a day lies. Weeks start on Monday = 0."""
    if grain is Grain.WEEK:
        return day - timedelta(days=(day.weekday() - week_start) % 7)
    if grain not in _MONTHS:
        return day
    return day.replace(month=(day.month - 1) // _MONTHS[grain] * _MONTHS[grain] + 1, day=1)


def grain_end(day: date, grain: Grain, week_start: int = 0) -> date:
    """The first day after the piece in which a day lies."""
    start = grain_start(day, grain, week_start)
    if grain not in _MONTHS:
        return start + timedelta(days=7 if grain is Grain.WEEK else 1)
    years, month = divmod(start.month - 1 + _MONTHS[grain], 12)
    return start.replace(year=start.year + years, month=month + 1)


def _a_year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28) if is_leap_day else day.replace(year=day.year - 1)


def _months_before(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 - months, 12)
    return first.replace(year=first.year + years, month=month + 1)


@dataclass(frozen=True)
class Period:
    """Local days from `start` on, up to and without `end`."""

    start: date
    end: date
    zone: str

    def __post_init__(self) -> None:
        zone_info(self.zone)
        if self.start >= self.end:
            msg = f"The period starts on {self.start} and ends before {self.end}; it must end after it starts."
            raise ValueError(msg)

    @property
    def start_at(self) -> datetime:
        """The UTC instant of the first moment."""
        return day_start(self.start, self.zone)

    @property
    def end_at(self) -> datetime:
        """The UTC instant of the first moment after."""
        return day_start(self.end, self.zone)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def previous(self) -> "Period":
        """The same number of days directly before."""
        return Period(self.start - timedelta(days=self.days), self.start, self.zone)

    def year_before(self) -> "Period":
        """The same days one year earlier; 29 February becomes the 28th."""
        return Period(_a_year_before(self.start), _a_year_before(self.end), self.zone)

    def run(self, count: int) -> "list[Period]":
        """This period and those of the same length directly before it, oldest first, so many in all: of whole months
        so many months, of others so many days."""
        months = self._whole_months()
        found = [self]
        while len(found) < count:
            after = found[-1].start
            before = _months_before(after, months) if months else after - timedelta(days=self.days)
            found.append(Period(before, after, self.zone))
        return found[::-1]

    def _whole_months(self) -> int:
        """How many months it is long; 0 where it is not made of whole ones."""
        if self.start.day != 1 or self.end.day != 1:
            return 0
        return 12 * (self.end.year - self.start.year) + self.end.month - self.start.month

    def contains(self, at: datetime) -> bool:
        return self.start_at <= at < self.end_at

    def split(self, grain: Grain, week_start: int = 0) -> "list[Slice]":
        """All pieces in order. One that the period cuts off at an edge is not complete."""
        if grain is Grain.ALL:
            return [Slice(self, complete=True)]
        return list(self._slices(grain, week_start))

    def _slices(self, grain: Grain, week_start: int) -> "Iterator[Slice]":
        day = self.start
        while day < self.end:
            first, after = grain_start(day, grain, week_start), grain_end(day, grain, week_start)
            complete = first >= self.start and after <= self.end
            yield Slice(Period(day, min(after, self.end), self.zone), complete=complete)
            day = after


@dataclass(frozen=True)
class Slice:
    """A piece of a period; not complete where the period cuts off a part of the week, month, quarter or year."""

    period: Period
    complete: bool
