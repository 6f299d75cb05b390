from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics.sources.faults import Unsettled
from tests.metrics.helpdesk_files import FRESHDESK
from tests.metrics.importing import reader, values, written


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_the_ticket_export(tmp_path: Path) -> None:
    first, *_ = values(written(tmp_path, FRESHDESK))
    assert first.pop("extra")["Region"] == "North"
    assert first == {
        "external_id": "21",
        "customer": "901",
        "customer_email": "ann@example.com",
        "subject": "Invoice",
        "channel": "Email",
        "type": "Question",
        "priority": "High",
        "status": "Closed",
        "team": "Billing",
        "agent": "Bo",
        "tags": "vip",
        "created_at": at(2, 9),
        "first_agent_reply_at": at(2, 10),
        "solved_at": at(3, 9, 30),
        "closed_at": at(5, 9, 30),
        "due_at": at(4, 9),
        "agent_replies": 1,
        "customer_replies": 1,
        "is_outbound": False,
        "is_spam": False,
        "is_deleted": False,
        "merged_into": "",
        "sla_met": True,
        "satisfaction_score": 3,
        "satisfaction_scale": 3,
        "reported": {
            "first_response_time_business_seconds": 3_600,
            "resolution_time_business_seconds": 30_600,
            "handling_time_calendar_seconds": 1_800,
        },
    }


def test_the_ticket_export_of_merged_and_open_tickets(tmp_path: Path) -> None:
    _, second, third = values(written(tmp_path, FRESHDESK))
    # A merged one stays in the file; "(in hrs)" are hours, minutes and seconds, and often empty.
    assert (second["merged_into"], second["agent"], second["first_agent_reply_at"]) == ("?", "", None)
    assert second["reported"] == {"resolution_time_business_seconds": 3_599}
    # Open again, begun by us, target missed.
    names = ("solved_at", "closed_at", "is_outbound", "sla_met", "satisfaction_score", "satisfaction_scale")
    assert [third[name] for name in names] == [None, None, True, False, 1, 3]
    assert third["reported"] == {"first_response_time_business_seconds": 120 * 3_600}


def test_freshservice_writes_its_names_in_another_way(tmp_path: Path) -> None:
    lines = [
        (
            "Ticket Id,Created Time,Resolved Time,Closed Time,Initial Response Time,First Response Time (in Hrs),"
            "Resolution Time (in Hrs),Survey Result,Requester Name,Requester Email,Requester VIP,Category,Sub-Category,"
            "Urgency"
        ),
        (
            'INC-7,13/03/2026 14:05,14/03/2026 09:00,,13/03/2026 14:35,"00:30:00",03:55:00,Neutral,Ann,ann@example.com,'
            "No,Hardware,Laptop,High"
        ),
    ]
    found = reader(written(tmp_path, lines))
    (row,) = values(written(tmp_path, lines))
    assert (found.layout.format, row["external_id"], row["category"]) == ("freshdesk", "INC-7", "Hardware")
    assert (row["created_at"], row["first_agent_reply_at"]) == (at(13, 14, 5), at(13, 14, 35))
    assert (row["satisfaction_score"], row["customer_email"]) == (2, "ann@example.com")
    assert row["reported"]["first_response_time_business_seconds"] == 1_800


@pytest.mark.parametrize(
    ("said", "score"),
    [("Extremely Happy", 3), ("happy", 3), ("103", 3), ("Neutral", 2), ("-101", 1), ("Very unhappy", 1), ("", None)],
)
def test_survey_results(tmp_path: Path, said: str, score: int | None) -> None:
    (row,) = values(written(tmp_path, [FRESHDESK[0], FRESHDESK[1].replace("Very Happy", said)]))
    assert row["satisfaction_score"] == score


def test_a_header_that_occurs_twice(tmp_path: Path) -> None:
    header = FRESHDESK[0] + ",Region,Tags"
    (row,) = values(written(tmp_path, [header, FRESHDESK[1] + ",South,vip"]))
    assert (row["tags"], row["extra"]["Region"], row["extra"]["Region (2)"]) == ("vip", "North", "South")
    with pytest.raises(Unsettled) as caught:
        reader(written(tmp_path, [header, FRESHDESK[1] + ",South,other"]))
    assert str(caught.value) == (
        "file.csv has two columns called Tags, which differ in line 2; say which of them counts, Tags or Tags (2), or "
        "delete one."
    )


def test_latin_1_and_semicolons(tmp_path: Path) -> None:
    lines = [line.replace(",", ";") for line in FRESHDESK]
    path = written(tmp_path, "\n".join(lines).replace("Invoice", "Größe").encode("latin-1"))
    assert values(path)[0]["subject"] == "Größe"
