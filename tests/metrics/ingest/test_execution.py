"""Two imports of the same source at the same moment leave what they would leave one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event, current_thread, main_thread
from typing import Any

import pytest
from django.db import connection

from kpiproject.lib.periods import Grain
from metrics import rollups
from metrics.ingest import tickets, trails
from metrics.models import Ticket
from metrics.queries import Question, figures
from tests.metrics.importing import SERVICENOW_LINES, everything, imported, servicenow, written

pytestmark = pytest.mark.django_db(transaction=True)

_PATIENCE = 1.5  # seconds that one waits for the other, who may be waiting for it


def together(*calls: Callable[[], object]) -> None:
    """Each in a thread with its own connection. SQLite lets one write at a time anyway: there one after the other."""
    if connection.vendor == "sqlite":
        for call in calls:
            call()
        return

    def run(call: Callable[[], object]) -> None:
        try:
            call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        for future in [pool.submit(run, call) for call in calls]:
            future.result()


def test_two_imports_that_meet_keep_the_snapshots_of_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, *later = (servicenow(tmp_path, [line], f"{n}.csv") for n, line in enumerate(SERVICENOW_LINES[:3]))
    imported("ticket_events", servicenow(tmp_path, SERVICENOW_LINES[:3]))
    expected = everything()
    Ticket.objects.all().delete()
    imported("ticket_events", new)
    read, meeting = trails._snapshots, Barrier(2, timeout=_PATIENCE)

    def met(ids: Any) -> Any:
        found = read(ids)
        if current_thread() is not main_thread():
            with suppress(BrokenBarrierError):  # the other one may have to wait for its turn
                meeting.wait()
        return found

    monkeypatch.setattr(trails, "_snapshots", met)
    together(*(lambda path=path: imported("ticket_events", path) for path in later))
    assert everything() == expected


def test_a_ticket_that_two_imports_bring_counts_on_one_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [written(tmp_path, ["external_id,created_at", f"A,2026-01-0{day} 10:00"], f"{day}.csv") for day in (2, 3)]
    find, has_looked, is_computed = tickets.find, Event(), Event()

    def found(source: str, names: Any) -> Any:
        result = find(source, names)
        if not is_computed.is_set() and connection.vendor != "sqlite":
            if current_thread().name == "second":
                has_looked.set()
                is_computed.wait(_PATIENCE)
            else:
                has_looked.wait(_PATIENCE)
        return result

    def first() -> None:
        imported("tickets", paths[0])
        rollups.recompute()
        is_computed.set()

    def second() -> None:
        current_thread().name = "second"
        imported("tickets", paths[1])

    monkeypatch.setattr(tickets, "find", found)
    together(first, second)
    rollups.recompute()
    period = {"start": date(2026, 1, 1), "end": date(2026, 1, 5)}
    points = figures(Question(code="ticket_volume", grain=Grain.DAY, **period)).points
    assert sum(point.n for point in points) == 1
