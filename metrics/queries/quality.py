"""How far the facts can be relied upon: what is old, missing, doubled or impossible, each with an example.

Most looks are at the last weeks only: that is what can still be mended, and what figures are read for.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kpiproject.lib.periods import Grain, Period, day_number, day_of, day_start, local_day, local_days
from metrics.frames import counted, ended_without_time
from metrics.frames.columns import Epoch, fetch, whole_numbers
from metrics.models import Customer, DirtyDay, ImportRun, Ticket
from metrics.queries.deliveries import sources
from metrics.queries.finding import EXAMPLES, NOTICE, PROBLEM, WARNING, Finding
from metrics.queries.glances import glance
from metrics.queries.other_faults import other_faults
from metrics.queries.questions import Point
from metrics.queries.rejected import waiting

LOOKS_BACK_DAYS: Final = 90
FEW: Final = 30
LOW_RESPONSE_PERCENT: Final = 10.0
MISSING_PERCENT: Final = 5.0
_LONG_DAYS: Final = 365
_TWIN_SECONDS: Final = 120
_USUAL_LEAST: Final = 5


def findings(zone: str) -> list[Finding]:
    """Everything that was found, the worst first."""
    now = timezone.now()
    since = day_start(local_day(now, zone) - timedelta(days=LOOKS_BACK_DAYS), zone)
    recent = Ticket.objects.filter(created_at__gte=since, created_at__lte=now, is_stub=False)
    found = [
        *_late_sources(now),
        *_gaps(recent, now, zone),
        *_impossible(),
        *_too_long(),
        *_missing(recent),
        *_ended_without_time(),
        *_twins(recent),
        *_doubled_customers(),
        *other_faults(since),
        *_unfinished(since),
        *_thin(local_day(now, zone), zone),
    ]
    order = (PROBLEM, WARNING, NOTICE)
    return sorted(found, key=lambda one: (order.index(one.level), -one.count))


def _late_sources(now: datetime) -> Iterator[Finding]:
    for one in sources(now):
        if one.is_late:
            days, about = (now - one.since).days, f"{one.source} ({one.name})"
            yield Finding(kind="late_source", level=PROBLEM, count=days, about=about, since=one.since)


def _gaps(recent: "QuerySet[Ticket]", now: datetime, zone: str) -> Iterator[Finding]:
    """Days up to yesterday without any ticket of a source, although their weekday usually has some."""
    rows = fetch(recent.order_by("source"), ["source", Epoch("created_at")])
    yesterday = day_number(local_day(now, zone)) - 1
    for source, own in groupby(rows, itemgetter(0)):
        numbers = local_days(whole_numbers([at for _, at in own]), zone).astype(np.int64)
        numbers = numbers[numbers <= yesterday]
        if len(numbers) and (empty := _empty_days(numbers, yesterday)):
            yield Finding(
                kind="days_without_tickets",
                level=PROBLEM,
                count=len(empty),
                of=yesterday - int(numbers.min()) + 1,
                about=source,
                examples=[day_of(number).isoformat() for number in empty[:EXAMPLES]],
            )


def _empty_days(numbers: npt.NDArray[np.int64], last: int) -> list[int]:
    """Up to the last day; what is usual was seen while there were tickets."""
    first, newest = int(numbers.min()), int(numbers.max())
    counts = np.bincount(numbers - first, minlength=last - first + 1)
    weekdays = (np.arange(first, last + 1) + 3) % 7
    seen, seen_on = counts[: newest - first + 1], weekdays[: newest - first + 1]
    usual = {day: float(np.median(seen[seen_on == day])) for day in range(7) if (seen_on == day).any()}
    is_usual = np.array([usual.get(int(day), 0.0) >= _USUAL_LEAST for day in weekdays])
    found: list[int] = (np.flatnonzero((counts == 0) & is_usual) + first).tolist()
    return found


def _impossible() -> Iterator[Finding]:
    flagged = Ticket.objects.filter(is_flagged=True)
    counts: dict[str, int] = {}
    examples: dict[str, list[str]] = {}
    for name, flags in flagged.values_list("external_id", "flags").order_by("-id").iterator(chunk_size=2000):
        kinds = {"future" if str(flag).startswith("future") else "negative" for flag in flags}
        for kind in kinds:
            counts[kind] = counts.get(kind, 0) + 1
            if len(examples.setdefault(kind, [])) < EXAMPLES:
                examples[kind].append(name)
    total = Ticket.objects.filter(is_stub=False).count() if counts else 0
    for kind, count in counts.items():
        yield Finding(kind=f"{kind}_time", level=WARNING, count=count, of=total, examples=examples[kind])


def _too_long() -> Iterator[Finding]:
    """Solved more than a year after their creation: more often a wrong date than a long wait."""
    old = Ticket.objects.filter(solved_at__gte=timezone.now() - timedelta(days=LOOKS_BACK_DAYS), is_stub=False)
    rows = fetch(old.order_by("-id"), ["external_id", Epoch("created_at"), Epoch("solved_at")])
    found = [name for name, created, solved in rows if solved - created > _LONG_DAYS * 86400]
    if found:
        yield Finding(kind="very_long", level=NOTICE, count=len(found), of=len(rows), examples=found[:EXAMPLES])


_WANTED: Final = {"agent": "agent__isnull", "category": "category", "channel": "channel", "team": "team__isnull"}


def _missing(recent: "QuerySet[Ticket]") -> Iterator[Finding]:
    is_missing = {name: Q(**{path: True if path.endswith("isnull") else ""}) for name, path in _WANTED.items()}
    counted = recent.filter(is_spam=False, is_deleted=False, is_test=False, merged_into="")
    totals = counted.aggregate(
        total=Count("id"), **{name: Count("id", filter=which) for name, which in is_missing.items()}
    )
    for name, which in is_missing.items():
        share = 100 * totals[name] / totals["total"] if totals["total"] else 0.0
        if share >= MISSING_PERCENT:
            level = WARNING if share < 50 else PROBLEM
            examples = list(counted.filter(which).order_by("-id").values_list("external_id", flat=True)[:EXAMPLES])
            yield Finding(
                kind="missing_value", level=level, count=totals[name], of=totals["total"], about=name, examples=examples
            )
    unsolved = Ticket.objects.filter(
        closed_at__isnull=False,
        solved_at__isnull=True,
        created_at__gte=timezone.now() - timedelta(days=LOOKS_BACK_DAYS),
    )
    if count := unsolved.count():
        names = list(unsolved.order_by("-id").values_list("external_id", flat=True)[:EXAMPLES])
        yield Finding(kind="closed_without_solve", level=NOTICE, count=count, of=totals["total"], examples=names)


def _ended_without_time() -> Iterator[Finding]:
    """However old they are: such a ticket is left out of every backlog."""
    rows = ended_without_time()
    if count := rows.count():
        names = list(rows.order_by("-id").values_list("external_id", flat=True)[:EXAMPLES])
        yield Finding(kind="end_unknown", level=WARNING, count=count, of=counted().count(), examples=names)


def _twins(recent: "QuerySet[Ticket]") -> Iterator[Finding]:
    """The same customer, the same subject, within two minutes, under two numbers."""
    rows = recent.filter(customer__isnull=False, merged_into="").exclude(subject="")
    found = fetch(
        rows.order_by("customer", "subject", "created_at"),
        ["customer_id", "subject", "external_id", Epoch("created_at")],
    )
    twins = [
        f"{one[2]} / {other[2]}"
        for one, other in pairwise(found)
        if one[:2] == other[:2] and one[2] != other[2] and other[3] - one[3] <= _TWIN_SECONDS
    ]
    if twins:
        yield Finding(kind="twin_tickets", level=WARNING, count=len(twins), of=len(found), examples=twins[:EXAMPLES])


def _doubled_customers() -> Iterator[Finding]:
    """One address under two numbers of the same source: such a customer counts twice."""
    rows = Customer.objects.exclude(email="").values_list("source", "email").annotate(n=Count("id")).filter(n__gt=1)
    found = list(rows.order_by("-n", "email"))
    if found:
        total = Customer.objects.count()
        yield Finding(kind="doubled_customers", level=WARNING, count=sum(n - 1 for *_, n in found), of=total)


def _unfinished(since: datetime) -> Iterator[Finding]:
    runs = ImportRun.objects.filter(created_at__gte=since, is_dry_run=False)
    failed = runs.filter(state=ImportRun.State.FAILED)
    if count := failed.count():
        names = list(failed.order_by("-id").values_list("file_name", flat=True)[:EXAMPLES])
        yield Finding(kind="failed_imports", level=PROBLEM, count=count, examples=names)
    rejected = waiting(runs)
    if count := rejected.count():
        names = list(
            runs.filter(pk__in=rejected.values("run")).order_by("-id").values_list("file_name", flat=True)[:EXAMPLES]
        )
        yield Finding(kind="rejected_rows", level=WARNING, count=count, examples=names)
    if count := DirtyDay.objects.values("day").distinct().count():
        yield Finding(kind="days_to_compute", level=NOTICE, count=count)


def _thin(today: date, zone: str) -> Iterator[Finding]:
    """KPIs that the organisation works with and that rest on a handful of rows."""
    period = Period(today - timedelta(days=LOOKS_BACK_DAYS), today, zone)
    for one in glance(period, grain=Grain.ALL):
        point = one.current
        if 0 < point.n < FEW and not one.kpi.is_stock and point.value is not None:
            yield Finding(kind="small_sample", level=NOTICE, count=point.n, about=one.kpi.code)
        if one.kpi.code == "survey_response_rate" and _is_low(point):
            yield Finding(
                kind="low_response", level=WARNING, count=int(point.part or 0), of=point.n, about=one.kpi.code
            )


def _is_low(point: Point) -> bool:
    return point.high is not None and point.n >= FEW and point.high < LOW_RESPONSE_PERCENT
