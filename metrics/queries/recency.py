"""How far the figures reach, and how many days still wait to be computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from django.core.cache import cache
from django.db.models import Exists, Max, Min, Subquery
from django.utils import timezone

from kpiproject.lib.periods import Period, local_day
from kpiproject.models import Organisation
from metrics.frames import extent, made_of, marked_frame, versions
from metrics.kpi import Kpi, Total
from metrics.models import DirtyDay, ImportRun, Rollup, ServiceTarget, Ticket
from metrics.queries.questions import Figures, Point

_KEPT_SECONDS: Final = 24 * 3600
_TELL_OF_TICKETS: Final = ("tickets", "ticket_events", "messages")


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`first` and `last` are the first day with any figures and the last that is not in the future, where due dates
    lie; since when there are facts for one KPI says `first_of`. `waiting` has the first and the last day to compute by
    frame; `all_change` says that every figure is to be.
    """

    as_of: datetime
    today: date
    zone: str
    first: date | None
    last: date | None
    waiting_days: int
    waiting: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    all_change: bool = False
    has_tickets: bool = False
    has_targets: bool = False
    _firsts: dict[tuple[str, ...], date | None] = field(default_factory=dict, compare=False, repr=False)

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

    def first_of(self, kpi: Kpi) -> date | None:
        """The first local day with facts of the kind that a KPI counts, whichever began earlier; None without any."""
        names = counted_in(kpi)
        if names not in self._firsts:
            self._firsts[names] = _first_day(names, self.zone)
        return self._firsts[names]

    def is_before_facts(self, kpi: Kpi, period: Period) -> bool:
        """Whether a period was over before anything was recorded that the KPI counts."""
        first = self.first_of(kpi)
        return first is not None and period.end <= first

    def known(self, point: Point, kpi: Kpi, period: Period) -> Point:
        """A point over a period; without a value before the first fact, of which nobody knows that it was 0."""
        # Something that was counted was recorded: that is known without asking.
        if point.value is None or point.n or not self.is_before_facts(kpi, period):
            return point
        return replace(point, value=None, low=None, high=None, complete=False)


def as_known(found: Figures) -> Figures:
    """The same answer, in which what counts itself has no value before the first fact: nobody knows that it was 0."""
    if not found.points or (found.kpi.shape is not Total and not found.kpi.is_stock):
        return found
    first = _first_day(counted_in(found.kpi), found.zone)
    last = found.period.end if found.period else None
    starts = sorted({_day(point.start, found.zone) for point in found.points})
    ends = dict(zip(starts, [*starts[1:], last], strict=True))

    def is_known(point: Point) -> bool:
        start = _day(point.start, found.zone)
        return first is not None and (start >= first or (ends[start] or start) > first)

    points = [point if point.n or is_known(point) else replace(point, value=None) for point in found.points]
    return replace(found, points=points)


def _day(at: date, zone: str) -> date:
    return local_day(at, zone) if isinstance(at, datetime) else at


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
        zone=zone,
        first=first,
        last=last,
        waiting_days=DirtyDay.objects.values("day").distinct().count(),
        waiting={frame: (earliest, latest) for frame, earliest, latest in waiting},
        all_change=all_change,
        has_tickets=has_tickets,
        has_targets=has_targets,
    )


def counted_in(kpi: Kpi) -> tuple[str, ...]:
    """The frames whose first fact is the first that a KPI can count; what stands beside them may have begun earlier."""
    if made_of(kpi.frame) == made_of("tickets"):
        return ("tickets",)
    if kpi.frame == "customers":  # each of these tells of customers
        return tuple(name for name in kpi.frames if name in ("customers", "subscriptions", "orders"))
    return (kpi.frame,)


def _first_day(names: tuple[str, ...], zone: str) -> date | None:
    if names == ("tickets",):
        return _first_of_tickets(zone)
    version = sum(versions(names).values())
    key = f"first:{'+'.join(names)}:{version}:{zone}"
    kept: tuple[date | None] | None = cache.get(key)
    if kept is None:
        starts = [found[0] for found in map(extent, names) if found is not None]
        kept = (local_day(min(starts), zone) if starts else None,)
        if version:  # else nobody ever told of facts
            cache.set(key, kept, _KEPT_SECONDS)
    return kept[0]


def _first_of_tickets(zone: str) -> date | None:
    """By their creation: one entry of an index, where all instants of tickets would be many."""
    at = Ticket.objects.filter(is_stub=False).aggregate(at=Min("created_at"))["at"]
    return local_day(at, zone) if at else None


def ticket_imports() -> list[tuple[str, datetime]]:
    """Every source with the instant at which it last told of tickets, the one that is silent for longest first."""
    done = ImportRun.objects.filter(state=ImportRun.State.DONE, is_dry_run=False, kind__in=_TELL_OF_TICKETS)
    found = done.filter(finished_at__isnull=False).values_list("source").annotate(at=Max("finished_at"))
    return sorted(found, key=lambda one: one[1])
