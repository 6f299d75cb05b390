"""Tickets by way of the command: what is new, what differs, what stays."""

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from kpiproject.models import Agent
from metrics.models import DirtyDay, RejectedRow, ServiceTarget, Ticket
from tests.factories import AgentFactory
from tests.metrics.importing import counts, everything, imported, written

pytestmark = pytest.mark.django_db

HEADER = "external_id,created_at,solved_at,status,customer,customer_email,team,agent,subject"
LINES = [
    "A,2026-01-02 10:00,2026-01-03 10:00,solved,C1,one@x.org,Desk,ann@x.org,Printer",
    "B,2026-01-02 11:00,,open,C2,,Desk,Bob,Screen",
    "C,2026-01-05 11:00,,open,,ONE@x.org,,,",
]


def test_tickets_are_created_with_stubs_for_what_they_name(tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, [HEADER, *LINES]))
    assert counts(answer) == (3, 3, 0, 0, 0)
    assert answer["warnings"] == [
        {"code": "unknown_agent", "count": 2, "example": "Bob"},
        {"code": "unknown_customer", "count": 2, "example": "C1"},
        {"code": "unknown_team", "count": 1, "example": "Desk"},
    ]
    names = ("external_id", "customer__external_id", "customer__email", "team__name", "agent__email", "agent__name")
    assert list(Ticket.objects.order_by("external_id").values_list(*names)) == [
        ("A", "C1", "one@x.org", "Desk", "ann@x.org", "ann@x.org"),
        ("B", "C2", "", "Desk", "", "Bob"),
        ("C", "C1", "one@x.org", None, None, None),
    ]


@pytest.mark.parametrize("is_known", [True, False])
def test_an_agent_is_one_however_the_address_is_spelt(tmp_path: Path, is_known: bool) -> None:
    if is_known:
        AgentFactory(email="a@x.de", source="hr")
    lines = [f"{name},2026-01-02,{name}" for name in ("A@x.de", "a@x.de", "a@X.de")]
    answer = imported("tickets", written(tmp_path, ["external_id,created_at,agent", *lines]))
    agent = Agent.objects.get()
    assert set(Ticket.objects.values_list("agent_id", flat=True)) == {agent.pk}
    assert [(note["code"], note["count"]) for note in answer["warnings"]] == (
        [] if is_known else [("unknown_agent", 1)]
    )


def test_an_address_too_long_for_the_id_of_a_stub_rejects_its_row(tmp_path: Path) -> None:
    lines = [f"{name}@x.org,{name},2026-01-02" for name in ("a" * 194, "b" * 195)]
    answer = imported("tickets", written(tmp_path, ["customer_email,external_id,created_at", *lines]))
    assert counts(answer) == (2, 1, 0, 0, 1)
    fault = RejectedRow.objects.get()
    assert (fault.column, fault.reason) == ("customer_email", "too_long")


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, [HEADER, *LINES])
    imported("tickets", path)
    before = everything()
    DirtyDay.objects.all().delete()
    answer = imported("tickets", path)
    assert counts(answer) == (3, 0, 0, 3, 0)
    assert (answer["written"], answer["warnings"]) == ({}, [])
    assert everything() == before
    assert not DirtyDay.objects.exists()


def test_rows_in_any_order_and_in_two_files_give_the_same(tmp_path: Path) -> None:
    lines = [f"T{n},2026-01-{n % 28 + 1:02} 10:00,,open,C{n % 7},c{n % 7}@x.org,Team {n % 3},," for n in range(60)]
    imported("tickets", written(tmp_path, [HEADER, *lines]))
    expected = everything()
    Ticket.objects.all().delete()
    shuffled = random.Random(1).sample(lines, len(lines))
    imported("tickets", written(tmp_path, [HEADER, *shuffled[:25]], "first.csv"))
    imported("tickets", written(tmp_path, [HEADER, *shuffled[25:]], "second.csv"))
    assert everything() == expected


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, [HEADER, *LINES]))
    changed = [LINES[0], LINES[1].replace("open", "solved"), *LINES[2:], "D,2026-01-06,,,,,,,"]
    answer = imported("tickets", written(tmp_path, [HEADER, *changed]))
    assert counts(answer) == (4, 1, 1, 2, 0)
    assert answer["written"] == {"tickets": 2}
    assert Ticket.objects.get(external_id="B").status == "solved"


