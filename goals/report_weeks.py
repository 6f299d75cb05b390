"""Which week a weekly report covers, and when it is due. Pure.

Weeks and dates of sending belong together one to one: the week that has ended is reported on one day of the week after
it. So whoever names the week has named the mail, whatever the clocks do and whenever the schedule is changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format

from kpiproject.lib.periods import Grain, Period, grain_start, local_day, resolve_local, zone_info

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A weekday (Monday = 0) and a local time in a zone whose weeks start on `week_start`."""

    weekday: int
    at: time
    zone: str
    week_start: int = 0

    def week_of(self, day: date) -> Period:
        """The week in which a local day lies."""
        start = grain_start(day, Grain.WEEK, self.week_start)
        return Period(start, start + _WEEK, self.zone)

    def due(self, week: Period) -> datetime:
        """When the report about this week is to be sent: on the chosen day of the week after it."""
        day = week.end + timedelta(days=(self.weekday - self.week_start) % 7)
        return _first_existing(datetime.combine(day, self.at), self.zone)

    def last_complete(self, at: datetime) -> Period:
        """The last week that is over at this instant."""
        return self.week_of(local_day(at, self.zone) - _WEEK)

    def covered(self, due: datetime) -> Period:
        """The week that the report is about which is sent at this instant."""
        return self.last_complete(due)

    def latest(self, at: datetime) -> Period:
        """The last week whose report is due at this instant, or was before."""
        week = self.last_complete(at)
        return week if self.due(week) <= at else week.previous()

    def from_week(self, week: Period) -> Iterator[Period]:
        """This week and those after it, without an end."""
        while True:
            yield week
            week = following(week)

    def first_whole(self, day: date) -> Period:
        """The first week that lies wholly on or after a day."""
        return self.week_of(day + _WEEK - _DAY)

    def left_out(self, first: date, until: date, told: Iterable[tuple[date, date]]) -> Iterator[Period]:
        """The weeks, or what is left of one, from the first day up to the last that lie in nothing that was told of."""
        for start, end in [*sorted(told), (until, until)]:
            while first < min(start, until):
                piece = Period(first, min(start, until, self.week_of(first).end), self.zone)
                yield piece
                first = piece.end
            first = max(first, end)

    def after(self, at: datetime) -> Iterator[Period]:
        """The weeks whose reports are due after this instant, in order, without an end."""
        return self.from_week(following(self.latest(at)))


def _first_existing(naive: datetime, zone: str) -> datetime:
    """The instant at which the clocks show this time first; where they skip it, the moment to which they jump."""
    while (found := resolve_local(naive, zone)).astimezone(zone_info(zone)).replace(tzinfo=None) != naive:
        naive += timedelta(minutes=1)
    return found


def following(week: Period) -> Period:
    return Period(week.end, week.end + _WEEK, week.zone)


def week_text(week: Period) -> str:
    """“16–22 Nov 2026”, “28 Sep – 4 Oct 2026”, “28 Dec 2026 – 3 Jan 2027”; of a single day “7 Jun 2026”."""
    first, last = week.start, week.end - _DAY
    whole = date_format(last, "DATE_FORMAT")
    if first == last:
        return whole
    if first.year != last.year:
        return f"{date_format(first, 'DATE_FORMAT')} – {whole}"
    if first.month == last.month and whole.startswith(f"{last.day} "):
        return f"{first.day}–{whole}"
    return f"{date_format(first, 'MONTH_DAY_FORMAT')} – {whole}"
