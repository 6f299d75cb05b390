"""Rejected rows that nobody will mend: they stay visible, and nobody is asked about them any more."""

from django.utils import timezone

from kpiproject.models import User
from metrics.models import ImportRun

_ENDED = (ImportRun.State.DONE, ImportRun.State.FAILED)


def can_be_dismissed(run: ImportRun) -> bool:
    """Whether rows of it may still wait; an import that was taken back asks nothing of anybody."""
    return run.rejected > 0 and not run.is_dry_run and run.state in _ENDED


def dismiss(run: ImportRun, *, by: User) -> bool:
    """Leave its rejected rows out for good; False where that cannot be, or somebody else has done so before."""
    if not can_be_dismissed(run):
        return False
    rows = ImportRun.objects.filter(pk=run.pk, dismissed_at__isnull=True, state__in=_ENDED)
    return bool(rows.update(dismissed_at=timezone.now(), dismissed_by=by))


def recall(run: ImportRun) -> bool:
    """Let them wait again; False where they do so already."""
    rows = ImportRun.objects.filter(pk=run.pk, dismissed_at__isnull=False)
    return bool(rows.update(dismissed_at=None, dismissed_by=None))
