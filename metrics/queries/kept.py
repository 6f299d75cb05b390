"""How often each service target was kept: read from the tickets themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from kpiproject.lib.periods import Period
from metrics.frames.promises import ASKED_AT, DUE, HAS_NO_RESPONSE_TIME, RESPONDED_AT
from metrics.frames.spells import ENDED_STATUSES
from metrics.frames.tickets import EXCLUDED_BECAUSE, counted
from metrics.models import Ticket
from metrics.queries.clocks import RUNS

_DONE: Final = Coalesce("solved_at", "closed_at")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Of the tickets for which a target counted and that were due, those that were in time."""

    met: int
    whole: int


def kept(metric: str, period: Period, now: datetime) -> dict[int, Kept]:
    """By target, what was due in a period of local days; judged as the KPIs judge it."""
    due = DUE[metric]
    ended = "responded" if metric == "first_response" else "done"
    rows = _judged(metric).filter(**{f"{due}__gte": period.start_at, f"{due}__lt": period.end_at})
    met = Count("pk", filter=Q(**{f"{ended}__lte": F(due)}))
    missed = Count("pk", filter=Q(**{f"{ended}__gt": F(due)}) | (RUNS[metric] & Q(**{f"{due}__lt": now})))
    found = rows.values(f"{metric}_target").order_by().annotate(met=met, missed=missed)
    counts = found.values_list(f"{metric}_target", "met", "missed")
    return {target: Kept(met=met, whole=met + missed) for target, met, missed in counts if target is not None}


def _judged(metric: str) -> "QuerySet[Ticket]":
    rows = counted().annotate(done=_DONE).alias(reason=EXCLUDED_BECAUSE).filter(reason="")
    # Of which only the status says that they have ended, nobody knows whether that was in time.
    rows = rows.alias(now=Lower("status"))
    has_lost_end = Q(done__isnull=True, now__in=ENDED_STATUSES)
    if metric != "first_response":
        return rows.filter(Q(done__gte=F("created_at")) | Q(done__isnull=True)).exclude(has_lost_end)
    rows = rows.annotate(asked=ASKED_AT, responded=RESPONDED_AT)
    is_known = Q(responded__gte=F("asked")) | Q(responded__isnull=True)
    is_unknown = HAS_NO_RESPONSE_TIME & (Q(done__isnull=False) | Q(agent_replies__gt=0) | has_lost_end)
    return rows.filter(is_known).exclude(is_unknown)
