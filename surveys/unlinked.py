"""What employees answer is parted from who they are: no invitation, no contact, no hour."""

from datetime import datetime

from kpiproject.lib.periods import day_start, local_day
from kpiproject.queries import organisation


def day_of(at: datetime) -> datetime:
    """The beginning of the organisation's day: whoever knows when somebody answered must not find the answer by it."""
    zone = organisation().time_zone
    return day_start(local_day(at, zone), zone)
