from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.models.signals import pre_delete
from django.utils import timezone

from metrics import ingest
from metrics.ingest import execution as executing
from metrics.ingest import runs
from metrics.ingest.execution import LEASE
from metrics.models import ImportRun, RejectedRow, Ticket
from metrics.sources.generic import TicketEvents
from metrics.sources.table import Line
from tests.factories import ManagerFactory
from tests.metrics.importing import counts, everything, imported, written

pytestmark = pytest.mark.django_db

LINES = ["external_id,created_at", *(f"A{number},2026-01-02" for number in range(2_500)), "B,soon"]
CONTENT = "\n".join(LINES).encode()


def queued(content: bytes = CONTENT, kind: str = "tickets") -> ImportRun:
    file = SimpleUploadedFile("tickets.csv", content)
    run = ingest.upload(ingest.Request(kind=kind), file, by=ManagerFactory())
    assert ingest.queue(run)
    return run


def test_a_queued_run_is_worked_off_and_its_file_goes() -> None:
    run = queued()
    path = Path(run.file.path)
    assert path.read_bytes() == CONTENT
    ingest.work_off(run.pk)
    run.refresh_from_db()
    assert (run.state, run.format, run.source, run.attempts) == ("done", "generic", "generic", 1)
    assert (run.read, run.created, run.rejected, run.progress) == (2_501, 2_500, 1, 1.0)
    assert (run.file.name, path.exists(), run.lease_until) == ("", False, None)
    assert run.finished_at is not None


def test_a_file_that_cannot_be_read_fails_with_its_sentence() -> None:
    run = queued(b"key,created_at\n1,2\n")
    ingest.work_off(run.pk)
    run.refresh_from_db()
    sentence = "tickets.csv has no column for external_id; its columns are: key, created_at."
    assert (run.state, run.error, run.file.name) == ("failed", sentence, "")


def test_two_workers_do_not_work_off_the_same_run() -> None:
    run = queued()
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() + LEASE, lease_token="another")
    ingest.work_off(run.pk)
    assert Ticket.objects.count() == 0


def test_a_worker_that_lost_its_run_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    run = queued()
    write = executing._WRITERS["tickets"]

    def steal(rows: Any, session: Any) -> Any:
        ImportRun.objects.filter(pk=run.pk).update(lease_token="another")
        return write(rows, session)

    monkeypatch.setitem(executing._WRITERS, "tickets", steal)
    ingest.work_off(run.pk)
    run.refresh_from_db()
    assert (run.state, run.lease_token, Ticket.objects.count()) == ("running", "another", 1_000)


