from datetime import UTC, datetime
from pathlib import Path

from tests.metrics.helpdesk_files import ZAMMAD_REPORT, ZAMMAD_TICKETS, as_list
from tests.metrics.importing import reader, values, workbook


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_the_report(tmp_path: Path) -> None:
    first, second, third = values(workbook(tmp_path, {"Report": ZAMMAD_REPORT}))
    assert first.pop("extra")["Organization"] == "ACME"
    assert first == {
        "external_id": "51001",
        "customer": "ann@example.com",
        "subject": "Printer",
        "channel": "email",
        "priority": "2 normal",
        "status": "closed",
        "team": "Users",
        "agent": "Bo",
        "tags": "vip",
        "created_at": at(2, 9),
        "first_agent_reply_at": at(2, 9, 40),
        "first_solved_at": at(3, 9),
        "solved_at": at(3, 9),
        "closed_at": at(3, 9),
        "due_at": None,
        "reopens": None,  # the report has the first close only
        "is_outbound": False,
        "is_deleted": False,
        "merged_into": "",
        "reported": {
            "first_response_time_business_seconds": 2_400,
            "first_response_time_left_business_seconds": 1_200,
            "first_resolution_time_business_seconds": 28_800,
            "first_resolution_time_left_business_seconds": -3_600,
        },
    }
    # Merged; nobody has it; begun by an agent; no target, so nothing in minutes.
    assert (second["merged_into"], second["agent"], second["is_outbound"], second["reported"]) == ("?", "", True, {})
    # Closed once and open again.
    assert (third["first_solved_at"], third["solved_at"], third["closed_at"], third["reopens"]) == (
        at(5, 12),
        None,
        None,
        1,
    )


def test_tickets_of_the_interface(tmp_path: Path) -> None:
    found = values(as_list(tmp_path, ZAMMAD_TICKETS))
    names = ("external_id", "status", "agent", "is_outbound", "first_solved_at", "solved_at", "reopens")
    assert [[row[name] for name in names] for row in found] == [
        ["51001", "closed", "6", False, at(3, 9), at(3, 9), 0],
        ["51002", "closed", "", True, at(3, 9), at(4, 9), 1],
        ["51003", "open", "6", False, at(3, 9), None, 1],
    ]
    assert {(row["channel"], row["priority"]) for row in found} == {("phone", "2 normal")}


def test_names_where_the_interface_gave_them(tmp_path: Path) -> None:
    names = {"state": "merged", "owner": "-", "group": "Users", "customer": "ann@example.com"}
    (row,) = values(as_list(tmp_path, [{**ZAMMAD_TICKETS[0], **names, "create_article_sender": "Agent"}]))
    assert (row["status"], row["agent"], row["team"], row["merged_into"]) == ("merged", "", "Users", "?")
    assert (row["customer"], row["is_outbound"]) == ("ann@example.com", True)


def test_a_report_of_as_many_rows_as_there_may_be(tmp_path: Path) -> None:
    rows = [ZAMMAD_REPORT[0], *[ZAMMAD_REPORT[1]] * 6_000]
    notes = reader(workbook(tmp_path, {"Report": rows})).notes.as_list()
    assert notes == [{"code": "report_may_be_cut", "count": 1, "example": "6,000"}]
    assert reader(workbook(tmp_path, {"Report": rows[:-1]})).notes.as_list() == []
