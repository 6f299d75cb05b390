import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from metrics.ingest.events import identity
from metrics.ingest.upsert import fingerprint
from metrics.models import DirtyDay, RejectedRow, Ticket, TicketEvent
from tests.metrics.importing import counts, everything, imported, written

pytestmark = pytest.mark.django_db

HEADER = "ticket,at,kind,from_value,to_value,actor_type,actor,colour"
LINES = [
    "A,2026-01-02 10:00,created,,new,customer,Cleo,",
    "A,2026-01-02 11:00,status,new,open,agent,Ann,red",
    "A,2026-01-02 11:00,status,new,open,agent,Ann,red",
    "A,2026-01-02 11:00,status,open,waiting,agent,Ann,",
    "B,2026-01-03 10:00,note,,,bot,,",
]


@pytest.fixture(autouse=True)
def _tickets(tmp_path: Path, db: None) -> None:
    tickets = ["external_id,created_at", "A,2026-01-02 10:00", "B,2026-01-03 10:00"]
    imported("tickets", written(tmp_path, tickets, "tickets.csv"))
    DirtyDay.objects.all().delete()


@pytest.mark.parametrize("at", [datetime(2026, 1, 2, 10, tzinfo=UTC), datetime(2026, 1, 2, 10, 0, 5, 70, tzinfo=UTC)])
def test_an_event_keeps_the_key_that_it_was_first_stored_under(at: datetime) -> None:
    assert identity(at, "status", 3) == fingerprint({"number": 3, "at": at, "kind": "status"})


def test_events_are_created_equal_ones_too(tmp_path: Path) -> None:
    answer = imported("ticket_events", written(tmp_path, [HEADER, *LINES]))
    assert (counts(answer), answer["written"]) == ((5, 5, 0, 0, 0), {"ticket_events": 5})
    columns = ("ticket__external_id", "kind", "from_value", "to_value", "actor_type", "actor", "extra")
    assert (
        list(TicketEvent.objects.filter(kind="status", to_value="open").values_list(*columns))
        == [("A", "status", "new", "open", "agent", "Ann", {"colour": "red"})] * 2
    )


def test_the_same_file_twice_and_in_another_order_changes_nothing(tmp_path: Path) -> None:
    imported("ticket_events", written(tmp_path, [HEADER, *LINES]))
    before = everything()
    DirtyDay.objects.all().delete()
    for _ in range(3):
        answer = imported("ticket_events", written(tmp_path, [HEADER, *random.sample(LINES, len(LINES))]))
        assert (counts(answer), answer["written"]) == ((5, 0, 0, 5, 0), {})
    assert everything() == before
    assert not DirtyDay.objects.exists()


def test_a_file_in_two_halves_gives_the_same(tmp_path: Path) -> None:
    lines = [f"A,2026-01-{n % 28 + 1:02} 10:{n % 60:02},note,,n{n},agent,Ann," for n in range(100)]
    imported("ticket_events", written(tmp_path, [HEADER, *lines]))
    expected = everything()
    TicketEvent.objects.all().delete()
    imported("ticket_events", written(tmp_path, [HEADER, *lines[60:]]))
    imported("ticket_events", written(tmp_path, [HEADER, *lines[:60]]))
    assert everything() == expected


def test_what_an_event_says_can_be_mended(tmp_path: Path) -> None:
    imported("ticket_events", written(tmp_path, [HEADER, *LINES]))
    mended = [line.replace("Cleo", "Cleopatra") for line in LINES]
    assert counts(imported("ticket_events", written(tmp_path, [HEADER, *mended]))) == (5, 0, 1, 4, 0)
    assert TicketEvent.objects.count() == 5


def test_events_with_ids_are_found_again_by_them(tmp_path: Path) -> None:
    header = "ticket,at,kind,external_id"
    imported("ticket_events", written(tmp_path, [header, "A,2026-01-02 10:00,note,77"]))
    answer = imported("ticket_events", written(tmp_path, [header, "A,2026-01-02 12:00,reply,77"]))
    assert counts(answer) == (1, 0, 1, 0, 0)
    assert TicketEvent.objects.get().kind == "reply"


def test_an_unknown_ticket_rejects_the_row(tmp_path: Path) -> None:
    answer = imported("ticket_events", written(tmp_path, [HEADER, *LINES, "Z,2026-01-02 10:00,note,,,,,"]))
    assert counts(answer) == (6, 5, 0, 0, 1)
    row = RejectedRow.objects.get()
    assert (row.line, row.column, row.reason) == (7, "ticket", "unknown_ticket")
    assert row.message == "There is no ticket Z in the source generic; import the tickets first."
    assert Ticket.objects.count() == 2


def test_an_unknown_kind_rejects_the_row(tmp_path: Path) -> None:
    answer = imported("ticket_events", written(tmp_path, [HEADER, "A,2026-01-02,exploded,,,,,"]))
    assert counts(answer) == (1, 0, 0, 0, 1)
    assert RejectedRow.objects.get().message.startswith("“exploded” is not one of assignee, category, created,")


def test_the_days_of_a_ticket_and_of_its_turns_are_computed_again(tmp_path: Path) -> None:
    imported("ticket_events", written(tmp_path, [HEADER, "A,2026-01-09 10:00,status,new,solved,,,"]))
    days = DirtyDay.objects.filter(frame="tickets").order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 1, 2), date(2026, 1, 9)]


def test_ticket_columns_win(tmp_path: Path) -> None:
    before = everything()["tickets"]
    imported("ticket_events", written(tmp_path, [HEADER, "A,2026-01-09 10:00,status,new,solved,,,"]))
    assert everything()["tickets"] == before
