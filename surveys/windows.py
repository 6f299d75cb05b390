"""The hours at which mails may leave, on the clock of whoever gets them. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from kpiproject.lib.periods import local_day, resolve_local

# Longer than any run of holidays; a window without a single day in it is refused before.
_MOST_DAYS = 400


class NeverOpenError(ValueError):
    """A window through which nothing can ever leave."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """From `start` up to `end` on these weekdays (0 is Monday), but not on holidays. An `end` of 00:00 is midnight.

    A window does not reach over midnight: "22:00 to 06:00" would be asking people at night, which nobody means.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    holidays: Collection[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise NeverOpenError("A window needs at least one weekday.")
        if self.end != time.min and self.start >= self.end:
            raise NeverOpenError("A window must end after it starts, on the same day.")

    def next_moment(self, after: datetime, zone: str) -> datetime:
        """`after` itself if it lies in the window, else the next moment at which the window opens."""
        first = local_day(after, zone)
        for days in range(_MOST_DAYS):
            day = first + timedelta(days=days)
            if day.weekday() not in self.weekdays or day in self.holidays:
                continue
            moment = max(after, resolve_local(datetime.combine(day, self.start), zone))
            if moment < self._end(day, zone):
                return moment
        raise NeverOpenError("Nothing can leave within a year: every day is a holiday.")

    def _end(self, day: date, zone: str) -> datetime:
        ends_on = day + timedelta(days=1) if self.end == time.min else day
        return resolve_local(datetime.combine(ends_on, self.end), zone)
