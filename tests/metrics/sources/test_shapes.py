from pathlib import Path

import pytest

from metrics.sources.faults import FileFault
from metrics.sources.files import open_table
from metrics.sources.formats import reader_class, recognise
from tests.metrics.helpdesk_files import (
    CHATWOOT_EVENTS,
    CHATWOOT_RATINGS,
    FILES,
    FRESHDESK,
    ZENDESK,
    ZENDESK_EVENTS,
    as_lines,
)
from tests.metrics.importing import reader, servicenow, written


@pytest.mark.parametrize("name", FILES)
def test_files_are_recognised_by_their_columns(tmp_path: Path, name: str) -> None:
    format_name, kind, make = FILES[name]
    table = open_table(make(tmp_path))
    assert (recognise(table), reader_class(table, kind, "auto").layout.format) == (format_name, format_name)


def test_files_of_events_and_ratings_are_recognised(tmp_path: Path) -> None:
    events = open_table(as_lines(tmp_path, ZENDESK_EVENTS))
    assert reader_class(events, "ticket_events", "auto").layout.format == "zendesk"
    events = open_table(as_lines(tmp_path, CHATWOOT_EVENTS))
    assert reader_class(events, "ticket_events", "auto").layout.format == "chatwoot"
    ratings = open_table(written(tmp_path, CHATWOOT_RATINGS))
    assert reader_class(ratings, "survey_responses", "auto").layout.format == "chatwoot"


@pytest.mark.parametrize(
    "header",
    [
        "external_id,created_at,solved_at",
        "Ticket ID,Created at,Status,Requester id,Satisfaction Score",
        "id,created_at,status,priority",
        "number,created_at,title",
        "Ticket ID,Created time,Status",
    ],
)
def test_other_files_are_in_our_own_columns(tmp_path: Path, header: str) -> None:
    assert recognise(open_table(written(tmp_path, [header, "1" + "," * header.count(",")]))) == "generic"


@pytest.mark.parametrize(
    ("kind", "lines", "sentence"),
    [
        ("ticket_events", ZENDESK, "file.csv holds tickets of Zendesk; import it as tickets, not as ticket_events."),
        ("ticket_events", FRESHDESK,
         "file.csv holds tickets of Freshdesk; import it as tickets, not as ticket_events."),
        ("tickets", CHATWOOT_RATINGS,
         "file.csv holds satisfaction ratings of Chatwoot; import it as survey_responses, not as tickets."),
        ("tickets", ("Conversation ID,SLA Policy,Assignee,Breached Events", "1,Gold,Bo,FRT"),
         ("file.csv holds missed targets of Chatwoot, without the times of anything; import the tickets themselves "
         "instead.")),
        ("tickets", ("Reporting period 2026-03-01 to 2026-03-31", "", "Agent name,Resolution Count", "Bo,4"),
         ("file.csv is a report that begins with “Reporting period 2026-03-01 to 2026-03-31”: it has averages of a "
         "period and no single ticket, so nothing can be counted from it. Export the conversations themselves.")),
        ("tickets", ("Reporting period Mar 1, 2026 to Mar 31, 2026", "", "Label,Conversations", "vip,4"),
         ("file.csv is a report that begins with “Reporting period Mar 1”: it has averages of a period and no single "
         "ticket, so nothing can be counted from it. Export the conversations themselves.")),
        ("tickets", ("Berichtszeitraum 1.3.2026 bis 31.3.2026", "", "Agent,Anzahl", "Bo,4"),
         ("file.csv is a report that begins with “Berichtszeitraum 1.3.2026 bis 31.3.2026”: it has averages of a "
         "period and no single ticket, so nothing can be counted from it. Export the conversations themselves.")),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(tmp_path: Path, kind: str, lines: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(FileFault) as caught:
        reader(written(tmp_path, lines), kind)
    assert str(caught.value) == sentence


def test_incidents_are_both_tickets_and_their_history(tmp_path: Path) -> None:
    for kind in ("tickets", "ticket_events"):
        assert reader(servicenow(tmp_path), kind).layout.format == "servicenow"
    with pytest.raises(FileFault):
        reader(as_lines(tmp_path, CHATWOOT_EVENTS), "tickets")


def test_whoever_names_another_format_is_believed(tmp_path: Path) -> None:
    lines = [ZENDESK[0], ZENDESK[1]]
    mapping = {"ticket": "Id", "at": "Created at", "kind": "Ticket type"}
    found = reader(written(tmp_path, lines), "ticket_events", "generic", mapping=mapping)
    assert found.layout.format == "generic"