def test_columns_that_a_file_lacks_stay_as_they_are(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, [HEADER, *LINES]))
    short = ["external_id,created_at,status", "A,2026-01-02 10:00,closed", "B,2026-01-02 11:00,open"]
    assert counts(imported("tickets", written(tmp_path, short))) == (2, 0, 1, 1, 0)
    ticket = Ticket.objects.get(external_id="A")
    found = (ticket.status, ticket.subject, ticket.solved_at, ticket.customer and ticket.customer.external_id)
    assert found == ("closed", "Printer", datetime(2026, 1, 3, 10, tzinfo=UTC), "C1")


def test_the_same_id_in_another_source_is_another_ticket(tmp_path: Path) -> None:
    path = written(tmp_path, [HEADER, *LINES])
    imported("tickets", path)
    assert counts(imported("tickets", path, "--source", "other")) == (3, 3, 0, 0, 0)
    assert Ticket.objects.filter(external_id="A").count() == 2


def test_the_days_before_and_after_a_change_are_computed_again(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, ["external_id,created_at,solved_at", "A,2026-01-02 10:00,2026-01-03 10:00"]))
    assert _dirty_days() == [date(2026, 1, 2), date(2026, 1, 3)]
    DirtyDay.objects.all().delete()
    imported("tickets", written(tmp_path, ["external_id,created_at,solved_at", "A,2026-01-02 10:00,2026-01-09 10:00"]))
    assert _dirty_days() == [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 9)]


def test_a_new_ticket_may_take_a_first_contact_resolution_away(tmp_path: Path) -> None:
    header = "external_id,created_at,solved_at,customer"
    imported("tickets", written(tmp_path, [header, "A,2026-01-02 10:00,2026-01-03 10:00,C1"]))
    DirtyDay.objects.all().delete()
    imported("tickets", written(tmp_path, [header, "B,2026-01-08 10:00,,C1", "C,2026-01-30 10:00,,C2"]))
    assert _dirty_days() == [date(2026, 1, 3), date(2026, 1, 8), date(2026, 1, 30)]


def _dirty_days() -> list[date]:
    return list(DirtyDay.objects.filter(frame="tickets").order_by("day").values_list("day", flat=True))


def test_due_times_follow_from_our_targets(tmp_path: Path) -> None:
    ServiceTarget.objects.create(name="All", metric="resolution", seconds=3600, clock="calendar")
    imported("tickets", written(tmp_path, [HEADER, *LINES]))
    assert Ticket.objects.get(external_id="A").target_due_at == datetime(2026, 1, 2, 11, tzinfo=UTC)


@travel("2026-02-01T00:00:00Z", tick=False)
def test_what_cannot_be_right_is_imported_flagged_and_told(tmp_path: Path) -> None:
    lines = [
        "external_id,created_at,first_agent_reply_at,solved_at",
        "A,2026-01-02 10:00,2026-01-02 09:00,2026-01-01 09:00",
        "B,2026-01-02 10:00,2026-01-02 11:00,2026-03-01 09:00",
        "C,2026-01-02 10:00,2026-01-02 10:00,2026-01-02 10:00",
    ]
    answer = imported("tickets", written(tmp_path, lines))
    assert answer["warnings"] == [
        {"code": "negative_duration", "count": 1, "example": "A"},
        {"code": "time_in_the_future", "count": 1, "example": "B"},
    ]
    found = Ticket.objects.order_by("external_id").values_list("external_id", "is_flagged", "flags")
    assert list(found) == [
        ("A", True, ["before_created_at:first_agent_reply_at", "before_created_at:solved_at"]),
        ("B", True, ["future:solved_at"]),
        ("C", False, []),
    ]


