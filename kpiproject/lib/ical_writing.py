"""Writing an iCalendar file (RFC 5545) of whole days, as calendar programs subscribe to it.

A whole day is a DATE without a zone, which every program shows on that day, wherever its reader is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_LONGEST: Final = 75
"""Octets of a line without its end (section 3.1)."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OUTSIDE_AN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, kw_only=True)
class Day:
    """An event that lasts one day. `uid` is the same at every reading, so that a change moves it."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""
    category: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """`product` names who has written it, `zone` where its days are at home."""

    name: str
    product: str
    zone: str
    days: Iterable[Day]


def write(calendar: Calendar, now: datetime) -> bytes:
    """The whole file, with the instant at which it was written."""
    return "".join(f"{part}\r\n" for line in _lines(calendar, now) for part in _folded(line)).encode()


def _lines(calendar: Calendar, now: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{escaped(calendar.product)}"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"NAME:{escaped(calendar.name)}"  # RFC 7986; programs that are older know the next one
    yield f"X-WR-CALNAME:{escaped(calendar.name)}"
    yield f"X-WR-TIMEZONE:{escaped(calendar.zone)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for day in calendar.days:
        yield from _event(day, stamp)
    yield "END:VCALENDAR"


def _event(day: Day, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(day.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{day.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(day.summary)}"
    if day.description:
        yield f"DESCRIPTION:{escaped(day.description)}"
    if day.url:
        yield f"URL:{_OUTSIDE_AN_ADDRESS.sub('', day.url)}"
    if day.category:
        yield f"CATEGORIES:{escaped(day.category)}"
    yield f"STATUS:{'CANCELLED' if day.is_cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"  # a date to know, which makes nobody busy
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """As a value of type TEXT (section 3.3.11)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Parts of at most 75 octets, never cut within a character; those after the first begin with a space."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part
