import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from metrics.sources.rows import Row, Superseded
from tests.metrics.helpdesk_files import ZENDESK, ZENDESK_EVENTS, ZENDESK_METRICS, as_lines, as_list, as_page
from tests.metrics.importing import reader, values, written


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_the_support_export(tmp_path: Path) -> None:
    first, *_ = values(written(tmp_path, ZENDESK))
    assert first.pop("extra")["Shop [list]"] == "North"
    assert first == {
        "external_id": "11",
        "customer": "901",
        "customer_email": "ann@example.com",
        "subject": "Printer",
        "channel": "Mail",
        "type": "Problem",
        "priority": "High",
        "status": "Solved",
        "team": "First line",
        "agent": "Bo",
        "tags": "vip, printer",
        "created_at": at(2, 9),
        "first_assigned_at": at(2, 9, 5),
        "first_solved_at": at(3, 10),
        "solved_at": at(3, 10),
        "due_at": None,
        "reopens": 0,
        "agent_replies": 2,
        "reassignments": 0,
        "satisfaction_score": 2,
        "satisfaction_scale": 2,
        "is_deleted": False,
        "merged_into": "",
        "reported": {
            "first_response_time_calendar_seconds": 1_800,
            "first_response_time_business_seconds": 1_500,
            "first_resolution_time_calendar_seconds": 90_000,
            "resolution_time_calendar_seconds": 90_000,
            "resolution_time_business_seconds": 36_000,
            "rounded_resolution_time_calendar_seconds": 90_000,
        },
    }


def test_the_support_export_of_tickets_that_came_back(tmp_path: Path) -> None:
    _, second, third = values(written(tmp_path, ZENDESK))
    # Solved twice: the first time is not known. Offered, but not rated. Its tag says that it was merged.
    names = ("first_solved_at", "solved_at", "reassignments", "satisfaction_score", "satisfaction_scale", "merged_into")
    assert [second[name] for name in names] == [None, at(4, 10), 2, None, None, "?"]
    # Open again: it is not solved now, and was solved once. Nobody has it.
    assert [third[name] for name in (*names, "agent")] == [at(5, 12), None, 0, 1, 2, "", ""]


def test_the_summation_column_says_nothing(tmp_path: Path) -> None:
    assert [row["extra"].get("Summation column") for row in values(written(tmp_path, ZENDESK))] == [None] * 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_headers_in_any_case_and_encoding(tmp_path: Path, encoding: str) -> None:
    lines = [ZENDESK[0].upper().replace("REQUESTER ID", "Requester  ID"), *ZENDESK[1:]]
    found = reader(written(tmp_path, "\r\n".join(lines).replace("Printer", "Drücker").encode(encoding)))
    row = next(iter(found.items()))
    assert isinstance(row, Row)
    assert (found.layout.format, row.values["subject"], row.values["customer"]) == ("zendesk", "Drücker", "901")


@pytest.mark.parametrize(
    ("said", "score", "scale"),
    [
        ("Good", 2, 2),
        ("good with comment", 2, 2),
        ("BAD", 1, 2),
        ("Not Offered", None, None),
        ("4", 4, 5),
        ("2", 2, 5),
        ("", None, None),
    ],
)
def test_ratings(tmp_path: Path, said: str, score: int | None, scale: int | None) -> None:
    line = ZENDESK[1].replace(",Good,", f",{said},")
    (row,) = values(written(tmp_path, [ZENDESK[0], line]))
    assert (row["satisfaction_score"], row["satisfaction_scale"]) == (score, scale)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 1_800), ("0", 0), ("1.5", 90), ("", None), ("?", None), ("0:45:00", 2_700), ("soon", None)],
)
def test_durations_that_are_reported(tmp_path: Path, text: str, seconds: int | None) -> None:
    found = reader(written(tmp_path, [ZENDESK[0], ZENDESK[1].replace(",30,25,", f",{text},25,")]))
    (row,) = found.items()
    assert isinstance(row, Row)
    assert row.values["reported"].get("first_response_time_calendar_seconds") == seconds
    expected = [{"code": "bad_duration", "count": 1, "example": "First reply time in minutes: soon"}]
    assert found.notes.as_list() == (expected if text == "soon" else [])


def test_what_databases_write_instead_of_nothing(tmp_path: Path) -> None:
    line = ZENDESK[1].replace("2026-03-02 09:05", "1900-01-01 00:00:00").replace("Bo", "?")
    (row,) = values(written(tmp_path, [ZENDESK[0], line]))
    assert (row["first_assigned_at"], row["agent"]) == (None, "")


def test_ticket_metrics_in_every_shape(tmp_path: Path) -> None:
    pages = "\n".join(json.dumps({"ticket_metrics": [one], "next_page": None}) for one in ZENDESK_METRICS)
    files = [
        as_page(tmp_path, ZENDESK_METRICS, "ticket_metrics"),
        as_list(tmp_path, ZENDESK_METRICS),
        as_lines(tmp_path, ZENDESK_METRICS),
        written(tmp_path, pages, "pages.json"),
    ]
    first, *others = [values(path) for path in files]
    assert others == [first] * 3
    assert [row["external_id"] for row in first] == ["11", "14"]  # of the ticket, not of the metric
    assert (first[0]["agent_replies"], first[0]["reassignments"]) == (3, 1)
    assert first[0]["reported"] == {
        "first_response_time_calendar_seconds": 1_800,
        "first_response_time_business_seconds": 1_500,
        "resolution_time_calendar_seconds": 90_000,
        "on_hold_time_calendar_seconds": 0,
        "on_hold_time_business_seconds": 0,
    }


def test_tickets_of_the_interface(tmp_path: Path) -> None:
    ticket: dict[str, Any] = {
        "id": 15,
        "created_at": "2026-03-02T10:00:00+01:00",
        "status": "hold",
        "via": {"channel": "web", "source": {"rel": None}},
        "submitter_id": 1,
        "brand_id": 2,
        "group_id": 3,
        "assignee_id": None,
        "satisfaction_rating": {"score": "good", "comment": "Thanks"},
        "tags": ["vip", "closed_by_merge"],
        "metric_set": {"reopens": 1, "solved_at": "2026-03-02T11:00:00Z", "reply_time_in_minutes": {"calendar": 4}},
    }
    (row,) = values(as_page(tmp_path, [ticket], "tickets"))
    names = ("created_at", "channel", "team", "satisfaction_score", "satisfaction_comment", "merged_into", "solved_at")
    assert [row[name] for name in names] == [at(2, 9), "web", "3", 2, "Thanks", "?", None]
    assert row["reported"] == {"first_response_time_calendar_seconds": 240}


def test_metric_events_tell_replies_and_statuses(tmp_path: Path) -> None:
    items = list(reader(as_page(tmp_path, ZENDESK_EVENTS, "ticket_metric_events"), "ticket_events").items())
    assert [
        (item.values["kind"], item.values["to_value"], item.values["at"]) for item in items if isinstance(item, Row)
    ] == [
        ("status", "open", at(2, 9)),
        ("reply", "", at(2, 9, 30)),
        ("status", "pending", at(2, 10)),
        ("status", "open", at(2, 12)),
        ("status", "hold", at(2, 13)),  # the requester still waits
        ("status", "pending", at(2, 14)),
        ("status", "solved", at(3, 10)),
    ]
    assert sum(isinstance(item, Superseded) for item in items) == 3


def test_metric_events_without_the_requesters_wait(tmp_path: Path) -> None:
    found = values(as_lines(tmp_path, ZENDESK_EVENTS[6:7]), "ticket_events")
    assert [row["to_value"] for row in found] == ["pending"]
