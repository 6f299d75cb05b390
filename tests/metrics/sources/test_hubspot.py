from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.metrics.helpdesk_files import HUBSPOT, HUBSPOT_OBJECTS, as_lines, as_page
from tests.metrics.importing import reader, values, written


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_an_export_with_labels(tmp_path: Path) -> None:
    first, second, third = values(written(tmp_path, HUBSPOT))
    del first["extra"]
    assert first == {
        "external_id": "31",
        "customer": "901",  # the first of two contacts
        "subject": "Login",
        "channel": "EMAIL",
        "category": "Access",
        "priority": "HIGH",
        "status": "Closed",
        "team": "First line",
        "agent": "Bo",
        "created_at": at(2, 9),
        "first_agent_reply_at": at(2, 9, 30),
        "first_solved_at": at(3, 9),
        "solved_at": at(3, 9),
        "reopens": 0,
        "reported": {"first_response_time_calendar_seconds": 1_800, "resolution_time_calendar_seconds": 86_400},
    }
    # Whether a ticket came back is known, not how often; then the first solve is not.
    assert [(row["reopens"], row["first_solved_at"], row["solved_at"]) for row in (second, third)] == [
        (1, None, at(4, 10)),
        (1, None, None),  # and it is still open
    ]


def test_objects_of_the_interface(tmp_path: Path) -> None:
    first, second = values(as_page(tmp_path, HUBSPOT_OBJECTS, "results"))
    assert values(as_lines(tmp_path, HUBSPOT_OBJECTS)) == [first, second]
    assert first["first_agent_reply_at"] == at(2, 9, 10)  # milliseconds; the first message, not the first e-mail
    assert (first["status"], first["fcr"], first["sla_met"], first["satisfaction_score"]) == ("Closed", True, True, 4)
    assert first["reported"] == {  # milliseconds as well
        "first_response_time_calendar_seconds": 1_800,
        "resolution_time_calendar_seconds": 86_400,
    }
    # Its stage is one of their own, so only hs_is_closed says that it is open.
    assert (second["solved_at"], second["sla_met"], second["is_deleted"]) == (None, False, True)


def test_a_first_reply_that_is_only_that_by_email_is_said(tmp_path: Path) -> None:
    found = reader(written(tmp_path, HUBSPOT))
    expected = {"code": "replies_by_email_only", "count": 1, "example": "First agent email response date"}
    assert found.notes.as_list() == [expected]
    assert reader(as_page(tmp_path, HUBSPOT_OBJECTS, "results")).notes.as_list() == []


def test_properties_with_their_history(tmp_path: Path) -> None:
    properties = {"subject": "Old", "createdate": "1772442600000", "hs_pipeline": "0", "hs_pipeline_stage": "1"}
    record = {"objectId": 9, "properties": {name: {"value": value} for name, value in properties.items()}}
    (row,) = values(as_lines(tmp_path, [record]))
    assert (row["external_id"], row["created_at"], row["status"]) == ("9", at(2, 9, 10), "New")


@pytest.mark.parametrize(
    ("status", "is_met"),
    [("3", True), ("4", False), ("1", False), ("0", None), ("2", None), ("Completed late", False), ("Due soon", None)],
)
def test_the_state_of_a_target(tmp_path: Path, status: str, is_met: bool | None) -> None:
    lines = [HUBSPOT[0] + ",Time to close SLA ticket status", f"{HUBSPOT[1]},{status}"]
    (row,) = values(written(tmp_path, lines))
    assert row["sla_met"] is is_met


_HEADER = (
    "Ticket ID,Ticket name,Ticket status,Pipeline,Create date,Close date,Last Closed Date,"
    "First agent message sent date,First agent email response date"
)
_OPENED = "Login,{status},Support,2026-03-02 09:00"


@pytest.mark.parametrize(
    ("cells", "solved_at", "replied_at"),
    [
        ("2026-03-03 09:00,,,2026-03-02 09:30", at(3, 9), at(2, 9, 30)),
        ("2026-03-03 09:00,-,,2026-03-02 09:30", at(3, 9), at(2, 9, 30)),
        ("2026-03-03 09:00,2026-03-04 09:00,2026-03-02 09:10,2026-03-02 09:30", at(4, 9), at(2, 9, 10)),
        (",2026-03-04 09:00,2026-03-02 09:10,", at(4, 9), at(2, 9, 10)),
        (",,,", None, None),
    ],
)
def test_every_row_says_in_one_column_or_another_when_it_was_solved_and_answered(
    tmp_path: Path, cells: str, solved_at: datetime | None, replied_at: datetime | None
) -> None:
    lines = [_HEADER, f"31,{_OPENED.format(status='Closed')},{cells}", f"32,{_OPENED.format(status='New')},{cells}"]
    closed, still_open = values(written(tmp_path, lines))
    assert (closed["solved_at"], closed["first_agent_reply_at"]) == (solved_at, replied_at)
    assert (still_open["solved_at"], still_open["first_agent_reply_at"]) == (None, replied_at)


def test_properties_without_a_value_leave_it_to_others(tmp_path: Path) -> None:
    properties = {"subject": "Old", "hs_pipeline": "0", "hs_pipeline_stage": "4", "createdate": "2026-03-02T09:00:00Z"}
    times = {"hs_last_closed_date": None, "closed_date": "2026-03-03T09:00:00Z"}
    (row,) = values(as_lines(tmp_path, [{"id": "9", "properties": properties | times}]))
    assert row["solved_at"] == at(3, 9)


def test_a_column_that_somebody_mapped_is_the_only_one_that_counts(tmp_path: Path) -> None:
    lines = [_HEADER, f"31,{_OPENED.format(status='Closed')},2026-03-03 09:00,,,"]
    (row,) = values(written(tmp_path, lines), mapping={"solved_at": "Last Closed Date"})
    assert row["solved_at"] is None


def test_the_order_of_day_and_month_is_learnt_from_every_column_that_may_count(tmp_path: Path) -> None:
    lines = [_HEADER, "31,Login,Closed,Support,2/3/2026 09:00,13/3/2026 09:00,,,"]
    (row,) = values(written(tmp_path, lines))
    assert (row["created_at"], row["solved_at"]) == (at(2, 9), at(13, 9))
