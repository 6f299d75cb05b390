from pathlib import Path

import pytest
from django.utils import timezone

from metrics import ingest
from metrics.models import ImportRun
from metrics.queries import rejected
from tests.factories import ManagerFactory
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

LINES = ["external_id,created_at", "A,2026-01-02", "B,soon", "C,never"]


def waiting() -> tuple[int, list[int]]:
    runs = ImportRun.objects.all()
    return rejected.waiting(runs).count(), [run.waiting for run in rejected.with_waiting(runs)]


def test_rows_wait_until_they_came_again(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, LINES))
    assert waiting() == (2, [2])
    imported("tickets", written(tmp_path, [LINES[0], "B,2026-01-03"], "later.csv"))
    assert waiting() == (1, [0, 1])


def test_rows_of_a_dry_run_wait_for_nobody(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, LINES), "--dry-run")
    assert waiting() == (0, [])


def test_rows_of_an_import_that_was_taken_back_wait_for_nobody(tmp_path: Path) -> None:
    run = ImportRun.objects.get(pk=imported("tickets", written(tmp_path, LINES))["run"])
    assert ingest.ask_to_undo(run)
    assert waiting() == (0, [])
    ingest.undo(run.pk)
    assert waiting() == (0, [])


def test_rows_beyond_those_that_are_recorded_wait_too(tmp_path: Path) -> None:
    ImportRun.objects.create(kind="tickets", format="generic", file_name="a.csv", state="done", rejected=20_000)
    assert waiting() == (0, [20_000])


def test_rows_left_out_for_good_wait_for_nobody_before_they_are_called_again(tmp_path: Path) -> None:
    run = ImportRun.objects.get(pk=imported("tickets", written(tmp_path, LINES))["run"])
    manager = ManagerFactory()
    assert ingest.dismiss(run, by=manager)
    assert not ingest.dismiss(run, by=manager)
    run.refresh_from_db()
    assert (run.dismissed_by, run.dismissed_at <= timezone.now(), waiting()) == (manager, True, (0, []))
    assert ingest.recall(run)
    assert not ingest.recall(run)
    assert waiting() == (2, [2])
