"""Durations as other systems report them. They are kept beside our own for comparison, and no KPI uses them.

Each is kept in whole seconds under a name that says what was measured and in which time, such as
`first_response_time_business_seconds`; where it is one of our KPIs, what was measured has the code of that KPI.
"""

import re
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from metrics.sources.faults import BadValue, short

CALENDAR, BUSINESS = "calendar", "business"
MILLISECOND, SECOND, MINUTE, HOUR = 0.001, 1.0, 60.0, 3600.0

_CLOCK: Final = re.compile(r"(-)?(?:(\d+) days?, )?(\d+):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?$")
_PARTS: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([dhms])[a-z]*\.?(?:,|\s|$)*", re.IGNORECASE)
_SECONDS: Final = {"d": 24 * HOUR, "h": HOUR, "m": MINUTE, "s": SECOND}
_ZERO: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (ServiceNow writes a duration as the time so long after this)
_NAME: Final = re.compile(r"(.+)_(calendar|business)_seconds$")


class Duration(NamedTuple):
    """What a column holds. `unit` is that of plain numbers, in seconds; a text such as 12:30:00 has its own."""

    measure: str
    clock: str
    unit: float

    @property
    def name(self) -> str:
        return f"{self.measure}_{self.clock}_seconds"

    def read(self, text: str) -> int:
        """Raises BadValue."""
        try:
            return round(_seconds(text, self.unit))
        except (ValueError, OverflowError) as error:
            raise BadValue("bad_duration", _("“%(text)s” is not a duration.") % {"text": short(text)}) from error


def parts(name: str) -> tuple[str, str]:
    """`first_response_time_business_seconds` → what was measured and the clock. ("", "") for any other name."""
    found = _NAME.fullmatch(name)
    return (found[1], found[2]) if found else ("", "")


def _seconds(text: str, unit: float) -> float:
    if found := _CLOCK.match(text):
        sign, days, hours, minutes, seconds = found.groups()
        whole = int(days or 0) * 24 * HOUR + int(hours) * HOUR + int(minutes) * MINUTE + int(seconds or 0)
        return -whole if sign else whole
    if text.startswith("1970-"):
        return (datetime.fromisoformat(text).replace(tzinfo=None) - _ZERO).total_seconds()
    if found := _PARTS.match(text):
        if _PARTS.sub("", text):
            msg = f"{text} is not a duration"
            raise ValueError(msg)
        return sum(float(number) * _SECONDS[name.lower()] for number, name in _PARTS.findall(text))
    is_decimal = re.fullmatch(r"-?\d+,\d{1,2}", text)
    return float(text.replace(",", "." if is_decimal else "")) * unit
