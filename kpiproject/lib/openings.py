"""Opening hours of a day as people write them: "09:00-12:00, 13:00-17:00"."""

import re
from collections.abc import Sequence

_INTERVAL = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?", re.IGNORECASE)


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
    return f"{at // 60:02}:{at % 60:02}"
