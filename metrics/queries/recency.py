"""How far the figures reach, and how many days still wait to be computed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from kpiproject.lib.periods import local_day
from metrics.models import DirtyDay, Rollup


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`last` is the last day with figures that is not in the future; due dates may lie there."""

    as_of: datetime
    today: date
    last: date | None
    waiting_days: int

    @property
    def is_empty(self) -> bool:
        """Nothing was ever measured, and nothing is about to be."""
        return self.last is None and not self.waiting_days


def freshness(zone: str) -> Freshness:
    """In two queries that take no longer for a long history. `zone` is the organisation's."""
    now = timezone.now()
    today = local_day(now, zone)
    days = Rollup.objects.filter(day__lte=today).order_by("-day").values_list("day", flat=True)
    waiting = DirtyDay.objects.values("day").distinct().count()
    return Freshness(as_of=now, today=today, last=days.first(), waiting_days=waiting)
