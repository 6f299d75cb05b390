"""The pages about the quality of data."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from tests.factories import ManagerFactory, TicketFactory

pytestmark = pytest.mark.django_db

RESOLUTION = "resolution_time_calendar_seconds"
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
ONE = MARCH | {"source": "=desk", "measure": "resolution_time", "clock": "calendar"}


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def _compared():
    solved = {"solved_at": "2026-03-02T12:00Z", "source": "=desk"}
    TicketFactory(external_id="=good", **solved, reported={RESOLUTION: 7200})
    TicketFactory(external_id="bad", **solved, reported={RESOLUTION: 9007})


@pytest.mark.usefixtures("_compared")
def test_what_was_found_stands_with_what_to_do(manager, time_machine):
    time_machine.move_to("2026-03-20T10:00Z")
    text = manager.get(reverse("metrics:quality")).content.decode()
    assert "2 tickets without: agent" in text
    assert "Map the column at import, or have it filled in the source" in text


@pytest.mark.usefixtures("_compared")
def test_differences_are_explained_and_lead_to_their_tickets(manager):
    text = manager.get(reverse("metrics:reconciliation"), MARCH).content.decode()
    assert "2 tickets compared; 1 agree (50.0 %)." in " ".join(text.split())
    assert "rule=unexplained&amp;from=2026-03-01&amp;to=2026-04-01" in text
    rows = manager.get(reverse("metrics:reconciliation_rows"), ONE | {"rule": "unexplained"}).content.decode()
    assert ("bad" in rows, "=good" in rows) == (True, False)


@pytest.mark.usefixtures("_compared")
def test_the_download_holds_the_rows_without_a_formula(manager):
    response = manager.get(reverse("metrics:reconciliation_rows"), ONE | {"download": "csv"})
    lines = b"".join(response).decode("utf-8-sig").splitlines() if response.streaming else response.text.splitlines()
    assert len(lines) == 3
    assert not any(line.startswith("=") for line in lines)


def test_nonsense_is_refused_with_the_form(manager):
    wrong = MARCH | {"from": "2026-05-01"}
    assert manager.get(reverse("metrics:reconciliation"), wrong).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    unknown = ONE | {"measure": "colour"}
    assert manager.get(reverse("metrics:reconciliation_rows"), unknown).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
