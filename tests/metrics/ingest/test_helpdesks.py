"""The files of every help desk in the database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from metrics import ingest
from metrics.ingest import Preview, Request
from metrics.models import DirtyDay, Ticket, TicketEvent
from surveys.models import Answer
from tests.metrics.helpdesk_files import (
    CHATWOOT,
    CHATWOOT_EVENTS,
    CHATWOOT_RATINGS,
    FILES,
    FRESHDESK,
    HUBSPOT,
    HUBSPOT_OBJECTS,
    ZAMMAD_TICKETS,
    ZENDESK,
    ZENDESK_EVENTS,
    ZENDESK_METRICS,
    as_lines,
    as_list,
    as_page,
)
from tests.metrics.importing import counts, everything, imported, written

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def previewed(path: Path, kind: str) -> Preview:
    return ingest.preview(path, Request(kind=kind), name=path.name)


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_twice_changes_nothing(tmp_path: Path, name: str) -> None:
    format_name, kind, make = FILES[name]
    first = imported(kind, make(tmp_path))
    read, created, *others = counts(first)
    assert (first["format"], created, others) == (format_name, read, [0, 0, 0])
    before = everything()
    DirtyDay.objects.all().delete()
    again = imported(kind, make(tmp_path))
    assert (counts(again), again["written"]) == ((read, 0, 0, read, 0), {})
    assert everything() == before
    assert not DirtyDay.objects.exists()


@pytest.mark.parametrize("name", FILES)
def test_a_preview_shows_what_will_be_imported(tmp_path: Path, name: str) -> None:
    format_name, kind, make = FILES[name]
    found = previewed(make(tmp_path), kind)
    assert (found.fault, found.is_hopeless, found.problems) == ("", False, [])
    assert found.layout.format == format_name
    samples = {match.column.name: list(match.samples) for match in found.matches}
    imported(kind, make(tmp_path))
    names = Ticket.objects.values_list("external_id", flat=True)
    assert set(samples["external_id"]) == set(names)
    assert not set(found.compared) & set(found.kept)


def test_a_preview_names_the_durations_that_are_only_compared(tmp_path: Path) -> None:
    found = previewed(written(tmp_path, FRESHDESK, "freshdesk.csv"), "tickets")
    assert found.compared == ["First response time (in hrs)", "Resolution time (in hrs)", "Time tracked"]
    assert found.kept == ["Last update time", "First response status", "Association type", "Full name", "Region"]


def test_a_preview_of_a_file_of_another_kind_says_so(tmp_path: Path) -> None:
    found = previewed(written(tmp_path, ZENDESK, "zendesk.csv"), "ticket_events")
    assert found.fault == "zendesk.csv holds tickets of Zendesk; import it as tickets, not as ticket_events."
    assert found.is_hopeless


@pytest.mark.parametrize("kind", ["ticket_events", "survey_responses"])
def test_conversations_are_no_other_kind(tmp_path: Path, kind: str) -> None:
    with pytest.raises(CommandError):
        imported(kind, as_page(tmp_path, CHATWOOT, "payload"))


@pytest.mark.parametrize("lines", [ZENDESK, FRESHDESK, HUBSPOT])
def test_a_table_in_two_parts_gives_the_same(tmp_path: Path, lines: tuple[str, ...]) -> None:
    imported("tickets", written(tmp_path, lines, "whole.csv"))
    whole = everything()
    Ticket.objects.all().delete()
    imported("tickets", written(tmp_path, [lines[0], *lines[2:]], "second.csv"))
    imported("tickets", written(tmp_path, lines[:2], "first.csv"))
    assert everything() == whole


@pytest.mark.parametrize("records", [ZENDESK_METRICS, HUBSPOT_OBJECTS, CHATWOOT, ZAMMAD_TICKETS])
def test_a_list_in_two_parts_gives_the_same(tmp_path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Each part has columns of its own, so their rows as a whole differ, but not what they say."""
    imported("tickets", as_list(tmp_path, records))
    whole = [{**one, "row_hash": b""} for one in everything()["tickets"]]
    Ticket.objects.all().delete()
    imported("tickets", as_page(tmp_path, records[1:], "payload"))
    imported("tickets", as_list(tmp_path, records[:1]))
    assert [{**one, "row_hash": b""} for one in everything()["tickets"]] == whole


def test_metrics_complete_what_the_export_said(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, ZENDESK, "zendesk.csv"))
    answer = imported("tickets", as_page(tmp_path, ZENDESK_METRICS, "ticket_metrics"))
    assert counts(answer) == (2, 1, 1, 0, 0)
    ticket = Ticket.objects.get(external_id="11")
    # Names, further columns and the time of creation stay; what the metrics say is taken over, also that there is
    # no full resolution time in business hours.
    assert (ticket.subject, ticket.extra["Shop [list]"], ticket.created_at) == ("Printer", "North", at(2, 9))
    assert (ticket.agent_replies, ticket.extra["assignee_stations"]) == (3, "2")
    assert ticket.reported == {
        "first_response_time_calendar_seconds": 1_800,
        "first_response_time_business_seconds": 1_500,
        "first_resolution_time_calendar_seconds": 90_000,
        "resolution_time_calendar_seconds": 90_000,
        "rounded_resolution_time_calendar_seconds": 90_000,
        "on_hold_time_calendar_seconds": 0,
        "on_hold_time_business_seconds": 0,
    }
    assert Ticket.objects.get(external_id="14").created_at == datetime(2026, 3, 2, 8, 59, 59, tzinfo=UTC)
    imported("tickets", written(tmp_path, ZENDESK, "zendesk.csv"))
    again = imported("tickets", written(tmp_path, ZENDESK, "zendesk.csv"))
    assert counts(again) == (3, 0, 0, 3, 0)


