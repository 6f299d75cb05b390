"""Times as people and machines write them.

A text is read in the first form that fits: ISO 8601, numbers with slashes, dots or dashes, English month names, Unix
time. Which of day and month comes first in `03/04/2026` is one convention for a whole file.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from kpiproject.lib.periods import local_day, resolve_local
from metrics.sources.faults import BadValue, short

_CLOCK: Final = (
    r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp])?\.?(?(half)[Mm]\.?)\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
)
_NUMBERS: Final = re.compile(r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})" + _CLOCK)
_NAMED: Final = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,? )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[A-Za-z]{3,9})\.?"
    r"|(?P<month2>[A-Za-z]{3,9})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?),?[ -](?P<year>\d{2,4})" + _CLOCK
)
# "Nothing" in the words of databases, and day 0 of spreadsheets, which some give as the time of day alone.
_NOTHING: Final = re.compile(
    r"(?:(?:0000[./-]00[./-]00|00[./-]00[./-]00(?:00)?|1900-01-00|1899-12-3[01])"
    r"(?:[T ]+00:00(?::00(?:[.,]0+)?)?(?:Z|[+-]00:?00)?)?|00:00(?::00(?:[.,]0+)?)?)$"
)
_BEGINS_NOTHING: Final = frozenset({"00", "18", "19"})
_UNIX: Final = re.compile(r"-?\d{1,10}(?:\.\d+)?$|\d{12,13}$")
_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_EARLIEST, _LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = date(1900, 1, 1)  # somebody may be a customer for longer than there are help desks
# "Never" in the words of databases.
_NEVER: Final = frozenset({datetime(1900, 1, 1), datetime(1970, 1, 1), datetime(1, 1, 1)})  # noqa: DTZ001 (as written, before a zone is known)
_CACHE_SIZE: Final = 50_000
_UNREADABLE: Final = (ValueError, OverflowError, KeyError)


def read_instant(text: str, *, zone: str, day_first: bool) -> datetime | None:
    """The UTC instant; None for what databases write instead of nothing. Raises BadValue."""
    try:
        found = _written(text, day_first=day_first)
        if found is None or _is_never(found):
            return None
        if found.tzinfo is None:
            at = resolve_local(found, zone)
        else:
            at = found if found.tzinfo is UTC else found.astimezone(UTC)
    except _UNREADABLE as error:
        raise BadValue("bad_time", _not_a_time(text, day_first=day_first)) from error
    if not _EARLIEST <= at < _LATEST:
        raise BadValue("bad_time", _("“%(text)s” is not between 1980 and 2100.") % {"text": short(text)})
    return at


def read_day(text: str, *, zone: str, day_first: bool) -> date | None:
    """The local day; of a time with an offset the day in this zone. Raises BadValue."""
    try:
        is_compact = len(text) == len("20260331") and text.isdecimal()
        found = datetime.fromisoformat(text) if is_compact else _written(text, day_first=day_first)
        if found is None or _is_never(found):
            return None
        day = found.date() if found.tzinfo is None else local_day(found.astimezone(UTC), zone)
    except _UNREADABLE as error:
        message = _("“%(text)s” is not a date; write it like 2026-03-31.")
        raise BadValue("bad_date", message % {"text": short(text)}) from error
    # A bare number is a time of a clock that began in 1970; a small one is no date at all.
    first = _EARLIEST.date() if _UNIX.match(text) else _FIRST_DAY
    if not first <= day < _LATEST.date():
        values = {"text": short(text), "first": first.year}
        raise BadValue("bad_date", _("“%(text)s” is not between %(first)s and 2100.") % values)
    return day


def written_time(text: str, *, day_first: bool) -> datetime | None:
    """The time as the clock showed it, whatever the zone: it puts versions of one record in order."""
    try:
        found = _written(text, day_first=day_first)
    except _UNREADABLE as error:
        raise BadValue("bad_time", _not_a_time(text, day_first=day_first)) from error
    return found.replace(tzinfo=None) if found else None


def reader(zone: str, *, day_first: bool) -> Callable[[str], datetime | None]:
    """`read_instant` for one file, which remembers what it has read."""
    known: dict[str, datetime | None] = {}

    def read(text: str) -> datetime | None:
        try:
            return known[text]
        except KeyError:
            if len(known) >= _CACHE_SIZE:
                known.clear()
            at = known[text] = read_instant(text, zone=zone, day_first=day_first)
            return at

    return read


class Proofs(NamedTuple):
    """How many dates of a file can only be read with the day first, with the month first, and have dots."""

    day_first: int
    month_first: int
    dotted: int

    @property
    def are_mixed(self) -> bool:
        return bool(self.day_first and self.month_first)


def proofs(dates: Iterable[str]) -> Proofs:
    day_first = month_first = dotted = 0
    for text in dates:
        match = _NUMBERS.match(text)
        if not match or len(match["a"]) > 2:
            continue
        first, second = int(match["a"]), int(match["b"])
        day_first += first > 12 >= second
        month_first += second > 12 >= first
        dotted += match["mark"] == "."
    return Proofs(day_first, month_first, dotted)


def day_comes_first(dates: Iterable[str]) -> bool | None:
    """What the numeric dates of a file prove about their order; None when they prove nothing.

    Dates that fit neither order prove nothing; if both orders are proven, more proofs win.
    """
    found = proofs(dates)
    if found.day_first or found.month_first:
        return found.day_first > found.month_first
    return True if found.dotted else None


def is_ambiguous(text: str) -> bool:
    """Whether a date says something else when day and month change places, as 3/4/2026 does and 3/3/2026 does not."""
    match = _NUMBERS.match(text)
    return match is not None and len(match["a"]) <= 2 and int(match["a"]) != int(match["b"]) and int(match["a"]) > 0


def both_readings(text: str) -> tuple[date, date]:
    """An ambiguous date, read with the day first and with the month first. Raises BadValue."""
    day_first, month_first = (written_time(text, day_first=order) for order in (True, False))
    if day_first is None or month_first is None:
        raise BadValue("bad_time", _not_a_time(text, day_first=True))
    return day_first.date(), month_first.date()


def is_order_open(text: str) -> bool:
    """Whether a text is a numeric date that begins with a day or a month."""
    match = _NUMBERS.match(text)
    return match is not None and len(match["a"]) <= 2


def _is_never(found: datetime) -> bool:
    return found.day == 1 == found.month and found.replace(tzinfo=None) in _NEVER


def _written(text: str, *, day_first: bool) -> datetime | None:
    is_nothing = text[:2] in _BEGINS_NOTHING and _NOTHING.match(text)
    return None if is_nothing else _parsed(text, day_first=day_first)


def _parsed(text: str, *, day_first: bool) -> datetime | None:
    if text[4:5] == "-":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    if match := _NUMBERS.match(text):
        year, month, day = _ordered(match["a"], match["b"], match["c"], day_first=day_first)
        return _moment(match, year, month, day)
    if match := _NAMED.match(text):
        month = _MONTHS[(match["month"] or match["month2"])[:3].lower()]
        return _moment(match, _year(match["year"]), month, int(match["day"] or match["day2"]))
    return _from_unix(text)


def _ordered(first: str, second: str, third: str, *, day_first: bool) -> tuple[int, int, int]:
    if len(first) == 4:
        return int(first), int(second), int(third)
    day, month = (first, second) if day_first else (second, first)
    return _year(third), int(month), int(day)


def _year(text: str) -> int:
    """Two digits mean this century: no help desk has tickets of the last one."""
    if len(text) not in (2, 4):
        msg = f"{text} is not a year"
        raise ValueError(msg)
    return int(text) + 2000 if len(text) == 2 else int(text)


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    hour = int(match["hour"] or 0)
    if half := match["half"]:
        if not 1 <= hour <= 12:
            msg = f"{hour} is not an hour of twelve"
            raise ValueError(msg)
        hour = hour % 12 + (12 if half in "Pp" else 0)
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    return datetime(
        year, month, day, hour, int(match["minute"] or 0), int(match["second"] or 0), fraction, _offset(match["zone"])
    )


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _from_unix(text: str) -> datetime | None:
    """Seconds, or milliseconds from twelve digits on; 0 is "none"."""
    if not _UNIX.match(text):
        msg = f"{text} is not a time"
        raise ValueError(msg)
    number = float(text)
    if number == 0:
        return None
    return datetime.fromtimestamp(number / 1000 if len(text) >= 12 and "." not in text else number, tz=UTC)


def _not_a_time(text: str, *, day_first: bool) -> str:
    if is_order_open(text):
        order = _("day/month/year") if day_first else _("month/day/year")
        return _("“%(text)s” is not a time, read as %(order)s.") % {"text": short(text), "order": order}
    return _("“%(text)s” is not a time; write it like 2026-03-31 14:05.") % {"text": short(text)}
