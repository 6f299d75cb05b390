"""What the worker does for figures and imports. Every task may run twice without harm."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from metrics import asking, basis, dirty, ingest, rollups

_SECONDS_AT_ONCE = 20
_SECONDS_BETWEEN_SWEEPS = 15


@shared_task(name="metrics.sweep_dirty")
def sweep_dirty() -> None:
    """Have every worker compute a month of a frame; what is left after some seconds is found by the next sweep."""
    _compute()


@shared_task(name="metrics.collect_survey_changes")
def collect_survey_changes() -> None:
    """Take over what was answered, sent and bounced, and bring its figures up to date."""
    if dirty.take_over_survey_changes():
        _compute()


@shared_task(name="metrics.mark_passing_time")
def mark_passing_time() -> None:
    """Have the days computed again on which tickets were pending that may be overdue by now."""
    rollups.mark_fallen_due()


@shared_task(name="metrics.recompute_everything")
def recompute_everything() -> None:
    """After a decision that changes every figure, such as another business calendar."""
    basis.renew()
    _compute()


@shared_task(name="metrics.compute_month")
def compute_month(frame: str, first_day: str) -> None:
    """Compute what is dirty in one month of one frame, unless another worker has it in hand."""
    rollups.sweep_month(frame, date.fromisoformat(first_day), seconds=_SECONDS_AT_ONCE)


def _compute() -> None:
    """What is in one month at once; several months in as many tasks, of which the workers take one each."""
    months = rollups.waiting_months()
    if len({month for _, month in months}) <= 1:
        rollups.sweep(seconds=_SECONDS_AT_ONCE)
        return
    for frame, month in months:
        compute_month.apply_async((frame, month.isoformat()), expires=_SECONDS_BETWEEN_SWEEPS)


@shared_task(name="metrics.run_import")
def run_import(run_id: int) -> None:
    """Import one file, unless another worker has it in hand, and bring its figures up to date."""
    ingest.work_off(run_id)
    nudge(collect_survey_changes)
    nudge(sweep_dirty)


@shared_task(name="metrics.sweep_imports")
def sweep_imports() -> None:
    """Find imports that wait for a worker, or whose worker is gone."""
    now = timezone.now()
    for run_id in ingest.sweep(now):
        nudge(run_import, run_id)
    for run_id in ingest.undos_waiting(now):
        nudge(undo_import, run_id)


@shared_task(name="metrics.undo_import")
def undo_import(run_id: int) -> None:
    """Take one import back, unless another worker has it in hand, and bring its figures up to date."""
    ingest.undo(run_id)
    nudge(collect_survey_changes)
    nudge(sweep_dirty)


@shared_task(name="metrics.forget_import_changes")
def forget_import_changes() -> None:
    """Old imports can no longer be undone."""
    ingest.forget_changes(timezone.now())


@shared_task(name="metrics.sweep_rules")
def sweep_rules() -> None:
    """Have every rule ask whom it has to ask now, and call off what is about tickets that came back."""
    asking.call_off_reopened()
    for rule_id in asking.due_ids(timezone.now()):
        run_rule.apply_async((rule_id,), expires=60)


@shared_task(name="metrics.run_rule")
def run_rule(rule_id: int) -> None:
    if asking.run_due(rule_id, timezone.now()):
        nudge(sweep_mail)
