"""What the organisation has decided that changes figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from kpiproject.calendars import ROUND_THE_CLOCK, OpeningHours, opening_hours
from kpiproject.lib.periods import epoch
from kpiproject.lib.worktime import WorkTime
from kpiproject.queries import organisation


class Span(NamedTuple):
    """Instants in [start, end), in epoch seconds."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Context:
    """`clocks` has the calendar clock, and the business clock of whatever has no calendar of its own, where there is a
    calendar at all. `hours` says what has its own; then `frames.hours` knows the clock of every row."""

    zone: str
    currency: str
    clocks: dict[str, WorkTime]
    hours: OpeningHours | None = None
    schedule_at_end: bool = False
    pause_statuses: frozenset[str]
    now: datetime

    @property
    def now_seconds(self) -> int:
        return epoch(self.now)


def context() -> Context:
    found = organisation()
    hours = opening_hours()
    clocks = {"calendar": ROUND_THE_CLOCK}
    if hours is not None:
        clocks["business"] = hours.calendars[0]
    return Context(
        zone=found.time_zone,
        currency=found.currency,
        clocks=clocks,
        hours=hours,
        schedule_at_end=found.schedule_at_end,
        pause_statuses=frozenset(plain(status) for status in found.pause_statuses),
        now=timezone.now(),
    )


def plain(status: str) -> str:
    """A status as it is compared: without regard to capitals and to how its words are joined."""
    return "_".join(status.casefold().replace("-", " ").replace("_", " ").split())
