"""Opening hours of a day as people write them: "09:00-12:00, 13:00-17:00"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_INTERVAL = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?", re.IGNORECASE)

_DAY = 24 * 60


class NotOpeningHoursError(ValueError):
    """A part of the text is no interval; `part` says which."""

    def __init__(self, part: str) -> None:
        super().__init__(f"“{part}” is not an interval such as 09:00-17:00.")
        self.part = part


def parse(text: str) -> list[list[str]]:
    """Intervals of HH:MM; an end at or before the start runs into the next day, 24:00 is the end of the day."""
    return [_interval(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]


def write(intervals: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{start}-{end}" for start, end in intervals)


def overlap(intervals: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    """The first two intervals of a day that share an hour, as they are written; None where none do."""
    ordered = sorted(intervals, key=lambda interval: _minutes(interval[0]))
    for one, other in pairwise(ordered):
        if _reach(one)[1] > _minutes(other[0]):
            return write([one]), write([other])
    return None


def without(intervals: Sequence[Sequence[str]], start: int, end: int) -> list[list[str]]:
    """What is left of a day without its minutes from `start` to `end`, counted from midnight.

    Of an interval that runs into the next day only what begins before midnight is left: a later hour is none of this
    day's.
    """
    return [part for interval in intervals for part in _rest(interval, start, end)]


def _rest(interval: Sequence[str], start: int, end: int) -> Iterator[list[str]]:
    opens, closes = _reach(interval)
    for first, last in ((opens, min(closes, start)), (max(opens, end), closes)):
        if first < min(last, _DAY):
            yield [_written(first), _written(last - _DAY if last > _DAY else last)]


def _reach(interval: Sequence[str]) -> tuple[int, int]:
    """Minutes from midnight; the end of one that runs into the next day is above 24 hours."""
    opens, closes = (_minutes(clock) for clock in interval)
    return opens, closes + (_DAY if closes <= opens else 0)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _interval(part: str) -> list[str]:
    match = _INTERVAL.fullmatch(part)
    if match is None:
        raise NotOpeningHoursError(part)
    start = _clock(part, match[1], match[2], latest=23 * 60 + 59)
    end = _clock(part, match[3], match[4], latest=24 * 60)
    if start == end:
        raise NotOpeningHoursError(part)
    return [start, end]


def _clock(part: str, hours: str, minutes: str | None, *, latest: int) -> str:
    at = int(hours) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or at > latest:
        raise NotOpeningHoursError(part)
    return _written(at)


def _written(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
