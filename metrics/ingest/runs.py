"""The life of an import run: uploaded, queued, running, done or failed. While it runs somebody holds its lease."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.lib.due import claim
from kpiproject.lib.tokens import new_token
from kpiproject.models import User
from metrics.ingest.execution import LEASE, LostLease, execute, holding
from metrics.ingest.request import Request, prepare
from metrics.ingest.superseding import unsettle
from metrics.ingest.undoing import take_back_some
from metrics.models import ImportChange, ImportRun
from metrics.sources.faults import FileFault
from metrics.sources.reader import Reader

MOST_ATTEMPTS: Final = 3
_CHANGES_AT_ONCE: Final = 10_000
KEEP_UPLOADS: Final = timedelta(days=7)

State = ImportRun.State
logger = logging.getLogger(__name__)


def begin(request: Request, reader: Reader, *, file_name: str, is_dry_run: bool = False) -> ImportRun:
    """A run that starts at once, in this process, from a file that is not ours to keep."""
    run = ImportRun.objects.create(
        kind=request.kind,
        format=reader.layout.format,
        source=request.source or reader.layout.format,
        file_name=file_name[-255:],
        options=request.as_read(reader),
        is_dry_run=is_dry_run,
        state=State.RUNNING,
        attempts=1,
        lease_until=timezone.now() + LEASE,
        lease_token=new_token(),
    )
    reader.table = reader.table.watched(holding(run))
    return run


def upload(request: Request, file: "UploadedFile[bytes]", *, by: User) -> ImportRun:
    """A run that waits until somebody has looked at its preview."""
    return ImportRun.objects.create(
        kind=request.kind,
        format=request.format,
        source=request.source,
        file_name=Path(file.name or _("upload")).name[-255:],
        file=file,
        options=request.kept(),
        state=State.UPLOADED,
        by=by,
    )


def request_of(run: ImportRun) -> Request:
    return Request(kind=run.kind, format=run.format, source=run.source, **run.options)


def change(run: ImportRun, request: Request) -> bool:
    """Other options for a run; False when it has started or was cancelled in the meantime."""
    run.kind, run.format, run.source, run.options = request.kind, request.format, request.source, request.kept()
    waiting = ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED)
    return bool(waiting.update(kind=run.kind, format=run.format, source=run.source, options=run.options))


def queue(run: ImportRun) -> bool:
    """Let it be worked off; False when somebody else has started or cancelled it in the meantime."""
    return bool(ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED).update(state=State.QUEUED))


def cancel(run: ImportRun) -> bool:
    """Forget an upload and its file; False when it is too late for that."""
    with transaction.atomic():
        # Deleting looks first and deletes then; without the lock a run queued in between would go with its file.
        waiting = ImportRun.objects.select_for_update().filter(pk=run.pk, state=State.UPLOADED).first()
        if waiting is None:
            return False
        waiting.delete()
    run.file.delete(save=False)
    return True


def work_off(run_id: int) -> None:
    """Import the file of a queued run, or of one whose worker is gone. Does nothing when another has it in hand."""
    waiting = ImportRun.objects.filter(state__in=[State.QUEUED, State.RUNNING]).exclude(file="")
    token = claim(waiting, pk=run_id, now=timezone.now(), lease=LEASE)
    if token is None:
        return
    waiting.filter(pk=run_id).update(state=State.RUNNING, attempts=F("attempts") + 1)
    run = ImportRun.objects.get(pk=run_id)
    with suppress(LostLease, FileFault), recorded(run):
        reader = prepare(Path(run.file.path), request_of(run), name=run.file_name, pulse=holding(run))
        run.format, run.source = reader.layout.format, run.source or reader.layout.format
        run.options = request_of(run).as_read(reader)
        run.save(update_fields=["format", "source", "options"])
        execute(run, reader)
        _drop_file(run)


@contextmanager
def recorded(run: ImportRun) -> Iterator[None]:
    """Whatever ends the run before its time is written on it, and raised again."""
    try:
        yield
    except LostLease:
        raise
    except FileFault as fault:
        fail(run, str(fault))
        raise
    except KeyboardInterrupt:
        fail(run, interrupted())
        raise
    except Exception:
        logger.exception("Import %s stopped.", run.pk)
        with suppress(DatabaseError):
            fail(run, _("An error of ours stopped this import; what was read before is kept. Please report it."))
        raise


def fail(run: ImportRun, sentence: str) -> None:
    """End a run. What its batches have written stays: it is right, and importing the file again completes it."""
    rows = ImportRun.objects.filter(pk=run.pk, lease_token=run.lease_token)
    if rows.update(state=State.FAILED, error=sentence, finished_at=timezone.now(), lease_until=None):
        _drop_file(run)


def _drop_file(run: ImportRun) -> None:
    run.file.delete(save=False)
    ImportRun.objects.filter(pk=run.pk).update(file="")


def interrupted() -> str:
    return _("This import was interrupted; import the file again, and what is in already is passed over.")


def can_be_undone(run: ImportRun) -> bool:
    """Whether something is left that an import did and that can be taken back."""
    if run.is_dry_run or run.state not in (State.DONE, State.FAILED):
        return False
    if run.kind == ImportRun.Kind.SURVEY_RESPONSES:
        # Of older runs only the customers, teams and agents were noted that answers named, not the answers.
        return run.changes.filter(table__startswith="surveys.").exists()
    return run.changes.exists()


def ask_to_undo(run: ImportRun) -> bool:
    """Let it be taken back; False when somebody else did so, or there is nothing to take back."""
    if not can_be_undone(run):
        return False
    ended = ImportRun.objects.filter(pk=run.pk, state__in=[State.DONE, State.FAILED])
    return bool(ended.update(state=State.UNDOING, undo={}, lease_until=None))


def undo(run_id: int) -> None:
    """Take back what an import did. Does nothing when another worker has it in hand; goes on where one stopped."""
    waiting = ImportRun.objects.filter(state=State.UNDOING)
    if claim(waiting, pk=run_id, now=timezone.now(), lease=LEASE) is None:
        return
    run = ImportRun.objects.get(pk=run_id)
    hold = holding(run)
    with suppress(LostLease):
        while take_back_some(run):
            hold()
        unsettle(run)
        mine = waiting.filter(pk=run.pk, lease_token=run.lease_token)
        mine.update(state=State.UNDONE, lease_until=None, finished_at=timezone.now())


def undos_waiting(now: datetime) -> list[int]:
    """Imports to be taken back, which nobody has in hand."""
    found = ImportRun.objects.filter(state=State.UNDOING)
    return [run.pk for run in found if run.lease_until is None or run.lease_until <= now]


def forget_changes(now: datetime) -> None:
    """After some time an import can no longer be undone: what it changed is not kept for ever."""
    before = now - timedelta(days=settings.IMPORT_UNDO_DAYS)
    ended = ImportRun.objects.filter(finished_at__lt=before).exclude(state=State.UNDOING)
    while ids := list(ImportChange.objects.filter(run__in=ended).values_list("pk", flat=True)[:_CHANGES_AT_ONCE]):
        ImportChange.objects.filter(pk__in=ids).delete()


def sweep(now: datetime) -> list[int]:
    """Runs that wait for a worker. Runs that stopped for good are closed, uploads nobody started are forgotten."""
    for upload in ImportRun.objects.filter(state=State.UPLOADED, created_at__lt=now - KEEP_UPLOADS):
        cancel(upload)
    for run in ImportRun.objects.filter(state=State.RUNNING, lease_until__lte=now):
        if not run.file or run.attempts >= MOST_ATTEMPTS:
            fail(run, interrupted())
    free = ImportRun.objects.filter(state__in=[State.QUEUED, State.RUNNING]).exclude(file="")
    return [run.pk for run in free if run.lease_until is None or run.lease_until <= now]


def report(run: ImportRun) -> dict[str, Any]:
    """What the contract says an import answers."""
    return {
        "kind": run.kind,
        "format": run.format,
        "run": run.pk,
        "read": run.read,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "rejected": run.rejected,
        "written": run.written,
        "warnings": run.warnings,
        "rejected_file": run.rejected_file.path if run.rejected_file else None,
        "seconds": run.seconds,
    }
