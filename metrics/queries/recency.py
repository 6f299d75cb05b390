"""How far the figures reach, and how many days still wait to be computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, Max, Min, Subquery
from django.utils import timezone

from kpiproject.lib.periods import Period, local_day
from kpiproject.models import Organisation
from metrics.frames import marked_frame
from metrics.kpi import Kpi
from metrics.models import DirtyDay, ImportRun, Rollup, ServiceTarget, Ticket

_TELL_OF_TICKETS: Final = ("tickets", "ticket_events", "messages")


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`first` and `last` are the first day with figures and the last that is not in the future, where due dates lie.
    `waiting` has the first and the last day to compute by frame; `all_change` says that every figure is to be.
    """

    as_of: datetime
    today: date
    first: date | None
    last: date | None
    waiting_days: int
    waiting: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    all_change: bool = False
    has_tickets: bool = False
    has_targets: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was ever measured, and nothing is about to be."""
        return self.last is None and not self.waiting_days

    def is_computing(self, kpi: Kpi, period: Period) -> bool:
        """Whether a figure over this period is not, or may not be, what it will be in a moment."""
        ends = self.waiting.get(marked_frame(kpi.frame))
        if self.all_change or ends is None or not kpi.adds_up:
            return self.all_change
        # The level of a stock rests on all days before, too.
        return ends[0] < period.end and (kpi.is_stock or period.start <= ends[1])


def freshness(zone: str, *, all_change: bool = False) -> Freshness:
    """In three queries that take no longer for a long history. `zone` is the organisation's."""
    now = timezone.now()
    today = local_day(now, zone)
    days = Rollup.objects.filter(day__lte=today).values("day")
    # One query for both ends that reads two entries of the index; Min and Max together would read all of it.
    ends = [Subquery(days.order_by(order)[:1]) for order in ("day", "-day")]
    promises = ServiceTarget.objects.filter(metric=ServiceTarget.Metric.RESOLUTION, is_active=True)
    there = [Exists(Ticket.objects.filter(is_stub=False)), Exists(promises)]
    found = Organisation.objects.filter(pk=1).values_list(*ends, *there).first()
    first, last, has_tickets, has_targets = found or (None, None, False, False)
    waiting = DirtyDay.objects.values_list("frame").annotate(Min("day"), Max("day")).order_by("frame")
    return Freshness(
        as_of=now,
        today=today,
        first=first,
        last=last,
        waiting_days=DirtyDay.objects.values("day").distinct().count(),
        waiting={frame: (earliest, latest) for frame, earliest, latest in waiting},
        all_change=all_change,
        has_tickets=has_tickets,
        has_targets=has_targets,
    )


def ticket_imports() -> list[tuple[str, datetime]]:
    """Every source with the instant at which it last told of tickets, the one that is silent for longest first."""
    done = ImportRun.objects.filter(state=ImportRun.State.DONE, is_dry_run=False, kind__in=_TELL_OF_TICKETS)
    found = done.filter(finished_at__isnull=False).values_list("source").annotate(at=Max("finished_at"))
    return sorted(found, key=lambda one: one[1])
