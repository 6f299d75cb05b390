"""Field validators shared by the models of all apps."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kpiproject.time_zones import is_time_zone

_CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def validate_time_zone(value: str) -> None:
    """Accept IANA names only: an offset of today is wrong for last winter."""
    if not is_time_zone(value):
        message = _("“%(value)s” is not a time zone; write a name such as Europe/Berlin.")
        raise ValidationError(message, code="time_zone", params={"value": value})


def validate_week(value: object) -> None:
    """Accept `{"mon": [["09:00", "17:00"]], …}`: several intervals a day, `24:00` as an end, an end before the
    start running past midnight into the next day."""
    if not isinstance(value, dict) or not set(value) <= set(WEEKDAYS):
        raise ValidationError(_("Write the opening hours as weekdays mon … sun with lists of intervals."), code="week")
    for weekday, intervals in value.items():
        if not isinstance(intervals, list):
            raise ValidationError(_("%(day)s needs a list."), code="week", params={"day": weekday})
        for interval in intervals:
            _validate_interval(weekday, interval)


def validate_intervals(value: object) -> None:
    """The same for the intervals of one date."""
    validate_week({"mon": value})


def _validate_interval(weekday: str, interval: object) -> None:
    good = (
        isinstance(interval, list)
        and len(interval) == 2
        and all(isinstance(clock, str) and _CLOCK.match(clock) for clock in interval)
        and interval[0] not in ("24:00", interval[1])
    )
    if not good:
        message = _("%(day)s: “%(interval)s” is not an interval such as 09:00-17:00.")
        raise ValidationError(message, code="week", params={"day": weekday, "interval": interval})
