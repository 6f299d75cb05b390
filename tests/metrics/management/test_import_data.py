import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kpiproject.models import Organisation
from metrics.management.commands.import_data import Command
from metrics.models import ImportRun, RejectedRow, Ticket, TicketEvent
from metrics.sources.columns import ALL_KINDS
from tests.metrics.importing import counts, imported, servicenow, workbook, written

pytestmark = pytest.mark.django_db

NO_COLUMN = (
    "file.csv has no column for customer, amount; its columns are: external_id, created_at, status. "
    "Name it with --map customer=COLUMN."
)
READ = ", ".join(ALL_KINDS)
TICKETS = ["external_id,created_at,status", "A,2026-01-02 10:00,open", "B,2026-01-02 11:00,pending"]


def refused(kind: str, path: Path | str, *options: str) -> str:
    """The one sentence; and nothing was written."""
    with pytest.raises(CommandError) as caught:
        call_command("import_data", kind, str(path), *options)
    assert caught.value.returncode == 1
    assert (Ticket.objects.count(), ImportRun.objects.count()) == (0, 0)
    return str(caught.value)


def test_the_answer_is_one_document_with_the_agreed_names(tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, TICKETS))
    run = ImportRun.objects.get()
    assert isinstance(answer.pop("seconds"), float)
    assert answer == {
        "kind": "tickets",
        "format": "generic",
        "run": run.pk,
        "read": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "written": {"tickets": 2},
        "warnings": [],
        "rejected_file": None,
    }
    assert (run.state, run.progress, run.source, run.file_name) == ("done", 1.0, "generic", "file.csv")
    assert run.lease_until is None


def test_without_json_it_answers_in_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, [*TICKETS, "C,soon,open"])
    call_command("import_data", "tickets", str(path))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("3 rows read: 2 created, 0 updated, 0 unchanged, 1 rejected, in ")
    assert lines[1].startswith("Rejected rows: ")


def test_remarks_are_sentences_and_one_row_is_one_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, ["external_id,created_at,agent", "A,2026-01-02,Ann"])
    call_command("import_data", "tickets", str(path))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 row read: 1 created, 0 updated, 0 unchanged, 0 rejected, in ")
    assert lines[1] == "Agents that were not known yet; they were created. (1 time, for example Ann)"


def test_rejected_rows_are_kept_with_line_column_and_reason(tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, [*TICKETS, "C,soon,open"]))
    assert counts(answer) == (3, 2, 0, 0, 1)
    assert Path(answer["rejected_file"]).read_text("utf-8-sig").splitlines() == [
        "plumbline_line,plumbline_column,plumbline_reason,plumbline_message,external_id,created_at,status",
        "4,created_at,bad_time,“soon” is not a time; write it like 2026-03-31 14:05.,C,soon,open",
    ]
    row = RejectedRow.objects.get()
    assert (row.run_id, row.line, row.column, row.reason, row.row) == (
        answer["run"],
        4,
        "created_at",
        "bad_time",
        ["C", "soon", "open"],
    )


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, [*TICKETS, "C,soon,open"]), "--dry-run")
    assert counts(answer) == (3, 2, 0, 0, 1)
    assert Ticket.objects.count() == 0
    assert ImportRun.objects.get().is_dry_run


def test_a_dry_run_of_snapshots_counts_like_a_real_one(tmp_path: Path) -> None:
    dry = imported("ticket_events", servicenow(tmp_path), "--dry-run")
    real = imported("ticket_events", servicenow(tmp_path))
    for answer in (dry, real):
        del answer["run"], answer["seconds"]
    assert dry == real
    assert TicketEvent.objects.count() == real["written"]["ticket_events"]


def test_the_zone_of_times_is_the_organisations_unless_told(tmp_path: Path) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Tokyo"})
    path = written(tmp_path, TICKETS)
    imported("tickets", path)
    imported("tickets", path, "--tz", "Europe/Berlin", "--source", "other")
    found = Ticket.objects.filter(external_id="A").values_list("source", "created_at__hour")
    assert dict(found) == {"generic": 1, "other": 9}


def test_columns_and_values_as_the_options_say(tmp_path: Path) -> None:
    path = written(tmp_path, ["key,born,state", "A,3/4/2026,zu"])
    meanings = written(tmp_path, json.dumps({"status": {"zu": "closed"}, "channel": {"x": None}}), "map.json")
    options = ["--map", "external_id=key", "--map", "created_at=born", "--map", "status=state", "--day-first"]
    imported("tickets", path, *options, "--value-map", str(meanings))
    ticket = Ticket.objects.get()
    assert (ticket.status, f"{ticket.created_at:%Y-%m-%d}") == ("closed", "2026-04-03")


def test_an_order_of_dates_that_nothing_proves_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, ["external_id,created_at", "A,03/04/2026", "B,04/05/2026"])
    sentence = (
        "file.csv does not show whether day or month comes first in 03/04/2026: pass --day-first or --month-first."
    )
    assert refused("tickets", path) == sentence
    for option, month in (("--day-first", 4), ("--month-first", 3)):
        imported("tickets", path, option)
        assert Ticket.objects.get(external_id="A").created_at.month == month


