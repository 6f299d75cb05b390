"""How far the figures reach, and how many days still wait to be computed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Subquery
from django.utils import timezone

from kpiproject.lib.periods import local_day
from kpiproject.models import Organisation
from metrics.models import DirtyDay, Rollup


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`first` and `last` are the first day with figures and the last that is not in the future, where due dates lie."""

    as_of: datetime
    today: date
    first: date | None
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
    days = Rollup.objects.filter(day__lte=today).values("day")
    # One query for both ends that reads two entries of the index; Min and Max together would read all of it.
    ends = [Subquery(days.order_by(order)[:1]) for order in ("day", "-day")]
    first, last = Organisation.objects.filter(pk=1).values_list(*ends).first() or (None, None)
    waiting = DirtyDay.objects.values("day").distinct().count()
    return Freshness(as_of=now, today=today, first=first, last=last, waiting_days=waiting)
