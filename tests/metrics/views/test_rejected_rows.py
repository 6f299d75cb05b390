"""What the page of an import says of its rejected rows, and how they are left out for good."""

from pathlib import Path

import pytest
from django.test import Client

from metrics.models import ImportRun
from metrics.queries import quality
from tests.factories import ManagerFactory, StaffFactory
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

LINES = ["external_id,created_at", "A,2026-01-02", "B,soon", "C,never", "D,later"]


@pytest.fixture
def run(tmp_path: Path) -> ImportRun:
    return ImportRun.objects.get(pk=imported("tickets", written(tmp_path, LINES))["run"])


def shown(client: Client, run: ImportRun) -> str:
    return " ".join(client.get(f"/data/imports/{run.pk}/").content.decode().split())


def test_rows_that_came_again_are_named_with_their_import(client: Client, run: ImportRun, tmp_path: Path) -> None:
    client.force_login(ManagerFactory())
    assert "came again" not in shown(client, run)
    mended = [LINES[0], "B,2026-01-03", "C,2026-01-04"]
    later = imported("tickets", written(tmp_path, mended, "mended.csv"))["run"]
    page = shown(client, run)
    assert "2 of them came again with later imports. 1 did not." in page
    assert page.count(f'href="/data/imports/{later}/">came again with import {later}</a>') == 2
    imported("tickets", written(tmp_path, [LINES[0], "D,2026-01-03"], "last.csv"))
    page = shown(client, run)
    assert "3 of them came again with later imports. Nothing is left to mend." in page
    assert "Leave these rows out for good" not in page


def test_a_manager_leaves_rows_out_for_good_and_changes_his_mind(client: Client, run: ImportRun) -> None:
    client.force_login(ManagerFactory(name="Ada Example"))
    address = f"/data/imports/{run.pk}/dismiss/"
    assert "Leave these rows out for good" in shown(client, run)
    answer = client.post(address)
    assert answer.headers["Location"] == f"/data/imports/{run.pk}/"
    page = shown(client, run)
    assert "Left out for good since" in page
    assert "Ada Example decided so." in page
    assert page.count(">left out for good</span>") == 3
    assert b"soon" in b"".join(client.get(f"/data/imports/{run.pk}/rejected.csv"))
    assert [one for one in quality.findings("UTC") if one.kind == "rejected_rows"] == []
    page = client.post(address, follow=True).content.decode()
    assert "The rejected rows of this import do not wait for anybody." in page
    client.post(address, {"again": "1"})
    assert "Leave these rows out for good" in shown(client, run)


def test_staff_cannot_leave_rows_out(client: Client, run: ImportRun) -> None:
    client.force_login(StaffFactory())
    assert "Leave these rows out for good" not in shown(client, run)
    assert client.post(f"/data/imports/{run.pk}/dismiss/").status_code == 403
    run.refresh_from_db()
    assert run.dismissed_at is None


def test_a_look_at_the_address_leaves_nothing_out(client: Client, run: ImportRun) -> None:
    client.force_login(ManagerFactory())
    assert client.get(f"/data/imports/{run.pk}/dismiss/").status_code == 405
