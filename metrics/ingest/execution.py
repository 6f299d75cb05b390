"""One file into the database, batch by batch.

Every batch is one transaction. A run that was interrupted is simply run again from the start: what is in already is
passed over.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from metrics import dirty
from metrics.ingest import customers, events, facts, messages, responses, tickets, trails
from metrics.ingest.batches import Batch, batches
from metrics.ingest.rejects import Rejects
from metrics.ingest.session import Outcome, Session, Told, Writer
from metrics.ingest.superseding import Waiting
from metrics.models import ImportRun
from metrics.sources.headers import is_mended
from metrics.sources.reader import Reader

LEASE: Final = timedelta(minutes=5)
_HOLD_SECONDS: Final = 30.0
_FREE_SECONDS: Final = 0.01  # SQLite has one writer: between two batches answers to surveys get through
_RETRY_SECONDS: Final = (0.2, 1.0)
_WRITERS: Final[Mapping[str, Writer]] = {
    "customers": customers.write,
    "subscriptions": facts.SUBSCRIPTIONS.write,
    "orders": facts.ORDERS.write,
    "records": facts.RECORDS.write,
    "agent_time": facts.AGENT_TIME.write,
    "costs": facts.COSTS.write,
    "messages": messages.write,
    "tickets": tickets.write,
    "events": events.write,
    "trails": trails.write,
    "responses": responses.write,
}

Progress = Callable[[int], object]
logger = logging.getLogger(__name__)


class LostLease(RuntimeError):  # noqa: N818 (it says what happened)
    """Another worker has taken this run over; nothing more may be written for it here."""


@dataclass(slots=True)
class Counts:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    written: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Batch, outcome: Outcome) -> None:
        self.read += batch.read
        self.created += outcome.created
        self.updated += outcome.updated
        self.unchanged += outcome.unchanged + batch.superseded
        self.rejected += len(batch.faults) + len(outcome.faults)
        self.written.update(outcome.written)


def execute(run: ImportRun, reader: Reader, progress: Progress | None = None) -> None:
    """Write all that the file says, and note on the run what came of it. `progress` is told the rows read so far.

    Raises FileFault where the file has changed since it was looked over, and LostLease.
    """
    clock = time.monotonic()
    notes, session = reader.notes, _session(run, reader)
    write = _WRITERS[reader.layout.makes]
    counts, waiting = Counts(), Waiting(run, reader)
    _renew(run, counts, reader, header=list(reader.table.header))
    with Rejects(run, reader.table.header) as rejects:
        written = time.monotonic()
        for batch in batches(reader.items()):
            _let_others_write(written)
            outcome = _write(batch, session, write, is_dry_run=run.is_dry_run)
            counts.add(batch, outcome)
            rejects.add([reader.keepable(fault) for fault in (*batch.faults, *outcome.faults)])
            waiting.settle(batch, outcome.faults)
            _renew(run, counts, reader)
            written = time.monotonic()
            if progress:
                progress(counts.read)
    waiting.settle_mended()
    _renew(
        run,
        counts,
        reader,
        state=ImportRun.State.DONE,
        warnings=notes.as_list(),
        rejected_file=rejects.name,
        progress=1.0,
        seconds=round(time.monotonic() - clock + reader.survey_seconds, 3),
        finished_at=timezone.now(),
        lease_until=None,
    )


def _let_others_write(since: float) -> None:
    """Reading the next rows has usually taken longer already."""
    if connection.vendor == "sqlite":
        time.sleep(max(0.0, since + _FREE_SECONDS - time.monotonic()))


def _session(run: ImportRun, reader: Reader) -> Session:
    return Session(
        source=run.source,
        started=timezone.now(),
        notes=reader.notes,
        is_mended=is_mended(reader.table.header),
        told=Told(reader.kept(), reader.only_new, reader.from_events),
        run_id=run.pk,
    )


def holding(run: ImportRun) -> Callable[[], None]:
    """Keeps the run while a file is only read: to be called often, it renews the lease now and then, or raises
    LostLease."""
    renewed = time.monotonic()

    def hold() -> None:
        nonlocal renewed
        if time.monotonic() - renewed >= _HOLD_SECONDS:
            renewed = time.monotonic()
            _hold(run, {"lease_until": timezone.now() + LEASE})

    return hold


def _write(batch: Batch, session: Session, write: Writer, *, is_dry_run: bool) -> Outcome:
    if not batch.records:
        return Outcome()
    for seconds in _RETRY_SECONDS:
        noted = session.notes.copy()
        try:
            return _write_once(batch, session, write, is_dry_run=is_dry_run)
        except OperationalError:
            # Two transactions that waited for each other, or a busy file: the batch has not come about.
            logger.warning("A batch of an import is tried again.", exc_info=True)
            session.notes.replace(noted)
            session.forget()
            time.sleep(seconds)
    return _write_once(batch, session, write, is_dry_run=is_dry_run)


def _write_once(batch: Batch, session: Session, write: Writer, *, is_dry_run: bool) -> Outcome:
    with transaction.atomic():
        dirty.take_turns()  # before anything is read: what another import brings is then seen, and not lost
        outcome = write(batch.records, session)
        session.journal.flush()
        if is_dry_run:
            transaction.set_rollback(True)
    return outcome


def _renew(run: ImportRun, counts: Counts, reader: Reader, **changes: object) -> None:
    """Note how far the run is and hold on to it. Raises LostLease when somebody else has it."""
    values: dict[str, object] = {
        "lease_until": timezone.now() + LEASE,
        "progress": counts.read / max(reader.rows, 1),
        "read": counts.read,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "written": {kind: count for kind, count in counts.written.items() if count},
        **changes,
    }
    _hold(run, values)


def _hold(run: ImportRun, values: Mapping[str, object]) -> None:
    rows = ImportRun.objects.filter(pk=run.pk, lease_token=run.lease_token)
    if not rows.update(**values):
        msg = f"Import {run.pk} is in other hands now."
        raise LostLease(msg)
    for name, value in values.items():
        setattr(run, name, value)
