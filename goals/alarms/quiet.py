"""Quiet hours: times of the day at which nobody is told of alarms. They hold what is said, not what is.

A window reaches from its first minute up to and without its last one, by the clocks of an IANA zone; one that ends
before it starts runs past midnight. What a clock change skips is skipped here too, and what it repeats is quiet twice.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from kpiproject.lib.periods import zone_info

Windows = Sequence[Sequence[str]]
MOST_WINDOWS: Final = 5
LEAST_MINUTES: Final = 30
_DAY: Final = 24 * 60
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|(24):(00)")
_SATURDAY: Final = 5
_FURTHEST: Final = timedelta(days=4)
"""Longer than a weekend with its two nights."""


class BadWindowsError(ValueError):
    """Quiet hours that nobody can mean; with one sentence."""


def merged(windows: Windows) -> list[tuple[int, int]]:
    """As minutes since midnight, in order, those that touch joined into one and split at midnight. Raises
    BadWindowsError."""
    pieces: list[tuple[int, int]] = []
    for window in windows:
        start, end = _minutes(window)
        pieces += [(start, end)] if start < end else [(start, _DAY), (0, end)]
    found: list[tuple[int, int]] = []
    for start, end in sorted(piece for piece in pieces if piece[0] < piece[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def check(windows: Windows) -> None:
    """Raises BadWindowsError for too many, for one that is too short, and if nothing of the day is left."""
    if len(windows) > MOST_WINDOWS:
        message = _("%(count)s windows are more than the %(most)s that are possible.")
        raise BadWindowsError(message % {"count": len(windows), "most": MOST_WINDOWS})
    for window in windows:
        start, end = _minutes(window)
        if 0 < (end - start) % _DAY < LEAST_MINUTES:
            words = {"window": "-".join(window), "least": LEAST_MINUTES}
            raise BadWindowsError(_("%(window)s is shorter than %(least)s minutes.") % words)
    if merged(windows) == [(0, _DAY)]:
        raise BadWindowsError(_("These quiet hours cover the whole day, so that nobody would ever be told."))


def is_quiet(windows: Windows, at: datetime, zone: str, *, has_weekend: bool = False) -> bool:
    """Whether an aware instant is quiet by the clocks of the zone. With `has_weekend`, so are whole weekends."""
    return _is_quiet(merged(windows), at.astimezone(zone_info(zone)), has_weekend=has_weekend)


def next_free(windows: Windows, at: datetime, zone: str, *, has_weekend: bool = False) -> datetime:
    """The instant itself if it is not quiet, else the first whole minute that is not, in UTC.

    Looked for minute by minute, because no arithmetic on wall clocks is right on the day on which they change.
    """
    quiet, info = merged(windows), zone_info(zone)
    found = at.astimezone(UTC)
    latest = found + _FURTHEST
    while _is_quiet(quiet, found.astimezone(info), has_weekend=has_weekend):
        found = found.replace(second=0, microsecond=0) + timedelta(minutes=1)
        if found > latest:
            raise BadWindowsError(_("These quiet hours cover the whole day, so that nobody would ever be told."))
    return found


def _is_quiet(quiet: Sequence[tuple[int, int]], local: datetime, *, has_weekend: bool) -> bool:
    if has_weekend and local.weekday() >= _SATURDAY:
        return True
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in quiet)


def _minutes(window: Sequence[str]) -> tuple[int, int]:
    """Start and end; 24:00 may only be an end, and the same clock twice is the whole day."""
    found = [_CLOCK.fullmatch(clock) for clock in window] if len(window) == 2 else []
    if len(found) != 2 or None in found:
        given = {"window": "-".join(map(str, window))}
        raise BadWindowsError(_("“%(window)s” is not a window such as 22:00-07:00.") % given)
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in window)
    return start % _DAY, end
