"""Data and imports on the web, as managers, staff and strangers see them."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from metrics import ingest
from metrics.models import ImportRun, Ticket
from metrics.tasks import run_import, sweep_imports
from tests.factories import AnswerFactory, ManagerFactory, StaffFactory, UserFactory
from tests.metrics.helpdesk_files import CHATWOOT, ZENDESK
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

NEW = "/data/imports/new/"
LINES = [
    "Key;created_at;status;colour",
    "A;13/1/2026 08:00;open;red",
    "B;14/1/2026 08:00;solved;",
    "C;soon;open;",
]
OPTIONS = {"kind": "tickets", "format": "auto", "zone": "", "source": ""}
MAPPED = {**OPTIONS, "map-external_id": "Key", "map-created_at": "created_at", "map-status": "status"}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def upload(lines: Sequence[str] | bytes = LINES, name: str = "tickets.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, lines if isinstance(lines, bytes) else "\n".join(lines).encode())


def uploaded(client: Client, **options: str) -> ImportRun:
    response = client.post(NEW, {**OPTIONS, **options, "file": upload()})
    run = ImportRun.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/data/imports/{run.pk}/")
    return run


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_from_upload_over_preview_to_the_result(manager: Client) -> None:
    run = uploaded(manager)
    address = f"/data/imports/{run.pk}/"
    page = text(manager, address)
    assert "tickets.csv has no column for external_id; its columns are: Key, created_at, status, colour." in page
    assert Ticket.objects.count() == 0

    assert manager.post(f"{address}check/", MAPPED).status_code == 302
    page = text(manager, address)
    assert "CSV, UTF-8, delimiter: semicolon" in page
    assert "In dates such as 3/4/2026 the day comes first." in page
    assert "2026-01-13 08:00:00 +00:00" in page
    assert "“soon” is not a time; write it like 2026-03-31 14:05." in page

    assert manager.post(f"{address}start/", MAPPED).status_code == 302
    assert "A worker takes it up in a moment." in text(manager, address)
    run_import(run.pk)
    page = text(manager, address)
    for words in ("done", "Rejected rows", "C | soon | open"):
        assert words in page
    run.refresh_from_db()
    assert (run.state, run.read, run.created, run.rejected, run.by is None) == ("done", 3, 2, 1, False)
    assert Ticket.objects.get(external_id="A").extra == {"colour": "red"}


def test_rejected_rows_are_downloaded(manager: Client) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/start/", MAPPED)
    run_import(run.pk)
    response = manager.get(f"/data/imports/{run.pk}/rejected.csv")
    assert response["Content-Disposition"] == f'attachment; filename="rejected-{run.pk}.csv"'
    rows = list(csv.reader(b"".join(response).decode("utf-8-sig").splitlines()))
    assert [row[4:] for row in rows] == [["Key", "created_at", "status", "colour"], ["C", "soon", "open", ""]]


def test_rejected_rows_that_came_again_say_so(manager: Client, tmp_path: Path) -> None:
    header = "external_id,created_at"
    first = imported("tickets", written(tmp_path, [header, "A,soon", "B,soon"]))["run"]
    imported("tickets", written(tmp_path, [header, "A,2026-01-02"]))
    assert text(manager, f"/data/imports/{first}/").count("came again with import") == 1


def test_every_kind_of_facts_is_counted(manager: Client, tmp_path: Path) -> None:
    lines = ["external_id,customer,placed_at,amount", "O1,C1,2026-03-02,10", "O2,C1,2026-03-09,10"]
    assert "Orders" not in text(manager, "/data/")
    imported("orders", written(tmp_path, lines))
    page = text(manager, "/data/")
    assert '<h3>Orders</h3><p class="stat-value">2</p> <p class="stat-note">from 2 Mar 2026 to 9 Mar 2026</p>' in page


@pytest.mark.parametrize("header", ["external_id;created_at", "Key;When", "external_id;created_at\n;\n\n"])
def test_a_file_without_rows_is_refused(manager: Client, header: str) -> None:
    response = manager.post(NEW, {**OPTIONS, "file": upload(header.encode())})
    assert response.status_code == 422
    assert response.context["form"].errors["file"] == [
        "tickets.csv has a header and no rows: there is nothing to import."
    ]
    assert not ImportRun.objects.exists()


def test_nothing_to_download_is_not_found(manager: Client, tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, ["external_id,created_at", "A,2026-01-02"]))
    assert manager.get(f"/data/imports/{answer['run']}/rejected.csv").status_code == 404
    assert manager.get("/data/imports/999/").status_code == 404


def test_the_chosen_zone_shows_in_the_samples(manager: Client) -> None:
    run = uploaded(manager, zone="America/New_York")
    manager.post(f"/data/imports/{run.pk}/check/", {**MAPPED, "zone": "America/New_York"})
    assert "2026-01-13 08:00:00 -05:00" in text(manager, f"/data/imports/{run.pk}/")


def test_a_file_whose_columns_nobody_recognises_shows_what_is_in_it(manager: Client) -> None:
    lines = ["Nr;Eröffnet;Bemerkung;leer", "17;13/1/2026 08:00;;", "18;14/1/2026 08:00;<b>rot</b>;", "19;soon;blau;"]
    manager.post(NEW, {**OPTIONS, "file": upload(lines)})
    page = text(manager, f"/data/imports/{ImportRun.objects.get().pk}/")
    assert "What is in the file</h2> <details open>" in page
    cells = page.partition('id="contents-heading"')[2].partition("</table>")[0]
    for name, samples in (
        ("Nr", "17<br>18<br>19"),
        ("Eröffnet", "13/1/2026 08:00<br>14/1/2026 08:00<br>soon"),
        ("Bemerkung", "&lt;b&gt;rot&lt;/b&gt;<br>blau"),
        ("leer", "always empty"),
    ):
        assert f'{name}</th><td class="sample" data-label="First cells">{samples}</td>' in cells


def test_the_contents_say_which_column_fills_which(manager: Client) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/check/", MAPPED)
    page = text(manager, f"/data/imports/{run.pk}/")
    assert "What is in the file</h2> <details>" in page
    cells = page.partition('id="contents-heading"')[2].partition("</table>")[0]
    filled = [row.partition("</th>")[0] for row in cells.split('<th scope="row">')[1:] if "<code>" in row]
    assert filled == ["Key", "created_at", "status"]


def test_an_import_that_something_stands_against_does_not_start(manager: Client) -> None:
    run = uploaded(manager)
    response = manager.post(f"/data/imports/{run.pk}/start/", OPTIONS, follow=True)
    assert "The import cannot start yet; see below what is missing." in response.content.decode()
    run.refresh_from_db()
    assert run.state == "uploaded"


@pytest.mark.parametrize("field", ["kind", "format", "zone", "map-created_at"])
def test_choices_that_do_not_exist_are_refused(manager: Client, field: str) -> None:
    run = uploaded(manager)
    response = manager.post(f"/data/imports/{run.pk}/start/", {**MAPPED, field: "nonsense"})
    assert response.status_code == 422
    run.refresh_from_db()
    assert (run.state, run.kind, run.options["mapping"]) == ("uploaded", "tickets", {})


def test_another_kind_forgets_what_was_mapped(manager: Client) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/check/", MAPPED)
    manager.post(f"/data/imports/{run.pk}/check/", {**MAPPED, "kind": "ticket_events"})
    run.refresh_from_db()
    assert (run.kind, run.options["mapping"]) == ("ticket_events", {})
    assert "has no column for ticket, kind" in text(manager, f"/data/imports/{run.pk}/")


def test_a_cancelled_upload_is_gone(manager: Client) -> None:
    run = uploaded(manager)
    path = Path(run.file.path)
    response = manager.post(f"/data/imports/{run.pk}/cancel/", follow=True)
    assert "Nothing was imported, and tickets.csv has been deleted here." in response.content.decode()
    assert (ImportRun.objects.count(), path.exists()) == (0, False)


@pytest.mark.parametrize("action", ["check", "start", "cancel"])
def test_what_has_started_cannot_be_changed(manager: Client, action: str) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/start/", MAPPED)
    response = manager.post(f"/data/imports/{run.pk}/{action}/", {**MAPPED, "format": "servicenow"}, follow=True)
    assert "This import has started already." in response.content.decode()
    run.refresh_from_db()
    assert (run.state, run.format) == ("queued", "auto")


@pytest.mark.parametrize("action", ["check", "start"])
def test_options_come_too_late_for_a_run_that_starts_meanwhile(
    manager: Client, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    run, change = uploaded(manager), ingest.change
    monkeypatch.setattr(ingest, "change", lambda found, asked: ingest.queue(found) and change(found, asked))
    response = manager.post(f"/data/imports/{run.pk}/{action}/", {**MAPPED, "source": "late"}, follow=True)
    assert response.content.decode().count("This import has started already.") == 1
    run.refresh_from_db()
    assert (run.state, run.source) == ("queued", "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 9, "tickets.csv is not a table: it holds binary data."),
        (b"id\n1\0\n", "tickets.csv holds NUL bytes, the first in line 2;"),
        (b"", "The submitted file is empty."),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(
    manager: Client, settings, content: bytes, sentence: str
) -> None:
    response = manager.post(NEW, {**OPTIONS, "file": upload(content)})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert ImportRun.objects.count() == 0
    assert not list(Path(settings.MEDIA_ROOT).rglob("imports/*"))


def test_a_file_above_the_limit_is_refused_in_a_sentence(manager: Client, settings) -> None:
    settings.IMPORT_MAX_BYTES = 100_000
    response = manager.post(NEW, {**OPTIONS, "file": upload(b"x" * 300_000)})
    assert response.status_code == 422
    sentence = "The file is larger than 100 kB. Split it, or import it with manage.py import_data."
    page = response.content.decode()
    assert sentence in page
    assert "This field is required" not in page
    assert ImportRun.objects.count() == 0


def test_without_a_file_nothing_happens(manager: Client) -> None:
    response = manager.post(NEW, OPTIONS)
    assert response.status_code == 422
    assert "This field is required." in response.content.decode()


def test_an_upload_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ManagerFactory())
    assert client.post(NEW, {**OPTIONS, "file": upload()}).status_code == 403
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize("path", ["", "progress/", "rejected.csv"])
def test_pages_need_permission(client: Client, path: str) -> None:
    run = ImportRun.objects.create(kind="tickets", format="generic", source="x", file_name="x", state="done")
    address = f"/data/imports/{run.pk}/{path}"
    assert client.get(address)["Location"].startswith("/accounts/login/")
    for person in (StaffFactory(), UserFactory()):
        client.force_login(person)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("action", ["check", "start", "cancel"])
def test_actions_need_permission_and_post(client: Client, action: str) -> None:
    run = ingest.upload(ingest.Request(kind="tickets"), upload(), by=ManagerFactory())
    address = f"/data/imports/{run.pk}/{action}/"
    assert client.post(address, MAPPED)["Location"].startswith("/accounts/login/")
    client.force_login(StaffFactory())
    assert client.post(address, MAPPED).status_code == 403
    client.force_login(ManagerFactory())
    assert client.get(address).status_code == 405
    run.refresh_from_db()
    assert run.state == "uploaded"


@pytest.mark.parametrize("address", ["/data/", NEW])
def test_data_is_for_managers(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/accounts/login/")
    client.force_login(StaffFactory())
    assert client.get(address).status_code == 403
    client.force_login(ManagerFactory())
    assert client.get(address).status_code == 200


def test_the_data_page_tells_what_there_is(manager: Client, tmp_path: Path) -> None:
    assert "Nothing imported yet" in text(manager, "/data/")
    lines = ["external_id,created_at,solved_at,customer", "A,2026-01-02,2026-01-01,C", "B,2026-03-04,,C", "C,soon,,"]
    imported("tickets", written(tmp_path, lines, "march.csv"))
    page = text(manager, "/data/")
    assert "created from 2 Jan 2026 to 4 Mar 2026" in page
    assert "march.csv" in page
    assert "command line" in page


def test_the_data_page_counts_answers_and_those_that_were_imported(manager: Client) -> None:
    AnswerFactory()
    AnswerFactory(origin="import", source="desk", external_id="1")
    page = text(manager, "/data/")
    assert '<h3>Answers to surveys</h3><p class="stat-value">2</p> <p class="stat-note">of which 1 imported</p>' in page


def test_the_list_costs_the_same_with_one_and_many_runs(
    manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def run(number: int) -> None:
        person = ManagerFactory()
        ImportRun.objects.create(
            kind="tickets", format="generic", source="x", file_name=f"{number}.csv", state="done", by=person
        )

    manager.get("/data/")
    run(1)
    with CaptureQueriesContext(connection) as first:
        manager.get("/data/")
    assert len(first) <= 20
    for number in range(2, 40):
        run(number)
    with django_assert_num_queries(len(first)):
        page = text(manager, "/data/")
    assert "Page 1 of 2" in page


def test_progress_is_a_part_of_the_page_that_asks_again_while_it_runs(manager: Client) -> None:
    run = ImportRun.objects.create(
        kind="tickets", format="generic", source="x", file_name="x.csv", state="running", progress=0.421, read=421
    )
    address = reverse("metrics:import_progress", args=[run.pk])
    part = text(manager, address)
    assert "42 % of the file has been read." in part
    assert f'hx-get="{address}"' in part
    assert "<html" not in part
    ImportRun.objects.update(state="failed", error="It broke.")
    part = text(manager, address)
    assert "It broke." in part
    assert "hx-get" not in part


def test_pages_hold_no_inline_script_or_style(manager: Client) -> None:
    run = uploaded(manager)
    for address in ("/data/", NEW, f"/data/imports/{run.pk}/"):
        page = text(manager, address)
        assert "style=" not in page
        assert "<style" not in page
        assert "<script>" not in page


def test_the_sweep_starts_what_waits(manager: Client) -> None:
    run = uploaded(manager)
    manager.post(f"/data/imports/{run.pk}/start/", MAPPED)
    assert ingest.sweep(run.created_at) == [run.pk]
    sweep_imports()
    run_import(run.pk)
    assert ingest.sweep(run.created_at) == []


def test_the_answer_of_an_interface_from_upload_to_result(manager: Client) -> None:
    content = json.dumps({"meta": {"count": 2}, "payload": CHATWOOT}).encode()
    response = manager.post(NEW, {**OPTIONS, "file": upload(content, "conversations.json")})
    run = ImportRun.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/data/imports/{run.pk}/")
    page = text(manager, f"/data/imports/{run.pk}/")
    assert "JSON, UTF-8" in page
    assert "bo@example.com" in page
    matches = ingest.preview(Path(run.file.path), ingest.request_of(run), name=run.file_name).matches
    shown = {f"map-{match.column.name}": match.source for match in matches}
    assert manager.post(f"/data/imports/{run.pk}/start/", {**OPTIONS, **shown}).status_code == 302
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.format, run.source, run.created, run.rejected) == ("chatwoot", "chatwoot", 2, 0)
    assert run.options["mapping"] == {}


def test_a_file_of_another_kind_is_refused_with_a_sentence(manager: Client) -> None:
    response = manager.post(NEW, {**OPTIONS, "kind": "ticket_events", "file": upload(ZENDESK, "zendesk.csv")})
    assert response.status_code == 422
    sentence = "zendesk.csv holds tickets of Zendesk; import it as tickets, not as ticket_events."
    assert sentence in response.content.decode()
    assert not ImportRun.objects.exists()