def test_a_run_is_held_while_its_file_is_looked_over(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["ticket,at,kind", *(f"A,2026-01-02 10:{number % 60:02},reply" for number in range(2_500))]
    run = queued("\n".join(lines).encode(), kind="ticket_events")
    seen: list[bool] = []

    def late(self: TicketEvents, lines: Iterator[Line]) -> Iterator[str]:
        """As if looking it over had taken longer than the lease."""
        last = ImportRun.objects.latest("pk")
        ImportRun.objects.filter(pk=last.pk).update(lease_until=timezone.now())
        yield from identities(self, lines)
        last.refresh_from_db()
        seen.append(last.lease_until is not None and last.lease_until > timezone.now() + LEASE / 2)

    identities = TicketEvents._identities
    monkeypatch.setattr(executing, "_HOLD_SECONDS", 0.0)
    monkeypatch.setattr(TicketEvents, "_identities", late)
    ingest.work_off(run.pk)
    assert seen == [True]


def test_a_worker_that_loses_its_run_stops_looking_its_file_over(monkeypatch: pytest.MonkeyPatch) -> None:
    run = queued()
    monkeypatch.setattr(executing, "_HOLD_SECONDS", 0.0)
    monkeypatch.setattr("metrics.ingest.runs.prepare", _stolen_while(ingest.prepare, run))
    ingest.work_off(run.pk)
    run.refresh_from_db()
    assert (run.state, run.lease_token, run.read) == ("running", "another", 0)


def _stolen_while(prepare: Any, run: ImportRun) -> Any:
    def stolen(*args: Any, **options: Any) -> Any:
        ImportRun.objects.filter(pk=run.pk).update(lease_token="another")
        reader = prepare(*args, **options)
        pytest.fail(f"{reader.rows} rows were looked over for somebody else.")

    return stolen


def test_a_run_that_died_half_way_is_found_and_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = queued()
    _die_after(monkeypatch, batches=2)
    with pytest.raises(SystemExit):
        ingest.work_off(run.pk)
    run.refresh_from_db()
    assert (run.state, run.read, Ticket.objects.count()) == ("running", 2_000, 2_000)
    monkeypatch.undo()
    now = timezone.now()
    assert ingest.sweep(now) == []
    assert ingest.sweep(now + LEASE) == [run.pk]
    ImportRun.objects.filter(pk=run.pk).update(lease_until=now)
    ingest.work_off(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 2)
    assert (run.read, run.created, run.unchanged, run.rejected) == (2_501, 500, 2_000, 1)
    assert RejectedRow.objects.count() == 1


def _die_after(monkeypatch: pytest.MonkeyPatch, *, batches: int) -> None:
    """As if the process were killed: nothing can be noted any more."""
    write, left = executing._WRITERS["tickets"], [batches]

    def dying(rows: Any, session: Any) -> Any:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        return write(rows, session)

    monkeypatch.setitem(executing._WRITERS, "tickets", dying)


def test_a_run_that_dies_again_and_again_is_given_up() -> None:
    run = queued()
    now = timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(state="running", attempts=3, lease_until=now)
    assert ingest.sweep(now) == []
    run.refresh_from_db()
    assert (run.state, run.error, run.file.name) == ("failed", runs.interrupted(), "")


def test_a_command_that_was_killed_is_closed_by_the_sweep(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    request = ingest.Request(kind="tickets")
    run = ingest.begin(request, ingest.prepare(path, request), file_name=path.name)
    assert ingest.sweep(timezone.now() + LEASE + timedelta(seconds=1)) == []
    run.refresh_from_db()
    sentence = "This import was interrupted; import the file again, and what is in already is passed over."
    assert (run.state, run.error) == ("failed", sentence)


def test_an_error_of_ours_is_recorded_and_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rows: Any, session: Any) -> Any:
        raise RuntimeError(len(rows))

    monkeypatch.setitem(executing._WRITERS, "tickets", broken)
    with pytest.raises(RuntimeError):
        imported("tickets", written(tmp_path, LINES))
    run = ImportRun.objects.get()
    sentence = "An error of ours stopped this import; what was read before is kept. Please report it."
    assert (run.state, run.error) == ("failed", sentence)


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(ids: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("metrics.targets.apply", broken)
    before = everything()
    with pytest.raises(RuntimeError):
        imported("tickets", written(tmp_path, LINES))
    assert everything() == before


def test_an_upload_can_be_cancelled_until_it_is_queued() -> None:
    run = ingest.upload(ingest.Request(kind="tickets"), SimpleUploadedFile("a.csv", CONTENT), by=ManagerFactory())
    path = Path(run.file.path)
    assert ingest.cancel(run)
    assert (ImportRun.objects.count(), path.exists()) == (0, False)
    late = queued()
    assert not ingest.cancel(late)
    assert not ingest.queue(late)
    assert Path(late.file.path).exists()


def test_options_change_until_the_run_is_queued() -> None:
    run = ingest.upload(ingest.Request(kind="tickets"), SimpleUploadedFile("a.csv", CONTENT), by=ManagerFactory())
    assert ingest.change(run, ingest.Request(kind="tickets", source="crm"))
    assert ingest.queue(run)
    assert not ingest.change(run, ingest.Request(kind="tickets", source="late"))
    run.refresh_from_db()
    assert (run.state, run.source) == ("queued", "crm")


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a database in memory has one connection; writers queue anyway"
)
@pytest.mark.django_db(transaction=True)
def test_a_run_is_not_queued_while_it_is_cancelled() -> None:
    run = ingest.upload(ingest.Request(kind="tickets"), SimpleUploadedFile("a.csv", CONTENT), by=ManagerFactory())
    queueing: list[Future[bool]] = []

    def queue() -> bool:
        try:
            return ingest.queue(run)
        finally:
            connection.close()

    def meanwhile(**_: object) -> None:
        queueing.append(pool.submit(queue))
        wait(queueing, timeout=0.5)

    with ThreadPoolExecutor(1) as pool:
        pre_delete.connect(meanwhile, sender=ImportRun)
        try:
            is_cancelled = ingest.cancel(run)
        finally:
            pre_delete.disconnect(meanwhile, sender=ImportRun)
    assert (is_cancelled, [one.result() for one in queueing]) == (True, [False])


def test_uploads_that_nobody_starts_are_forgotten() -> None:
    run = ingest.upload(ingest.Request(kind="tickets"), SimpleUploadedFile("a.csv", CONTENT), by=ManagerFactory())
    path = Path(run.file.path)
    now = timezone.now()
    assert ingest.sweep(now) == []
    assert path.exists()
    ingest.sweep(now + timedelta(days=8))
    assert (ImportRun.objects.count(), path.exists()) == (0, False)


def test_the_name_of_a_stored_file_tells_nothing() -> None:
    run = ingest.upload(
        ingest.Request(kind="tickets"), SimpleUploadedFile("../../etc/passwd", CONTENT), by=ManagerFactory()
    )
    assert run.file_name == "passwd"
    assert "passwd" not in run.file.name


def test_progress_is_told(tmp_path: Path) -> None:
    request = ingest.Request(kind="tickets")
    reader = ingest.prepare(written(tmp_path, LINES), request)
    run = ingest.begin(request, reader, file_name="x")
    told: list[int] = []
    ingest.execute(run, reader, told.append)
    assert (reader.rows, told) == (2_501, [1_000, 2_000, 2_501])


def test_an_empty_table_is_an_import_of_nothing(tmp_path: Path) -> None:
    assert counts(imported("tickets", written(tmp_path, LINES[:1]))) == (0, 0, 0, 0, 0)


def test_a_batch_that_met_another_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, met = executing._WRITERS["tickets"], [0]

    def meeting(rows: Any, session: Any) -> Any:
        outcome = write(rows, session)
        met[0] += 1
        if met[0] == 1:
            raise OperationalError("deadlock detected")
        return outcome

    monkeypatch.setattr(executing, "_RETRY_SECONDS", (0.0, 0.0))
    monkeypatch.setitem(executing._WRITERS, "tickets", meeting)
    answer = imported(
        "tickets", written(tmp_path, ["external_id,created_at,team,agent,customer", "A,2026-01-02,T,B,C"])
    )
    assert (counts(answer), met) == ((1, 1, 0, 0, 0), [2])
    assert [warning["count"] for warning in answer["warnings"]] == [1, 1, 1]
    assert Ticket.objects.values_list("team__name", "agent__name", "customer__external_id").get() == ("T", "B", "C")
