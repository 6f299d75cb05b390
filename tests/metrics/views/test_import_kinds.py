"""Every kind through the upload on the web, as far as its preview and its start."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from metrics.models import ImportRun
from metrics.sources.columns import ALL_KINDS, KINDS
from metrics.sources.samples import sample
from metrics.tasks import run_import
from tests.factories import ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_sample_is_previewed_with_all_its_columns_and_imported(kind: str, client: Client) -> None:
    client.force_login(ManagerFactory())
    file = SimpleUploadedFile("sample.csv", sample(kind).encode())
    answer = client.post("/data/imports/new/", {"kind": kind, "format": "generic", "file": file})
    run = ImportRun.objects.get()
    address = f"/data/imports/{run.pk}/"
    assert answer.headers["Location"] == address
    shown = client.get(address).content.decode()
    assert [column.name for column in KINDS[kind] if f"<code>{column.name}</code>" not in shown] == []
    filled = {f"map-{column.name}": column.name for column in KINDS[kind]}
    assert client.post(f"{address}start/", {"kind": kind, "format": "generic", **filled}).headers["Location"] == address
    run_import(run.pk)
    run.refresh_from_db()
    needs_a_ticket = kind in ("ticket_events", "messages")
    assert (run.state, run.created, run.rejected) == ("done", int(not needs_a_ticket), int(needs_a_ticket))
    assert client.get(address).status_code == 200
