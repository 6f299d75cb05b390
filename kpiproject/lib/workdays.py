"""Due times counted in days instead of seconds: laws and contracts say "within 10 business days".

The day of the start does not count. The clock time stays as it was, but not before the first opening and not after the
last closing of the due day; or the due time is that closing. Calendar days are those of a calendar that never closes.
"""

from typing import Final

import numpy as np

from kpiproject.lib.clock import Rows
from kpiproject.lib.periods import MISSING, Seconds, day_of, epoch, instant, local_days, resolve_local, zone_info
from kpiproject.lib.worktime import OpenDays, WorkTime

_QUARTER: Final = 15 * 60
"""Clocks are changed at full quarters of an hour, so within one the offset to UTC is the same."""


def due_after_days(work: WorkTime, starts: Seconds, days: int, *, ends_day: bool) -> Seconds:
    """The due time on the open day that is `days` open days after that of each start; MISSING if there is none."""
    result = np.full(starts.shape, MISSING, dtype=np.int64)
    known = np.flatnonzero(starts != MISSING)
    if not len(known) or work.is_never_open:
        return result
    at = starts[known]
    table, index = _due_days(work, local_days(at, work.zone).astype(np.int64), days)
    if not len(table.numbers):
        return result
    late = index >= len(table.numbers)
    index = np.where(late, 0, index)
    due = table.closes[index]
    if not ends_day:
        wall = _wall_clock(at, work.zone)
        due = np.clip(_instants(table.numbers[index], wall, work.zone), table.opens[index], due)
    result[known] = np.where(late, MISSING, due)
    return result


def _due_days(work: WorkTime, numbers: Seconds, days: int) -> tuple[OpenDays, Rows]:
    """A table of open days that is long enough, and the positions of the due days in it."""
    first, last = day_of(numbers.min()).year, day_of(numbers.max()).year
    step = 1 + days // 200
    while True:
        table = work.open_days(first, min(last + step, work.last_year))
        index = np.searchsorted(table.numbers, numbers, side="right") + days - 1
        if (index < len(table.numbers)).all() or last + step >= work.last_year:
            return table, index
        step *= 2


def _wall_clock(at: Seconds, zone: str) -> Seconds:
    """Seconds since midnight that the clock on the wall showed at each instant."""
    quarters, inverse = np.unique(at // _QUARTER, return_inverse=True)
    local = [instant(quarter * _QUARTER).astimezone(zone_info(zone)) for quarter in quarters.tolist()]
    shown = np.array([one.hour * 3600 + one.minute * 60 + one.second for one in local], dtype=np.int64)
    return shown[inverse] + at % _QUARTER


def _instants(numbers: Seconds, wall: Seconds, zone: str) -> Seconds:
    """The instants at which the clock shows these times on these days."""
    naive = numbers * 86400 + wall
    quarters, inverse = np.unique(naive // _QUARTER, return_inverse=True)
    walls = (instant(quarter * _QUARTER).replace(tzinfo=None) for quarter in quarters.tolist())
    found = np.array([epoch(resolve_local(one, zone)) for one in walls], dtype=np.int64)
    return found[inverse] + naive % _QUARTER
