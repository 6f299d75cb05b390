"""Snapshots of ServiceNow: whatever comes in which file and order, the same tickets and events come out."""

import random
from pathlib import Path
from typing import Any

import pytest

from metrics.models import DirtyDay, Ticket, TicketEvent
from tests.metrics.importing import SERVICENOW_LINES, counts, everything, imported, servicenow

pytestmark = pytest.mark.django_db


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, Any]:
    """What the whole file gives, in an empty database."""
    imported("ticket_events", servicenow(tmp_path))
    found = everything()
    Ticket.objects.all().delete()
    DirtyDay.objects.all().delete()
    return found


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    answer = imported("ticket_events", servicenow(tmp_path))
    # One row of the first incident only changes the location, which is no event.
    assert counts(answer) == (9, 8, 0, 1, 0)
    assert answer["written"] == {"ticket_events": 12, "tickets": 2}
    events = TicketEvent.objects.filter(ticket__external_id="INC1").order_by("at", "id")
    assert [f"{event.at:%d %H:%M} {event.kind} {event.from_value} → {event.to_value}" for event in events] == [
        "29 01:16 created  → New",
        "29 02:00 status New → Active",
        "29 02:00 team Desk → Network",
        "29 02:00 assignee  → Ann",
        "01 08:00 status Active → Resolved",
        "01 10:00 status Resolved → Active",
        "01 10:00 priority 3 - Moderate → 2 - High",
        "01 10:00 reopen Resolved → Active",
        "02 09:00 status Active → Resolved",
        "05 12:00 status Resolved → Closed",
    ]


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    imported("ticket_events", servicenow(tmp_path))
    before = everything()
    DirtyDay.objects.all().delete()
    answer = imported("ticket_events", servicenow(tmp_path))
    assert (counts(answer), answer["written"]) == ((9, 0, 0, 9, 0), {})
    assert everything() == before
    assert not DirtyDay.objects.exists()


@pytest.mark.parametrize("seed", range(5))
def test_lines_in_any_order_give_the_same(tmp_path: Path, expected: dict[str, Any], seed: int) -> None:
    lines = random.Random(seed).sample(SERVICENOW_LINES, len(SERVICENOW_LINES))
    answer = imported("ticket_events", servicenow(tmp_path, lines))
    assert counts(answer)[0] == sum(counts(answer)[1:])
    assert everything() == expected


@pytest.mark.parametrize("seed", range(5))
def test_lines_in_two_files_in_any_order_give_the_same(tmp_path: Path, expected: dict[str, Any], seed: int) -> None:
    lines = random.Random(seed).sample(SERVICENOW_LINES, len(SERVICENOW_LINES))
    for half in (lines[:4], lines[4:]):
        answer = imported("ticket_events", servicenow(tmp_path, half))
        assert counts(answer)[0] == sum(counts(answer)[1:])
    assert everything() == expected


def test_events_create_no_second_ticket_and_leave_its_columns(tmp_path: Path) -> None:
    imported("tickets", servicenow(tmp_path, SERVICENOW_LINES[:3]))
    before = everything()["tickets"]
    answer = imported("ticket_events", servicenow(tmp_path, SERVICENOW_LINES[:7]))
    assert answer["written"] == {"ticket_events": 10}
    assert everything()["tickets"] == before


def test_tickets_after_events_change_nothing_and_take_over(tmp_path: Path) -> None:
    imported("ticket_events", servicenow(tmp_path))
    assert set(Ticket.objects.values_list("is_from_events", flat=True)) == {True}
    answer = imported("tickets", servicenow(tmp_path))
    assert (counts(answer), answer["written"]) == ((9, 0, 0, 9, 0), {})
    assert set(Ticket.objects.values_list("is_from_events", flat=True)) == {False}


def test_an_older_state_changes_nothing(tmp_path: Path) -> None:
    imported("tickets", servicenow(tmp_path))
    before = everything()
    assert counts(imported("tickets", servicenow(tmp_path, SERVICENOW_LINES[:3]))) == (3, 0, 0, 3, 0)
    assert everything() == before


def test_a_newer_state_replaces_an_older_one(tmp_path: Path) -> None:
    imported("tickets", servicenow(tmp_path, SERVICENOW_LINES[:3]))
    assert counts(imported("tickets", servicenow(tmp_path))) == (9, 1, 1, 7, 0)
    assert Ticket.objects.get(external_id="INC1").status == "Closed"


def test_the_same_states_read_in_another_zone_are_corrected(tmp_path: Path) -> None:
    for kind in ("tickets", "ticket_events"):
        imported(kind, servicenow(tmp_path), "--tz", "Asia/Tokyo")
    for kind in ("tickets", "ticket_events"):
        imported(kind, servicenow(tmp_path), "--tz", "UTC")
    ticket = Ticket.objects.get(external_id="INC1")
    created, moved = ticket.events.order_by("at", "id")[:2]
    assert [f"{at:%H:%M}" for at in (ticket.created_at, created.at, moved.at)] == ["01:16", "01:16", "02:00"]
    assert ticket.events.count() == 10


def test_events_of_other_making_are_not_touched(tmp_path: Path) -> None:
    imported("tickets", servicenow(tmp_path))
    ticket = Ticket.objects.get(external_id="INC1")
    TicketEvent.objects.create(ticket=ticket, key="row:1", at=ticket.created_at, kind="note")
    imported("ticket_events", servicenow(tmp_path))
    assert ticket.events.filter(kind="note").count() == 1
