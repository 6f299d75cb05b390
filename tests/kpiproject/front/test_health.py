from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from kombu import Connection

from kpiproject.celery import app
from kpiproject.models import Heartbeat

pytestmark = pytest.mark.django_db


def beat(seconds_ago: float) -> None:
    Heartbeat.objects.create(name="scheduler", at=timezone.now() - timedelta(seconds=seconds_ago))


def test_healthz_asks_no_database_even_of_somebody_with_a_session(client: Client, django_assert_num_queries) -> None:
    client.cookies["plumbline_session"] = "whatever"
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz_when_everything_works(client: Client) -> None:
    beat(5)

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "checks": {"database": "ok", "queue": "ok", "scheduler": "ok"}},
    )
    assert "no-store" in response["Cache-Control"]


def test_readyz_before_the_first_beat(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "not ready")
    assert response.json()["checks"]["scheduler"] == "The scheduler has not shown a sign of life yet."


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (61, 503)])
def test_readyz_asks_for_a_sign_of_life_within_a_minute(client: Client, seconds: float, status: int) -> None:
    beat(seconds)

    response = client.get("/readyz")

    assert response.status_code == status
    if status == 503:
        assert response.json()["checks"]["scheduler"] == "The scheduler's last sign of life is 61 seconds old."


def test_readyz_without_a_queue(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    beat(5)
    nowhere = f"redis+socket://{tmp_path / 'nowhere.sock'}"
    monkeypatch.setattr(app, "connection_for_write", lambda **options: Connection(nowhere, **options))

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]) == (
        503,
        {"database": "ok", "queue": "The queue does not answer.", "scheduler": "ok"},
    )


def test_readyz_without_a_database_tells_no_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise DatabaseError("could not connect to server db-7.internal")

    monkeypatch.setattr(connection, "cursor", broken)
    monkeypatch.setattr(Heartbeat.objects, "filter", broken)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]) == (
        503,
        {
            "database": "The database does not answer.",
            "queue": "ok",
            "scheduler": "Unknown, because the database does not answer.",
        },
    )
