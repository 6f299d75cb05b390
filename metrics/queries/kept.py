"""How often each service target was kept, and what is due soon or overdue: read from the tickets themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from kpiproject.lib.periods import MISSING, Period, epoch
from metrics import frames
from metrics.frames.hours import RowClocks, named
from metrics.frames.promises import DUE
from metrics.frames.tickets import EXCLUDED_BECAUSE, counted
from metrics.models import ServiceTarget, Ticket

_DONE: Final = Coalesce("solved_at", "closed_at")
_RUNS: Final[Mapping[str, Q]] = {
    "first_response": Q(first_agent_reply_at__isnull=True, solved_at__isnull=True, closed_at__isnull=True),
    "next_reply": Q(solved_at__isnull=True, closed_at__isnull=True),
    "resolution": Q(solved_at__isnull=True, closed_at__isnull=True),
}
"""Which tickets still wait for what a target promises."""
_MOST: Final = 5000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Of the tickets for which a target counted and that were due, those that were in time."""

    met: int
    whole: int


@dataclass(frozen=True, kw_only=True)
class Open:
    """A clock that runs. `left_seconds` are those of its own time until it is due; below zero it is overdue, by
    calendar time."""

    ticket: Ticket
    metric: str
    target: ServiceTarget
    due_at: datetime
    left_seconds: int


def kept(metric: str, period: Period, now: datetime) -> dict[int, Kept]:
    """By target, what was due in a period of local days; judged as the KPIs judge it."""
    due = DUE[metric]
    ended = "first_agent_reply_at" if metric == "first_response" else "done"
    rows = _judged(metric).filter(**{f"{due}__gte": period.start_at, f"{due}__lt": period.end_at})
    met = Count("pk", filter=Q(**{f"{ended}__lte": F(due)}))
    missed = Count("pk", filter=Q(**{f"{ended}__gt": F(due)}) | (_RUNS[metric] & Q(**{f"{due}__lt": now})))
    found = rows.values(f"{metric}_target").order_by().annotate(met=met, missed=missed)
    counts = found.values_list(f"{metric}_target", "met", "missed")
    return {target: Kept(met=met, whole=met + missed) for target, met, missed in counts if target is not None}


def due_soon(now: datetime, *, most: int = _MOST) -> list[Open]:
    """Clocks that are due within the warning time of their target, the next one first. The warning time is counted in
    the target's own time: nobody is warned in the middle of the night because something is due in the morning."""
    found = []
    for metric, due in DUE.items():
        longest = _longest_warning(metric)
        # Calendars close for a weekend or for holidays; ten days are more than any of them.
        near = Q(**{f"{due}__gte": now, f"{due}__lte": now + longest + timedelta(days=10)})
        found += [one for one in _open(metric, near, now, most) if one.left_seconds <= 60 * one.target.warn_minutes]
    return sorted(found, key=lambda one: (one.due_at, one.ticket.pk))[:most]


def breached(now: datetime, *, most: int = _MOST) -> list[Open]:
    """Clocks that run although their due time is over, the longest overdue first."""
    found = [one for metric, due in DUE.items() for one in _open(metric, Q(**{f"{due}__lt": now}), now, most)]
    return sorted(found, key=lambda one: (one.due_at, one.ticket.pk))[:most]


def _judged(metric: str) -> "QuerySet[Ticket]":
    rows = counted().annotate(done=_DONE).alias(reason=EXCLUDED_BECAUSE).filter(reason="")
    if metric != "first_response":
        return rows
    is_reversed = Q(first_agent_reply_at__lt=F("created_at"))
    return rows.exclude(is_reversed).exclude(first_agent_reply_at__isnull=True, done__isnull=False)


def _longest_warning(metric: str) -> timedelta:
    minutes = (
        ServiceTarget.objects.filter(metric=metric).order_by("-warn_minutes").values_list("warn_minutes", flat=True)
    )
    return timedelta(minutes=minutes.first() or 0)


def _open(metric: str, near: Q, now: datetime, most: int) -> list[Open]:
    which = near & _RUNS[metric] & Q(**{f"{metric}_target__isnull": False})
    rows = counted().alias(reason=EXCLUDED_BECAUSE).filter(which, reason="").order_by(DUE[metric], "pk")
    rows = rows.select_related(f"{metric}_target", "customer", "team", "agent")[:most]
    tickets = list(rows)
    left = _left(metric, tickets, now)
    return [
        Open(
            ticket=ticket,
            metric=metric,
            target=getattr(ticket, f"{metric}_target"),
            due_at=getattr(ticket, DUE[metric]),
            left_seconds=left[ticket.pk],
        )
        for ticket in tickets
    ]


def _left(metric: str, tickets: Sequence[Ticket], now: datetime) -> dict[int, int]:
    """Seconds until each is due, in the time in which its target is measured."""
    if not tickets:
        return {}
    which = Q(pk__in=[ticket.pk for ticket in tickets])
    frame = frames.promised(which)
    due, at = frame[DUE[metric]].to_numpy(dtype=np.int64), epoch(now)
    clocks = RowClocks(frame, which, frames.context()).until(np.full(len(frame), MISSING, dtype=np.int64))
    targets = {ticket.pk: getattr(ticket, f"{metric}_target") for ticket in tickets}
    is_business = np.array([targets[pk].clock == ServiceTarget.Clock.BUSINESS for pk in frame["id"]], dtype=np.bool_)
    nows = np.full(len(frame), at, dtype=np.int64)
    own = np.where(is_business, named(clocks, "business").seconds_between(nows, due), due - at)
    left = np.where(due < at, due - at, own)
    return dict(zip(frame["id"].tolist(), left.tolist(), strict=True))
