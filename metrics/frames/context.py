"""What the organisation has decided that changes figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from kpiproject.calendars import ROUND_THE_CLOCK, default_worktime
from kpiproject.lib.periods import epoch
from kpiproject.lib.worktime import WorkTime
from kpiproject.queries import organisation


class Span(NamedTuple):
    """Instants in [start, end), in epoch seconds."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Context:
    """`clocks` has the calendar clock, and the business clock where there is a calendar."""

    zone: str
    clocks: dict[str, WorkTime]
    pause_statuses: frozenset[str]
    now: datetime

    @property
    def now_seconds(self) -> int:
        return epoch(self.now)


def context() -> Context:
    found = organisation()
    business = default_worktime()
    clocks = {"calendar": ROUND_THE_CLOCK}
    if business is not None:
        clocks["business"] = business
    return Context(
        zone=found.time_zone,
        clocks=clocks,
        pause_statuses=frozenset(plain(status) for status in found.pause_statuses),
        now=timezone.now(),
    )


def plain(status: str) -> str:
    """A status as it is compared: without regard to capitals and to how its words are joined."""
    return "_".join(status.casefold().replace("-", " ").replace("_", " ").split())
