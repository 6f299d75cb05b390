"""Which rejected rows still wait after a later import."""

from pathlib import Path

import pytest

from metrics import ingest
from metrics.models import ImportRun, RejectedRow
from metrics.queries import quality
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

HEADER = "external_id,created_at,subject"
LINES = [HEADER, "A,2026-01-02,fine", "B,soon,two", "C,never,three", ",2026-01-02,nameless"]


def waiting() -> list[tuple[str, int]]:
    rows = RejectedRow.objects.exclude(reason__startswith=RejectedRow.SETTLED).select_related("run")
    found = [(row.run.file_name, row.line) for row in rows.order_by("run_id", "line")]
    counted = [one.count for one in quality.findings("UTC") if one.kind == "rejected_rows"]
    assert counted == ([len(found)] if found else [])
    return found


@pytest.fixture
def rejected(tmp_path: Path) -> str:
    answer = imported("tickets", written(tmp_path, LINES, "first.csv"))
    assert waiting() == [("first.csv", 3), ("first.csv", 4), ("first.csv", 5)]
    return Path(answer["rejected_file"]).read_text("utf-8-sig")


def test_mended_rows_wait_no_more(tmp_path: Path, rejected: str) -> None:
    mended = rejected.replace("soon,", "2026-01-03,").replace(",,2026-01-02,nameless", ",D,2026-01-02,nameless")
    answer = imported("tickets", written(tmp_path, mended, "mended.csv"))
    assert (answer["created"], answer["rejected"]) == (2, 1)
    assert waiting() == [("mended.csv", 3)]  # the one that was not mended, once
    assert [row.is_settled for row in RejectedRow.objects.order_by("run_id", "line")] == [True, True, True, False]
    text = Path(answer["rejected_file"]).read_text("utf-8-sig")
    assert imported("tickets", written(tmp_path, text.replace("never,", "2026-01-04,"), "again.csv"))["created"] == 1
    assert waiting() == []


def test_rows_that_were_left_out_of_the_mended_file_still_wait(tmp_path: Path, rejected: str) -> None:
    header, first, *_others = rejected.replace("soon,", "2026-01-03,").splitlines()
    imported("tickets", written(tmp_path, [header, first], "mended.csv"))
    assert waiting() == [("first.csv", 4), ("first.csv", 5)]


@pytest.mark.usefixtures("rejected")
def test_the_same_record_in_a_later_file_settles_it(tmp_path: Path) -> None:
    imported(
        "tickets", written(tmp_path, ["subject,external_id,created_at", "two,B,2026-01-03", "x,C,soon"], "new.csv")
    )
    assert waiting() == [("first.csv", 5), ("new.csv", 3)]


@pytest.mark.parametrize("options", [("--source", "other"), ("--dry-run",)])
def test_another_source_or_a_dry_run_settles_nothing(tmp_path: Path, rejected: str, options: tuple[str, ...]) -> None:
    imported("tickets", written(tmp_path, rejected.replace("soon,", "2026-01-03,"), "mended.csv"), *options)
    assert waiting_lines("first.csv") == [3, 4, 5]


def waiting_lines(name: str) -> list[int]:
    rows = RejectedRow.objects.filter(run__file_name=name).exclude(reason__startswith=RejectedRow.SETTLED)
    return list(rows.order_by("line").values_list("line", flat=True))


def test_another_event_of_the_same_ticket_settles_nothing(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, [HEADER, "A,2026-01-02,fine"]))
    head = "ticket,at,kind"
    answer = imported("ticket_events", written(tmp_path, [head, "A,soon,reply", "A,never,note"], "events.csv"))
    imported("ticket_events", written(tmp_path, [head, "A,2026-01-03,reply"], "others.csv"))
    assert waiting_lines("events.csv") == [2, 3]
    text = Path(answer["rejected_file"]).read_text("utf-8-sig").replace("soon,", "2026-01-04,")
    assert imported("ticket_events", written(tmp_path, text, "mended.csv"))["created"] == 1
    assert waiting_lines("events.csv") == []
    assert waiting_lines("mended.csv") == [3]


def test_the_second_line_of_another_file_is_not_meant(tmp_path: Path) -> None:
    answers = [imported("tickets", written(tmp_path, [HEADER, f"{name},soon,x"], f"{name}.csv")) for name in "AB"]
    text = Path(answers[0]["rejected_file"]).read_text("utf-8-sig").replace("soon,", "2026-01-04,")
    imported("tickets", written(tmp_path, text, "mended.csv"))
    assert (waiting_lines("A.csv"), waiting_lines("B.csv")) == ([], [2])


def test_what_an_undone_import_settled_waits_again(tmp_path: Path, rejected: str) -> None:
    answer = imported("tickets", written(tmp_path, rejected.replace("soon,", "2026-01-03,"), "mended.csv"))
    assert waiting_lines("first.csv") == []
    run = ImportRun.objects.get(pk=answer["run"])
    assert ingest.ask_to_undo(run)
    ingest.undo(run.pk)
    assert waiting_lines("first.csv") == [3, 4, 5]
    assert set(RejectedRow.objects.filter(run__file_name="first.csv").values_list("reason", flat=True)) == {
        "bad_time",
        "missing_value",
    }
