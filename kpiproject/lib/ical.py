"""Dates of events out of an iCalendar file (RFC 5545), as far as public holidays need it.

Read are DTSTART, DTEND and DURATION (whole days, or the hours of a day), SUMMARY, UID, STATUS, EXDATE and RRULE with
FREQ=YEARLY on one fixed date. An event that repeats in another way, that has a time and no length, or whose times are
in a zone of another name than that of the IANA, is left out and counted, never guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LARGEST: Final = 1_000_000
_MOST_EVENTS: Final = 5000
_LONGEST_DAYS: Final = 62
_LONGEST_LINE: Final = 10_000
_HOURS: Final = 24
_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MOMENT: Final = re.compile(r"\d{8}T(\d{2})(\d{2})(\d{2})(Z?)")
_LENGTH: Final = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_ZONE: Final = re.compile(r';TZID="?([^;":]+)', re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([\\;,nN])")


class NotACalendarError(ValueError):
    """The file is not an iCalendar file, or is too large; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """`hours` are those of the day that the event takes, as minutes from midnight; None is the whole day."""

    day: date
    name: str
    uid: str
    hours: tuple[int, int] | None = None


@dataclass(kw_only=True)
class Found:
    """The days of all events in some years, and how many events could not be understood."""

    events: list[Event] = field(default_factory=list)
    left_out: int = 0


def read(content: bytes, *, first: date, last: date, zone: str) -> Found:
    """The days from `first` to `last`, both included; times are turned into those of the zone, and count as such where
    they name none. Raises NotACalendarError."""
    if len(content) > LARGEST:
        msg = "The file is larger than 1 MB; holidays of many years need far less."
        raise NotACalendarError(msg)
    found = Found()
    for number, properties in enumerate(_events(_lines(content))):
        if number >= _MOST_EVENTS:
            msg = f"The file has more than {_MOST_EVENTS} events; these are not holidays alone."
            raise NotACalendarError(msg)
        try:
            found.events += _days(properties, (first, last), ZoneInfo(zone))
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
            if named := _ZONE.search(name):
                properties[f"{key};TZID"] = named[1]


def _days(properties: Mapping[str, str], reach: tuple[date, date], zone: ZoneInfo) -> Iterator[Event]:
    """Raises ValueError for an event that cannot be understood."""
    if properties.get("STATUS", "").strip().upper() == "CANCELLED":
        return
    start = _moment(properties, "DTSTART", zone)
    length = _length(properties, start, zone)
    left_out = {_date(one) for one in properties.get("EXDATE", "").split(",") if one}
    name = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], properties.get("SUMMARY", "")).strip()
    for begins in _repeated(start.date(), properties.get("RRULE", ""), reach[1]):
        if begins in left_out:
            continue
        for day, hours in _split(datetime.combine(begins, start.time()), length):
            if reach[0] <= day <= reach[1]:
                yield Event(day=day, name=name or "–", uid=properties.get("UID", "").strip(), hours=hours)


def _length(properties: Mapping[str, str], start: datetime, zone: ZoneInfo) -> timedelta:
    """At least a day for one that has a date alone, or begins at midnight and says no end. Raises ValueError."""
    length = timedelta()
    if properties.get("DTEND"):
        length = _moment(properties, "DTEND", zone) - start
    elif properties.get("DURATION"):
        match = _LENGTH.fullmatch(properties["DURATION"].strip().upper())
        if match is None:
            raise ValueError(properties["DURATION"])
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not length and start.time() == time():
        length = timedelta(days=1)
    if not timedelta() < length <= timedelta(days=_LONGEST_DAYS):
        raise ValueError(length)
    return length


def _split(start: datetime, length: timedelta) -> Iterator[tuple[date, tuple[int, int] | None]]:
    """Every day that it touches, with the hours on that day."""
    end = start + length
    midnight = datetime.combine(start.date(), time())
    while midnight < end:
        following = midnight + timedelta(days=1)
        opens, closes = ((at - midnight) // timedelta(minutes=1) for at in (max(start, midnight), min(end, following)))
        whole = (opens, closes) == (0, _HOURS * 60)
        if opens < closes:
            yield midnight.date(), None if whole else (opens, closes)
        midnight = following


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


def _moment(properties: Mapping[str, str], key: str, zone: ZoneInfo) -> datetime:
    """Local time without a zone; a date alone is its midnight. Raises ValueError."""
    text = properties.get(key, "").strip()
    day = _date(text)
    match = _MOMENT.fullmatch(text)
    if match is None:
        return datetime.combine(day, time())
    at = datetime.combine(day, time(int(match[1]), int(match[2]), min(int(match[3]), 59)))
    if match[4]:
        return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    named = properties.get(f"{key};TZID")
    if named is None:
        return at
    try:
        own = ZoneInfo(named.strip())
    except (KeyError, OSError) as error:  # also for a name that is a folder
        raise ValueError(named) from error
    return at.replace(tzinfo=own).astimezone(zone).replace(tzinfo=None)


def _date(value: str) -> date:
    match = _DAY.match(value.strip())
    if match is None:
        raise ValueError(value)
    return date(*(int(part) for part in match.groups()))
