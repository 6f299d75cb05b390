from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics.sources.faults import MissingColumn
from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.trails import Trail
from tests.metrics.helpdesk_files import as_list, as_page
from tests.metrics.importing import SERVICENOW_LINES, reader, servicenow, values, written


def test_an_incident_table_is_recognised(tmp_path: Path) -> None:
    assert reader(servicenow(tmp_path)).layout.format == "servicenow"


def test_columns_become_canonical_ones(tmp_path: Path) -> None:
    first, second = (item for item in reader(servicenow(tmp_path)).items() if isinstance(item, Row))
    assert first.values == {
        "external_id": "INC1",
        "customer": "Caller 1",
        "channel": "Phone",
        "category": "Mail",
        "priority": "2 - High",
        "status": "Closed",
        "team": "Network",
        "agent": "Ann",
        "created_at": datetime(2016, 2, 29, 1, 16, tzinfo=UTC),
        "first_solved_at": None,  # it came back, so that the first solve is not known
        "solved_at": datetime(2016, 3, 2, 9, 0, tzinfo=UTC),
        "closed_at": datetime(2016, 3, 5, 12, 0, tzinfo=UTC),
        "reopens": 1,
        "reassignments": 1,
        "sla_met": False,
        "extra": {"location": "L 2"},
    }
    # Closed without having been solved: nothing is invented.
    assert (second.values["first_solved_at"], second.values["solved_at"]) == (None, None)


def test_of_each_incident_the_highest_sys_mod_count_counts(tmp_path: Path) -> None:
    items = list(reader(servicenow(tmp_path, SERVICENOW_LINES[::-1])).items())
    assert [item.line for item in items if isinstance(item, Row)] == [2, 4]
    assert sum(isinstance(item, Superseded) for item in items) == 7


def test_the_first_solve_is_known_of_incidents_never_reopened(tmp_path: Path) -> None:
    (row,) = (item for item in reader(servicenow(tmp_path, SERVICENOW_LINES[3:4])).items())
    assert isinstance(row, Row)
    assert row.values["first_solved_at"] == row.values["solved_at"]


def test_exports_with_labels_and_iso_times(tmp_path: Path) -> None:
    lines = [
        "Number,Opened,Short description,Caller,State,Assignment group,Assigned to,Updated,Resolved,business_stc",
        "INC9,2026-03-04 05:06:07,Printer,Bob,Closed,Desk,Ann,2026-03-05 00:00:00,2026-03-04 06:00:00,3600",
    ]
    found = reader(written(tmp_path, lines))
    (row,) = found.items()
    assert (found.layout.format, isinstance(row, Row)) == ("servicenow", True)
    assert isinstance(row, Row)
    assert row.values["subject"] == "Printer"
    assert row.values["created_at"] == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert row.values["reported"] == {"resolution_time_business_seconds": 3600}


@pytest.mark.parametrize("lines", [SERVICENOW_LINES, SERVICENOW_LINES[::-1]])
def test_snapshots_come_out_by_incident(tmp_path: Path, lines: tuple[str, ...]) -> None:
    trails = [item for item in reader(servicenow(tmp_path, lines), "ticket_events").items() if isinstance(item, Trail)]
    assert {trail.ticket.values["external_id"]: len(trail.snapshots) for trail in trails} == {"INC1": 7, "INC2": 2}
    assert {trail.ticket.values["status"] for trail in trails} == {"Closed"}


def test_a_snapshot_without_its_time_is_rejected(tmp_path: Path) -> None:
    line = SERVICENOW_LINES[0].replace("29/2/2016 01:23", "?")
    (fault,) = reader(servicenow(tmp_path, [line]), "ticket_events").items()
    assert isinstance(fault, Fault)
    assert (fault.column, fault.reason) == ("sys_updated_at", "missing_value")


@pytest.mark.parametrize(("count", "reason"), [(2**28, ""), (2**28 + 1, "bad_number")])
def test_a_count_of_changes_that_no_version_holds_is_rejected(tmp_path: Path, count: int, reason: str) -> None:
    (item,) = reader(servicenow(tmp_path, [SERVICENOW_LINES[0].replace("0,0,0,true", f"0,0,{count},true")])).items()
    assert isinstance(item, Row | Fault)
    assert (item.reason if isinstance(item, Fault) else "") == reason
    assert isinstance(item, Fault) or (item.version or 0) < 2**63


def test_missing_columns_are_named_as_servicenow_names_them(tmp_path: Path) -> None:
    path = written(tmp_path, ["number,sys_mod_count", "INC1,0"])
    with pytest.raises(MissingColumn) as caught:
        reader(path, format_name="servicenow")
    expected = "file.csv has no column for created_at (opened_at); its columns are: number, sys_mod_count."
    assert str(caught.value) == expected


def test_the_table_interface(tmp_path: Path) -> None:
    incident = {
        "number": "INC1",
        "opened_at": "2026-03-02 09:00:00",
        "sys_updated_on": "2026-03-03 10:00:00",
        "sys_mod_count": "4",
        "incident_state": "Closed",
        "reopen_count": "0",
        "caller_id": {"display_value": "Ann", "link": "https://desk.example.com/user/1"},
        "resolved_at": "2026-03-03 09:00:00",
        "closed_at": "",
        "business_stc": "28800",
        "calendar_stc": "86400",
        "business_duration": "1970-01-01 08:00:00",
    }
    (row,) = values(as_page(tmp_path, [incident], "result"))
    assert (row["customer"], row["closed_at"], row["solved_at"]) == ("Ann", None, row["first_solved_at"])
    assert row["reported"] == {
        "resolution_time_business_seconds": 28_800,
        "resolution_time_calendar_seconds": 86_400,
        "closing_time_business_seconds": 28_800,
    }


def test_of_states_in_json_the_last_counts(tmp_path: Path) -> None:
    states = [
        {"number": "INC1", "opened_at": "2026-03-02 09:00:00", "sys_mod_count": count, "incident_state": state}
        for count, state in ((2, "Closed"), (1, "Active"))
    ]
    assert [row["status"] for row in values(as_list(tmp_path, states))] == ["Closed"]
