from pathlib import Path

import pytest
from django.test import Client

from metrics.models import ImportRun, Ticket
from metrics.tasks import undo_import
from surveys.models import Answer
from tests.factories import ManagerFactory, StaffFactory
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

TICKETS = ["external_id,created_at,customer", "A,2026-01-05 10:00,C1", "B,2026-01-05 11:00,C1"]
CHANGED = [TICKETS[0], "B,2026-01-06 11:00,C2"]


@pytest.fixture
def run(tmp_path: Path, db: None) -> ImportRun:
    return ImportRun.objects.get(pk=imported("tickets", written(tmp_path, TICKETS))["run"])


def test_a_manager_is_asked_before_an_import_is_undone(client: Client, run: ImportRun) -> None:
    client.force_login(ManagerFactory())
    address = f"/data/imports/{run.pk}/undo/"
    assert address in client.get(f"/data/imports/{run.pk}/").content.decode()
    assert "Undo this import?" in client.get(address).content.decode()
    assert Ticket.objects.count() == 2
    assert client.post(address).headers["Location"] == f"/data/imports/{run.pk}/"
    undo_import(run.pk)
    run.refresh_from_db()
    assert (run.state, Ticket.objects.count()) == ("undone", 0)
    shown = client.get(f"/data/imports/{run.pk}/").content.decode()
    assert "The same file can be imported again." in shown
    assert address not in shown


def test_what_stays_is_listed_with_the_reason(client: Client, run: ImportRun, tmp_path: Path) -> None:
    later = imported("tickets", written(tmp_path, CHANGED))["run"]
    client.force_login(ManagerFactory())
    client.post(f"/data/imports/{run.pk}/undo/")
    undo_import(run.pk)
    shown = client.get(f"/data/imports/{run.pk}/").content.decode()
    assert f"Import {later} changed it later." in shown


def test_answers_can_be_taken_back_and_those_that_people_marked_stay(client: Client, tmp_path: Path) -> None:
    lines = ["external_id,survey_kind,score,answered_at", "A,csat,5,2026-01-02", "B,csat,1,2026-01-02"]
    number = imported("survey_responses", written(tmp_path, lines))["run"]
    Answer.objects.filter(external_id="A").update(mark="praise")
    client.force_login(ManagerFactory())
    assert f"/data/imports/{number}/undo/" in client.get(f"/data/imports/{number}/").content.decode()
    client.post(f"/data/imports/{number}/undo/")
    undo_import(number)
    assert [one.external_id for one in Answer.objects.all()] == ["A"]
    shown = client.get(f"/data/imports/{number}/").content.decode()
    assert "Somebody has changed it here since." in shown


def test_twice_is_refused(client: Client, run: ImportRun) -> None:
    client.force_login(ManagerFactory())
    client.post(f"/data/imports/{run.pk}/undo/")
    undo_import(run.pk)
    answer = client.post(f"/data/imports/{run.pk}/undo/", follow=True)
    assert "This import cannot be undone, or no longer." in answer.content.decode()


def test_staff_may_not_undo(client: Client, run: ImportRun) -> None:
    client.force_login(StaffFactory())
    assert client.post(f"/data/imports/{run.pk}/undo/").status_code == 403
    assert ImportRun.objects.get().state == "done"
