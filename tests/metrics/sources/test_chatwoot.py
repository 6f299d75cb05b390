import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics.sources.faults import MissingColumn
from metrics.sources.rows import Row, Superseded
from tests.metrics.helpdesk_files import CHATWOOT, CHATWOOT_EVENTS, CHATWOOT_RATINGS, as_lines, as_page
from tests.metrics.importing import reader, values, written


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_conversations(tmp_path: Path) -> None:
    first, second = values(as_page(tmp_path, CHATWOOT, "payload"))
    assert {"messages", "can_reply"}.isdisjoint(first["extra"])
    assert first.pop("extra")["uuid"] == "aaaa-41"
    assert first == {
        "external_id": "41",
        "customer": "901",
        "customer_email": "ann@example.com",
        "subject": "Invoice",
        "channel": "email",
        "priority": "",
        "status": "resolved",
        "team": "billing",
        "agent": "bo@example.com",
        "tags": "vip, billing",
        "created_at": at(2, 9),
        "first_agent_reply_at": at(2, 9, 20),
    }
    # 0 is no time, a bot is no agent.
    assert (second["first_agent_reply_at"], second["agent"], second["channel"]) == (None, "", "chat")


def test_the_answer_of_the_list_of_conversations(tmp_path: Path) -> None:
    page = {"data": {"meta": {"all_count": 2}, "payload": CHATWOOT}}
    path = written(tmp_path, json.dumps(page), "page.json")
    assert [row["external_id"] for row in values(path)] == ["41", "42"]


def test_reporting_events(tmp_path: Path) -> None:
    items = list(reader(as_lines(tmp_path, CHATWOOT_EVENTS), "ticket_events").items())
    rows = [item.values for item in items if isinstance(item, Row)]
    names = ("ticket", "kind", "to_value", "actor_type", "at")
    assert [[row[name] for name in names] for row in rows] == [
        ["41", "reply", "", "agent", at(2, 9, 20)],
        ["41", "status", "resolved", "", at(2, 11)],
        ["41", "status", "open", "", at(2, 12)],
        ["41", "reply", "", "agent", at(2, 12, 10)],
        ["41", "status", "resolved", "", at(3, 9)],
        ["41", "handoff", "", "bot", at(2, 9, 1)],
    ]
    assert [row["extra"].get("reported") for row in rows[:3]] == [
        {"first_response_time_calendar_seconds": 1_200, "first_response_time_business_seconds": 600},
        {"resolution_time_calendar_seconds": 7_200, "resolution_time_business_seconds": 3_600},
        None,
    ]
    assert [item.line for item in items if isinstance(item, Superseded)] == [7]


def test_the_number_of_the_database_is_no_number_of_a_conversation(tmp_path: Path) -> None:
    events = [{name: value for name, value in one.items() if name != "display_id"} for one in CHATWOOT_EVENTS]
    path = as_page(tmp_path, events, "payload", "events.json")
    with pytest.raises(MissingColumn) as caught:
        reader(path, "ticket_events")
    assert str(caught.value) == (
        "events.json names conversations only by their number in Chatwoot’s database, which is not the number that "
        "people see and that the export of conversations has. Add that one as the column display_id."
    )
    # Whoever has imported the conversations under that number may say so.
    found = values(path, "ticket_events", mapping={"ticket": "conversation_id"})
    assert {row["ticket"] for row in found} == {"9041"}


def test_events_named_by_uuid(tmp_path: Path) -> None:
    event = {name: value for name, value in CHATWOOT_EVENTS[0].items() if name != "display_id"}
    (row,) = values(as_lines(tmp_path, [{**event, "conversation_uuid": "aaaa-41"}]), "ticket_events")
    assert row["ticket"] == "aaaa-41"


def test_ratings(tmp_path: Path) -> None:
    found = values(written(tmp_path, CHATWOOT_RATINGS), "survey_responses")
    names = ("ticket", "survey_kind", "score", "scale_min", "scale_max", "comment", "agent", "customer_email")
    assert [[row[name] for name in names] for row in found] == [
        ["41", "csat", 5, 1, 5, "Great", "Bo", "ann@example.com"],
        ["41", "csat", 2, 1, 5, "Slow", "Bo", "ann@example.com"],
    ]
    # One conversation, rated after each of its resolutions.
    assert [row["external_id"] for row in found] == ["41 2026-03-02 11:05:00 UTC", "41 2026-03-03 09:05:00 UTC"]


def test_the_same_rating_twice_is_one(tmp_path: Path) -> None:
    lines = [*CHATWOOT_RATINGS, CHATWOOT_RATINGS[1]]
    assert len(values(written(tmp_path, lines), "survey_responses")) == 2
