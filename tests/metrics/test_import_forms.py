"""What people are asked about a file, and what is remembered of their answers."""

from pathlib import Path

import pytest
from django.test import Client

from metrics.models import ImportRun, Ticket
from metrics.tasks import run_import
from tests.factories import ManagerFactory
from tests.metrics.importing import imported, written
from tests.metrics.views.test_imports import MAPPED, NEW, OPTIONS, text, upload, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


OPEN_DATES = ["external_id,created_at", "A,03/04/2026", "B,04/05/2026"]


def test_an_order_of_dates_that_nothing_proves_must_be_chosen(manager: Client) -> None:
    manager.post(NEW, {**OPTIONS, "file": upload(OPEN_DATES)})
    run = ImportRun.objects.get()
    address = f"/data/imports/{run.pk}/"
    page = text(manager, address)
    assert "Nothing in tickets.csv proves whether 03/04/2026 is 2026-04-03 (day first) or 2026-03-04" in page
    assert "Day first: 03/04/2026 is 3 April 2026" in page
    assert "Month first: 03/04/2026 is 4 March 2026" in page

    given = {**OPTIONS, "map-external_id": "external_id", "map-created_at": "created_at"}
    manager.post(f"{address}start/", given)
    run.refresh_from_db()
    assert run.state == "uploaded"
    manager.post(f"{address}start/", {**given, "day_first": "True"})
    run_import(run.pk)
    assert Ticket.objects.get(external_id="A").created_at.month == 4


def test_an_order_that_the_file_shows_is_shown(manager: Client) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/check/", MAPPED)
    assert "As the file shows: day first" in text(manager, f"/data/imports/{run.pk}/")


def test_the_mended_file_is_read_like_the_first_one(manager: Client) -> None:
    run = uploaded(manager, zone="Europe/Berlin", source="desk")
    manager.post(f"/data/imports/{run.pk}/start/", {**MAPPED, "zone": "Europe/Berlin", "source": "desk"})
    run_import(run.pk)
    form = manager.get(NEW, {"like": run.pk}).context["form"]
    shown = {name: form[name].value() for name in (*OPTIONS, "day_first", "like")}
    expected = {"kind": "tickets", "format": "generic", "zone": "Europe/Berlin", "source": "desk", "day_first": True}
    assert shown == {**expected, "like": run.pk}
    assert f'href="{NEW}?like={run.pk}"' in text(manager, f"/data/imports/{run.pk}/")

    mended = ["plumbline_line,plumbline_column,plumbline_reason,plumbline_message,Key,created_at,status,colour"]
    mended += ["4,created_at,bad_time,…,C,3/4/2026 09:00,open,blue"]
    manager.post(NEW, {**expected, "like": run.pk, "file": upload(mended)})
    again = ImportRun.objects.latest("pk")
    assert again.options["mapping"] == {"external_id": "Key"}
    manager.post(f"/data/imports/{again.pk}/start/", {**MAPPED, **expected})
    run_import(again.pk)
    assert f"{Ticket.objects.get(source='desk', external_id='C').created_at:%m-%d %H}" == "04-03 07"


def test_another_header_takes_no_mapping_over(manager: Client) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/start/", MAPPED)
    run_import(run.pk)
    manager.post(NEW, {**OPTIONS, "like": run.pk, "file": upload(["Key,created_at", "A,2026-01-02"])})
    assert ImportRun.objects.latest("pk").options["mapping"] == {}
    assert manager.get(NEW, {"like": 999}).status_code == 404
    assert manager.get(NEW, {"like": "x"}).status_code == 200


@pytest.mark.parametrize("kind", ["tickets", "ticket_events"])
def test_the_sample_can_be_imported(manager: Client, tmp_path: Path, kind: str) -> None:
    answers = []
    for each in ("tickets", kind):
        content = manager.get(f"/data/imports/sample-{each}.csv").content
        answers.append(imported(each, written(tmp_path, content)))
    assert (answers[0]["created"], answers[1]["rejected"], answers[1]["written"] != answers[0]["written"]) == (
        1, 0, True,
    )  # fmt: skip
    assert [one["code"] for one in answers[0]["warnings"] if not one["code"].startswith("unknown")] == []
    assert manager.get("/data/imports/sample-cats.csv").status_code == 404


def test_a_file_that_no_choice_can_mend_is_not_kept(manager: Client) -> None:
    response = manager.post(NEW, {**OPTIONS, "file": upload(["external_id,created_at", "external_id,created_at"])})
    assert response.status_code == 422
    assert "Line 2 of tickets.csv is a second header; delete it." in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_an_upload_whose_file_is_gone_is_told_and_forgotten(manager: Client) -> None:
    run = uploaded(manager)
    Path(run.file.path).unlink()
    for response in (
        manager.get(f"/data/imports/{run.pk}/", follow=True),
        manager.post(f"/data/imports/{run.pk}/start/", MAPPED, follow=True),
    ):
        assert "There is no file tickets.csv." in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_of_two_columns_with_one_name_the_first_can_be_chosen(manager: Client) -> None:
    lines = ["external_id,created_at,status,status", "A,2026-01-02,open,solved"]
    manager.post(NEW, {**OPTIONS, "file": upload(lines)})
    run = ImportRun.objects.get()
    assert "has two columns called status, which differ in line 2" in text(manager, f"/data/imports/{run.pk}/")
    given = {**OPTIONS, "map-external_id": "external_id", "map-created_at": "created_at", "map-status": "status"}
    manager.post(f"/data/imports/{run.pk}/start/", given)
    run_import(run.pk)
    assert Ticket.objects.get().status == "open"


def test_dry_runs_are_shown_on_request(manager: Client, tmp_path: Path) -> None:
    assert "dry runs" not in text(manager, "/data/")
    imported("tickets", written(tmp_path, ["external_id,created_at", "A,2026-01-02"], "trial.csv"), "--dry-run")
    page = text(manager, "/data/")
    assert ("trial.csv" in page, "Show dry runs" in page) == (False, True)
    assert "trial.csv" in text(manager, "/data/?dry_runs=1")


def test_what_was_imported_leads_to_its_figures(manager: Client, tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, ["external_id,created_at", "A,2026-01-02"]))
    page = text(manager, f"/data/imports/{answer['run']}/")
    assert 'href="/">Open the dashboard</a>' in page
    assert 'href="/kpis/">See all KPIs</a>' in page


def test_columns_have_a_name_and_an_explanation_that_people_understand(manager: Client) -> None:
    run = uploaded(manager)
    page = text(manager, f"/data/imports/{run.pk}/")
    assert "Ticket number" in page
    assert "What the help desk calls the ticket; it is found again by it." in page


def test_the_limit_is_a_round_number(manager: Client) -> None:
    assert "at most 500 MB." in text(manager, NEW)
