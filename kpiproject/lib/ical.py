"""Dates of events out of an iCalendar file (RFC 5545), as far as public holidays need it.

Read are DTSTART and DTEND (whole days; of a time its date), SUMMARY, UID, STATUS, EXDATE and RRULE with FREQ=YEARLY on
one fixed date. An event that repeats in another way is left out and counted, never guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

LARGEST: Final = 1_000_000
_MOST_EVENTS: Final = 5000
_LONGEST_DAYS: Final = 62
_LONGEST_LINE: Final = 10_000
_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ESCAPED: Final = re.compile(r"\\([\\;,nN])")


class NotACalendarError(ValueError):
    """The file is not an iCalendar file, or is too large; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Event:
    day: date
    name: str
    uid: str


@dataclass(kw_only=True)
class Found:
    """The days of all events in some years, and how many events could not be understood."""

    events: list[Event] = field(default_factory=list)
    left_out: int = 0


def read(content: bytes, *, first: date, last: date) -> Found:
    """The days from `first` to `last`, both included. Raises NotACalendarError."""
    if len(content) > LARGEST:
        msg = "The file is larger than 1 MB; holidays of many years need far less."
        raise NotACalendarError(msg)
    found = Found()
    for number, properties in enumerate(_events(_lines(content))):
        if number >= _MOST_EVENTS:
            msg = f"The file has more than {_MOST_EVENTS} events; these are not holidays alone."
            raise NotACalendarError(msg)
        try:
            found.events += _days(properties, first, last)
        except ValueError:
            found.left_out += 1
    found.events.sort(key=lambda event: (event.day, event.name))
    return found


def _lines(content: bytes) -> list[str]:
    """Unfolded: a line that begins with a blank goes on the one before."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    found: list[str] = []
    for line in text.splitlines():
        if line[:1] in (" ", "\t") and found and len(found[-1]) < _LONGEST_LINE:
            found[-1] += line[1:]
        else:
            found.append(line)
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in found[:5]):
        msg = "This is not an iCalendar file: it does not begin with BEGIN:VCALENDAR."
        raise NotACalendarError(msg)
    return found


def _events(lines: list[str]) -> Iterator[dict[str, str]]:
    """The properties of every VEVENT, without those of what is inside it, such as alarms."""
    inside: list[str] = []
    properties: dict[str, str] = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        key = name.partition(";")[0].strip().upper()
        if key == "BEGIN":
            inside.append(value.strip().upper())
            properties = {} if inside[-1] == "VEVENT" else properties
        elif key == "END":
            if inside and inside.pop() == "VEVENT":
                yield properties
        elif inside and inside[-1] == "VEVENT":
            properties[key] = f"{properties[key]},{value}" if key == "EXDATE" and key in properties else value


def _days(properties: Mapping[str, str], first: date, last: date) -> Iterator[Event]:
    """Raises ValueError for an event that cannot be understood."""
    if properties.get("STATUS", "").strip().upper() == "CANCELLED":
        return
    start = _date(properties.get("DTSTART", ""))
    end = _date(properties["DTEND"]) if properties.get("DTEND") else start
    length = max((end - start).days, 1)
    if length > _LONGEST_DAYS:
        raise ValueError(length)
    left_out = {_date(one) for one in properties.get("EXDATE", "").split(",") if one}
    name = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], properties.get("SUMMARY", "")).strip()
    for begins in _repeated(start, properties.get("RRULE", ""), last):
        for offset in range(length if begins not in left_out else 0):
            day = begins + timedelta(days=offset)
            if first <= day <= last:
                yield Event(day=day, name=name or "–", uid=properties.get("UID", "").strip())


def _repeated(start: date, rule: str, last: date) -> Iterator[date]:
    """The first day of every repetition up to the last day. Raises ValueError for anything but once a year."""
    if not rule:
        yield start
        return
    parts = dict(part.upper().split("=", 1) for part in rule.strip().strip(";").split(";"))
    same = {"BYMONTH": str(start.month), "BYMONTHDAY": str(start.day)}
    if parts.pop("FREQ", "") != "YEARLY" or any(parts.pop(key, value) != value for key, value in same.items()):
        raise ValueError(rule)
    parts.pop("WKST", "")
    every, count = int(parts.pop("INTERVAL", "1")), int(parts.pop("COUNT", "10000"))
    until = _date(parts.pop("UNTIL")) if "UNTIL" in parts else last
    if parts or every < 1:
        raise ValueError(rule)
    for year in range(start.year, min(until, last).year + 1, every)[:count]:
        try:
            day = start.replace(year=year)
        except ValueError:
            continue  # 29 February
        if day <= until:
            yield day


def _date(value: str) -> date:
    match = _DAY.match(value.strip())
    if match is None:
        raise ValueError(value)
    return date(*(int(part) for part in match.groups()))
