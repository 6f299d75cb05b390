"""How far the figures reach, and how many days still wait to be computed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils import timezone

from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from metrics.models import DirtyDay, Rollup


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`last` is the last day with figures that is not in the future; due dates may lie there."""

    as_of: datetime
    today: date
    first: date | None
    last: date | None
    waiting_days: int

    @property
    def is_empty(self) -> bool:
        """Nothing was ever measured, and nothing is about to be."""
        return self.last is None and not self.waiting_days


def freshness() -> Freshness:
    now = timezone.now()
    today = local_day(now, organisation().time_zone)
    ends = Rollup.objects.filter(day__lte=today).aggregate(first=Min("day"), last=Max("day"))
    waiting = DirtyDay.objects.values("day").distinct().count()
    return Freshness(as_of=now, today=today, first=ends["first"], last=ends["last"], waiting_days=waiting)