def test_a_flag_goes_when_the_ticket_is_mended_by_a_file_with_other_columns(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, ["external_id,created_at,solved_at", "A,2026-01-02,2026-01-01"]))
    imported("tickets", written(tmp_path, ["external_id,created_at", "A,2025-12-31"]))
    assert not Ticket.objects.get().is_flagged


def test_other_columns_and_reported_figures_are_kept(tmp_path: Path) -> None:
    lines = ["external_id,created_at,Colour,reported_reply_minutes", "A,2026-01-02,blue,7.5", "B,2026-01-02,?,"]
    imported("tickets", written(tmp_path, lines))
    found = Ticket.objects.order_by("external_id").values_list("extra", "reported")
    assert list(found) == [({"Colour": "blue"}, {"reply_minutes": 7.5}), ({}, {})]


def test_text_that_tries_to_break_out_stays_text(tmp_path: Path) -> None:
    nasty = "'; DROP TABLE metrics_ticket; -- %s {} \\ 😀"
    lines = ["external_id,created_at,subject", f'A,2026-01-02,"{nasty}"', f'"{nasty}",2026-01-02,x']
    imported("tickets", written(tmp_path, lines))
    assert Ticket.objects.get(external_id="A").subject == nasty
    assert Ticket.objects.get(subject="x").external_id == nasty


def test_the_number_of_queries_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def queries(count: int, prefix: str) -> int:
        lines = [f"{prefix}{n},2026-01-02 10:00,,open,{prefix}C{n},,Desk,,x" for n in range(count)]
        path = written(tmp_path, [HEADER, *lines])
        with CaptureQueriesContext(connection) as found:
            imported("tickets", path)
        return len(found)

    queries(3, "warm")
    # New names are created in portions, for SQLite takes few parameters at once.
    assert queries(900, "many") <= queries(3, "few") + 15


@pytest.mark.parametrize("waiting", [0, 1, 2, 100])
def test_two_exports_in_one_file_are_the_later_one_however_few_rows_may_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr("metrics.sources.order.MOST_WAITING", waiting)
    lines = [f"{name},2026-01-02,{export}" for export in ("old", "new") for name in "ABCD"]
    answer = imported("tickets", written(tmp_path, ["external_id,created_at,subject", *lines]))
    assert list(Ticket.objects.order_by("external_id").values_list("external_id", "subject")) == [
        (name, "new") for name in "ABCD"
    ]
    assert (answer["created"], answer["rejected"]) == (4, 0)
    again = imported("tickets", tmp_path / "file.csv")
    assert again["created"] == 0


@pytest.mark.parametrize(
    ("line", "warns"),
    [
        ("A,2026-01-02,Closed,,", True),
        ("A,2026-01-02,closed - complete,,", True),
        ("A,2026-01-02,Closed,2026-01-03,", False),
        ("A,2026-01-02,Resolved,,2026-01-03", False),
        ("A,2026-01-02,Open,,", False),
    ],
)
def test_a_status_without_the_time_of_its_end_is_noted(tmp_path: Path, line: str, warns: bool) -> None:
    answer = imported("tickets", written(tmp_path, ["external_id,created_at,status,solved_at,closed_at", line]))
    status = line.split(",")[2]
    assert answer["warnings"] == ([{"code": "end_unknown", "count": 1, "example": f"A: {status}"}] if warns else [])


def test_a_time_known_from_an_earlier_file_is_no_unknown_end(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, ["external_id,created_at,closed_at", "A,2026-01-02,2026-01-03"]))
    answer = imported("tickets", written(tmp_path, ["external_id,created_at,status", "A,2026-01-02,Closed"]))
    assert answer["warnings"] == []