def test_the_first_reply_of_zendesk_comes_with_its_events(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, ZENDESK[:2], "zendesk.csv"))
    assert Ticket.objects.get().first_agent_reply_at is None
    path = as_page(tmp_path, ZENDESK_EVENTS, "ticket_metric_events")
    answer = imported("ticket_events", path)
    assert (counts(answer), answer["written"]) == ((10, 7, 0, 3, 0), {"ticket_events": 7})
    assert [one["code"] for one in answer["warnings"]] == ["event_left_out"]
    assert Ticket.objects.get().first_agent_reply_at == at(2, 9, 30)
    assert counts(imported("ticket_events", path)) == (10, 0, 0, 10, 0)
    assert counts(imported("tickets", written(tmp_path, ZENDESK[:2], "zendesk.csv"))) == (1, 0, 0, 1, 0)
    assert Ticket.objects.get().first_agent_reply_at == at(2, 9, 30)


@pytest.mark.parametrize("parts", [[slice(0, 7)], [slice(0, 3), slice(3, 7)], [slice(3, 7), slice(0, 3)]])
def test_the_resolutions_of_chatwoot_come_with_its_events(tmp_path: Path, parts: list[slice]) -> None:
    imported("tickets", as_page(tmp_path, CHATWOOT, "payload"))
    for part in parts:
        imported("ticket_events", as_lines(tmp_path, CHATWOOT_EVENTS[part]))
    ticket = Ticket.objects.get(external_id="41")
    assert (ticket.first_solved_at, ticket.solved_at, ticket.reopens) == (at(2, 11), at(3, 9), 1)
    assert (ticket.handed_to_human_at, ticket.bot_involved) == (at(2, 9, 1), True)
    assert ticket.reported == {
        "first_response_time_calendar_seconds": 1_200,
        "first_response_time_business_seconds": 600,
        "resolution_time_calendar_seconds": 86_400,  # of the last resolution
        "resolution_time_business_seconds": 43_200,
        "reply_time_calendar_seconds": 600,
        "reply_time_business_seconds": 300,
    }
    before = everything()
    DirtyDay.objects.all().delete()
    imported("ticket_events", as_lines(tmp_path, CHATWOOT_EVENTS))
    imported("tickets", as_page(tmp_path, CHATWOOT, "payload"))
    assert everything() == before
    assert not DirtyDay.objects.exists()


def test_a_conversation_that_came_back_is_not_solved(tmp_path: Path) -> None:
    imported("tickets", as_page(tmp_path, CHATWOOT, "payload"))
    imported("ticket_events", as_lines(tmp_path, CHATWOOT_EVENTS[:3]))
    ticket = Ticket.objects.get(external_id="41")
    assert (ticket.first_solved_at, ticket.solved_at, ticket.reopens) == (at(2, 11), None, 1)


def test_events_of_conversations_that_are_not_here_are_rejected(tmp_path: Path) -> None:
    answer = imported("ticket_events", as_lines(tmp_path, CHATWOOT_EVENTS))
    assert counts(answer) == (7, 0, 0, 1, 6)
    assert not TicketEvent.objects.exists()


def test_ratings_of_conversations(tmp_path: Path) -> None:
    imported("tickets", as_page(tmp_path, CHATWOOT, "payload"))
    path = written(tmp_path, CHATWOOT_RATINGS, "csat.csv")
    assert counts(imported("survey_responses", path)) == (2, 2, 0, 0, 0)
    assert counts(imported("survey_responses", path)) == (2, 0, 0, 2, 0)
    found = Answer.objects.order_by("answered_at").values_list("score", "ticket", "ticket_source", "channel", "team")
    assert list(found) == [(5, "41", "chatwoot", "email", "billing"), (2, "41", "chatwoot", "email", "billing")]
    scores = previewed(path, "survey_responses").scores
    assert scores is not None
    assert [(line.seen.text, line.group) for line in scores.lines] == [("2", "unhappy"), ("5", "satisfied")]


def test_rows_that_were_rejected_come_back_mended(tmp_path: Path) -> None:
    broken = [ZENDESK[0], ZENDESK[1].replace("2026-03-02 09:00", "yesterday"), ZENDESK[2]]
    answer = imported("tickets", written(tmp_path, broken, "zendesk.csv"))
    assert counts(answer) == (2, 1, 0, 0, 1)
    text = Path(answer["rejected_file"]).read_text(encoding="utf-8-sig")
    mended = text.replace(",yesterday,", ",2026-03-02 09:00,")
    again = imported("tickets", written(tmp_path, mended, "mended.csv"))
    assert (again["format"], counts(again)) == ("zendesk", (1, 1, 0, 0, 0))
    assert Ticket.objects.get(external_id="11").reported["resolution_time_calendar_seconds"] == 90_000
