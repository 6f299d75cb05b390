"""What the worker does for figures and imports. Every task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from kpiproject.queue import nudge
from metrics import basis, dirty, ingest, rollups

_SECONDS_AT_ONCE = 20


@shared_task(name="metrics.sweep_dirty")
def sweep_dirty() -> None:
    """Compute what is dirty; what is left after some seconds is found by the next sweep."""
    rollups.sweep(seconds=_SECONDS_AT_ONCE)


@shared_task(name="metrics.collect_survey_changes")
def collect_survey_changes() -> None:
    """Take over what was answered, sent and bounced, and bring its figures up to date."""
    if dirty.take_over_survey_changes():
        rollups.sweep(seconds=_SECONDS_AT_ONCE)


@shared_task(name="metrics.mark_passing_time")
def mark_passing_time() -> None:
    """Have the days computed again on which tickets were pending that may be overdue by now."""
    rollups.mark_fallen_due()


@shared_task(name="metrics.recompute_everything")
def recompute_everything() -> None:
    """After a decision that changes every figure, such as another business calendar."""
    basis.renew()
    rollups.sweep(seconds=_SECONDS_AT_ONCE)


@shared_task(name="metrics.run_import")
def run_import(run_id: int) -> None:
    """Import one file, unless another worker has it in hand, and bring its figures up to date."""
    ingest.work_off(run_id)
    nudge(sweep_dirty)


@shared_task(name="metrics.sweep_imports")
def sweep_imports() -> None:
    """Find imports that wait for a worker, or whose worker is gone."""
    for run_id in ingest.sweep(timezone.now()):
        nudge(run_import, run_id)