def test_dates_with_dots_and_those_of_servicenow_are_no_question(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, ["external_id,created_at", "A,03.04.2026"]))
    assert Ticket.objects.get().created_at.month == 4
    assert ImportRun.objects.get().options["day_first"] is True
    path = servicenow(
        tmp_path, ["INC1,New,0,0,0,true,C,1/2/2016 10:00,By 1,1/2/2016 10:00,Email,L 1,?,4 - Low,Desk,?,?,?"]
    )
    imported("tickets", path)
    assert Ticket.objects.get(external_id="INC1").created_at.month == 2


@pytest.mark.parametrize("name", ["tickets.csv.gz", "tickets.jsonl", "tickets.xlsx"])
def test_the_same_tickets_out_of_every_kind_of_file(tmp_path: Path, name: str) -> None:
    imported("tickets", written(tmp_path, TICKETS))
    rows = [line.split(",") for line in TICKETS]
    if name.endswith(".gz"):
        path = written(tmp_path, gzip.compress("\n".join(TICKETS).encode()), name)
    elif name.endswith(".xlsx"):
        path = workbook(tmp_path, {"Tickets": rows}, name)
    else:
        path = written(tmp_path, [json.dumps(dict(zip(rows[0], row, strict=True))) for row in rows[1:]], name)
    assert counts(imported("tickets", path)) == (2, 0, 0, 2, 0)


HEADER = "external_id,created_at\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "file.csv is empty (0 bytes)."),
        (f"{HEADER}A,\0\n", "file.csv holds NUL bytes, the first in line 2; it is damaged or not a text file."),
        ("external_id:created_at\nA:2026-01-02\n",
         ("file.csv has no column for external_id, created_at; its columns are: external_id:created_at. "
          "Name it with --map external_id=COLUMN.")),
        ("external_id,status\nA,open\n",
         ("file.csv has no column for created_at; its columns are: external_id, status. "
          "Name it with --map created_at=COLUMN.")),
        (f"{HEADER}{HEADER}A,2026-01-02\n", "Line 2 of file.csv is a second header; delete it."),
        (f"Our tickets,\n{HEADER}A,2026-01-02\n",
         "Line 2 of file.csv looks like the header; delete the lines above it."),
        (f'{HEADER}A,2026-01-02\n"B,2026-01-02\n', "A quotation mark in line 3 of file.csv is never closed."),
    ],
)  # fmt: skip
def test_a_broken_file_gets_one_sentence_and_changes_nothing(tmp_path: Path, content: str, sentence: str) -> None:
    assert refused("tickets", written(tmp_path, content)) == sentence


def test_a_folder_a_missing_file_and_a_file_that_is_not_packed(tmp_path: Path) -> None:
    assert refused("tickets", tmp_path) == f"{tmp_path.name} is a folder, not a file."
    assert refused("tickets", tmp_path / "gone.csv") == "There is no file gone.csv."
    path = written(tmp_path, HEADER, "file.gz")
    assert refused("tickets", path) == "file.gz is not packed with gzip, although its name ends in .gz."


def test_a_file_damaged_far_behind_its_beginning_changes_nothing(tmp_path: Path) -> None:
    lines = [f"A{number},2026-01-02" for number in range(5_000)]
    packed = gzip.compress("\n".join([HEADER.strip(), *lines]).encode())
    path = written(tmp_path, packed[: len(packed) - 5], "file.csv.gz")
    assert refused("tickets", path) == "file.csv.gz is packed with gzip, but damaged or cut off; fetch it again."


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("orders", [], NO_COLUMN),
        ("cats", [], f"There is no kind of data cats; there are {READ}."),
        ("tickets", ["--format", "xml"],
         "There is no format xml; there are auto, generic, zendesk, freshdesk, hubspot, chatwoot, zammad, servicenow."),
        ("tickets", ["--tz", "Mars/Olympus"],
         "“Mars/Olympus” is not a time zone; write a name such as Europe/Berlin."),
        ("tickets", ["--tz", "Factory"], "“Factory” is not a time zone; write a name such as Europe/Berlin."),
        ("tickets", ["--map", "status=colour"],
         "file.csv has no column colour, which status is mapped to; its columns are: external_id, created_at, status."),
        ("tickets", ["--value-map", "gone.json"], "The value map gone.json cannot be read: No such file or directory."),
        ("tickets", ["--value-map", __file__], "The value map test_import_data.py is not JSON."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for(tmp_path: Path, kind: str, options: Sequence[str], sentence: str) -> None:
    assert refused(kind, written(tmp_path, TICKETS), *options) == sentence


def test_a_value_map_of_another_shape(tmp_path: Path) -> None:
    path = written(tmp_path, "[1]", "map.json")
    sentence = "The value map map.json must look like {column: {seen: meant}}."
    assert refused("tickets", written(tmp_path, TICKETS), "--value-map", str(path)) == sentence


@pytest.mark.parametrize(
    "options", [[], ["tickets"], ["tickets", "f", "--map", "x"], ["tickets", "f", "--source", " "]]
)
def test_wrong_usage_ends_with_2(options: Sequence[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        Command().run_from_argv(["manage.py", "import_data", *options])
    assert caught.value.code == 2
