"""Imports as managers see them: an upload, its preview, its course without a reload, its result."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from kpiproject.models import User
from metrics import ingest
from metrics.models import ImportRun
from surveys.models import Answer
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, TicketFactory
from tests.metrics.importing import written

LINES = [
    "Key;created_at;solved_at;status;customer;subject;reopens",
    "A;13/1/2026 08:00;;open;C1;Printer;0",
    "B;14/1/2026 08:00;13/1/2026 08:00;solved;C2;A subject that goes on and on, as subjects of mails do;1",
    "C;soon;;open;C3;x;0",
    "D;15/1/2026 08:00;;open;C3;x;many",
]
COMPARED = "source=desk&measure=resolution_time&clock=calendar"
MAPPING = {"external_id": "Key"}


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    manager = ManagerFactory(name="Mara Lindqvist")
    log_in(page, client, live_server.url, manager)
    return manager


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, LINES, "tickets-of-a-help-desk-with-a-long-name-2026-01.csv")


def uploaded(file: Path, manager: User, **mapping: str) -> ImportRun:
    with file.open("rb") as content:
        run = ImportRun(kind="tickets", format="auto", file_name=file.name, by=manager, state="uploaded")
        run.options = ingest.Request(kind="tickets", mapping=mapping).kept()
        run.file.save(file.name, content)
    return run


@pytest.mark.parametrize("path", ["/data/", "/data/imports/new/"])
def test_pages_before_the_first_import(
    live_server, page: Page, complaints: list[str], manager: User, path: str
) -> None:
    check(page, live_server.url + path, complaints)


@pytest.mark.parametrize("mapping", [{}, MAPPING])
def test_preview(
    live_server, page: Page, complaints: list[str], manager: User, file: Path, mapping: dict[str, str]
) -> None:
    run = uploaded(file, manager, **mapping)
    check(page, f"{live_server.url}/data/imports/{run.pk}/", complaints)


def test_result_and_list(live_server, page: Page, complaints: list[str], manager: User, file: Path) -> None:
    run = uploaded(file, manager, **MAPPING)
    ingest.queue(run)
    ingest.work_off(run.pk)
    check(page, f"{live_server.url}/data/imports/{run.pk}/", complaints)
    check(page, f"{live_server.url}/data/", complaints)


@pytest.mark.parametrize("path", ["quality/", "reconciliation/", f"reconciliation/rows/?{COMPARED}"])
def test_quality_of_the_data(live_server, page: Page, complaints: list[str], manager: User, path: str) -> None:
    check(page, f"{live_server.url}/data/{path}", complaints)
    reported = {"resolution_time_calendar_seconds": 3600}
    solved = timezone.now() - timedelta(days=1)
    TicketFactory(source="desk", created_at=solved - timedelta(hours=2), solved_at=solved, reported=reported)
    check(page, f"{live_server.url}/data/{path}", complaints)


def test_from_the_file_to_the_result(live_server, page: Page, complaints: list[str], manager: User, file: Path) -> None:
    page.goto(f"{live_server.url}/data/")
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Show me the preview").click()
    expect(page.get_by_role("alert")).to_contain_text("has no column for external_id")
    page.get_by_label("external_id").select_option("Key")
    page.get_by_role("button", name="Show the preview again").click()
    expect(page.get_by_role("cell", name="2026-01-13 08:00:00 +00:00").first).to_be_visible()
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("A worker takes it up in a moment.")).to_be_visible()

    ingest.work_off(ImportRun.objects.get().pk)
    # The page asks by itself; nobody reloads it.
    expect(page.get_by_role("status").get_by_text("done")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("heading", name="Rejected rows")).to_be_visible()
    assert complaints == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "C,soon" in download.value.path().read_text("utf-8-sig")


def test_the_same_without_a_script(live_server, browser: Browser, client: Client, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    manager = ManagerFactory()
    log_in(page, client, live_server.url, manager)
    run = uploaded(file, manager, **MAPPING)
    page.goto(f"{live_server.url}/data/imports/{run.pk}/")
    page.get_by_role("button", name="Import this file").click()
    ingest.work_off(run.pk)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="Rejected rows")).to_be_visible()
    context.close()


ANSWERS = [
    "Response ID,Rating,Submission date,Feedback,Colour of the page on which it was asked",
    "R1,Very good,2026-02-03 10:00,Quick and friendly,blue",
    "R2,2,2026-02-04 10:00,,blue",
    "R3,7,2026-02-04 10:00,,blue",
]


def test_scores_from_the_question_what_they_mean_to_the_answer(
    live_server, page: Page, complaints: list[str], manager: User, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/data/imports/new/")
    page.get_by_label("What the file holds").select_option("survey_responses")
    page.get_by_label("File", exact=True).set_input_files(written(tmp_path, ANSWERS, "answers.csv"))
    page.get_by_role("button", name="Show me the preview").click()
    expect(page.get_by_role("alert")).to_contain_text("does not say what was asked")
    check(page, page.url, complaints)

    page.get_by_label("What was asked, where a row does not say it").select_option("csat")
    page.get_by_role("button", name="Show what becomes of them").click()
    page.get_by_label("Scale, where a row does not say it").select_option("1-5")
    page.get_by_label("Which end is best").select_option("low")
    page.get_by_label("What Very good means").fill("1")
    page.get_by_role("button", name="Show what becomes of them").click()
    expect(page.get_by_role("row", name="Very good")).to_contain_text("satisfied")
    expect(page.get_by_role("row", name="7 Customer")).to_contain_text("Will be rejected: 7 is not on the scale")
    check(page, page.url, complaints)

    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("A worker takes it up in a moment.")).to_be_visible()
    ingest.work_off(ImportRun.objects.get().pk)
    expect(page.get_by_role("heading", name="Rejected rows")).to_be_visible(timeout=10_000)
    assert dict(Answer.objects.values_list("external_id", "score")) == {"R1": 5, "R2": 4}
