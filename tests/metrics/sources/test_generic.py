from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics.sources.rows import Fault, Row, Superseded
from tests.metrics.importing import reader, written


@pytest.mark.parametrize("text", ["1900-01-01 00:00:00", "0", "?", "NULL"])
def test_a_marker_for_nothing_is_named_where_a_value_is_needed(tmp_path: Path, text: str) -> None:
    [fault] = list(reader(written(tmp_path, ["external_id,created_at", f"A,{text}"])).items())
    assert isinstance(fault, Fault)
    assert (fault.column, fault.reason) == ("created_at", "missing_value")
    assert fault.message == f"created_at is missing: “{text}” stands for “nothing” here."


def test_a_ticket_with_everything_missing_that_may_be(tmp_path: Path) -> None:
    path = written(
        tmp_path, ["external_id,created_at,subject,agent,solved_at,reopens,is_spam,fcr", "A1,2026-01-02,?,-,NULL,N/A,,"]
    )
    (row,) = reader(path).items()
    assert isinstance(row, Row)
    assert row.values == {
        "external_id": "A1",
        "created_at": datetime(2026, 1, 2, tzinfo=UTC),
        "subject": "",
        "agent": "",
        "solved_at": None,
        "reopens": None,
        "is_spam": False,
        "fcr": None,
    }


def test_every_row_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    lines = [
        "external_id,created_at,reopens",
        ",2026-01-02,0",
        "A2,,0",
        "A3,soon,0",
        "A4,2026-01-02,-1",
        "A5,2026-01-02",
        "A6,2026-01-02,0,surplus",
        "A7,2026-01-02,0,",
        '"A8"x,2026-01-02,0',
    ]
    found = [item for item in reader(written(tmp_path, lines)).items() if isinstance(item, Fault)]
    assert [(fault.line, fault.column, fault.reason, fault.message) for fault in found] == [
        (2, "external_id", "missing_value", "external_id is missing."),
        (3, "created_at", "missing_value", "created_at is missing."),
        (4, "created_at", "bad_time", "“soon” is not a time; write it like 2026-03-31 14:05."),
        (5, "reopens", "bad_number", "“-1” is not a number from 0 on."),
        (6, "", "cell_count", "This line has 2 cells, the header has 3."),
        (7, "", "cell_count", "This line has 4 cells, the header has 3."),
        (9, "", "bad_quotes", "The quotation marks in this line do not match."),
    ]


def test_of_two_rows_of_a_ticket_the_last_counts(tmp_path: Path) -> None:
    lines = ["external_id,created_at,status", "A,2026-01-02,open", "B,2026-01-02,open", "A,2026-01-02,solved"]
    found = reader(written(tmp_path, lines))
    items = list(found.items())
    assert [item.values["status"] if isinstance(item, Row) else item for item in items] == [
        "open",
        Superseded(2),
        "solved",
    ]
    assert found.notes.as_list() == [{"code": "same_record_twice", "count": 1, "example": "line 2"}]


def test_equal_events_get_numbers(tmp_path: Path) -> None:
    lines = [
        "ticket,at,kind,to_value",
        "A,2026-01-02 10:00,status,open",
        "A,2026-01-02 10:00:00,Status,open",
        "A,2026-01-02 10:00,status,solved",
        "A,2026-01-02 10:01,status,open",
    ]
    rows = [item for item in reader(written(tmp_path, lines), "ticket_events").items() if isinstance(item, Row)]
    first, second, third, fourth = (row.values["occurrence"] for row in rows)
    assert sorted((first, second, third)) == [0, 1, 2]
    assert fourth == 0


@pytest.mark.parametrize(("proof", "numbers"), [("13/04/2026", [0, 1, 0]), ("04/13/2026", [0, 0, 0])])
def test_events_are_equal_in_the_order_of_dates_that_the_rest_of_the_file_proves(
    tmp_path: Path, proof: str, numbers: list[int]
) -> None:
    lines = ["ticket,at,kind", "T1,03/04/2026,reply", "T1,2026-04-03,reply", f"T1,{proof},reply"]
    rows = [item for item in reader(written(tmp_path, lines), "ticket_events").items() if isinstance(item, Row)]
    assert sorted(row.values["occurrence"] for row in rows) == sorted(numbers)


def test_events_with_an_id_of_their_own_may_occur_once(tmp_path: Path) -> None:
    lines = ["ticket,at,kind,external_id", "A,2026-01-02,note,9", "A,2026-01-02,note,9", "B,2026-01-02,note,9"]
    items = list(reader(written(tmp_path, lines), "ticket_events").items())
    assert [type(item) for item in items] == [Row, Superseded, Row]


def test_the_whole_file_settles_the_order_of_day_and_month(tmp_path: Path) -> None:
    lines = ["external_id,created_at", *(f"A{n},3/4/2026" for n in range(50)), "B,29/4/2026"]
    found = reader(written(tmp_path, lines))
    row = next(iter(found.items()))
    assert isinstance(row, Row)
    assert row.values["created_at"] == datetime(2026, 4, 3, tzinfo=UTC)
    assert found.notes.as_list() == []


@pytest.mark.parametrize(
    ("dates", "options", "open_date"),
    [
        (["3/4/2026", "4/5/2026"], {}, "3/4/2026"),
        (["3-4-2026 10:00"], {}, "3-4-2026"),
        (["3/4/2026"], {"day_first": True}, ""),
        (["3/4/2026"], {"day_first": False}, ""),
        (["03.04.2026"], {}, ""),  # with dots the day comes first
        (["3/3/2026", "12/12/2026 10:00"], {}, ""),  # the same either way
        (["3/4/2026", "13/4/2026"], {}, ""),
        ([*["2026-01-02"] * 3_000, "3/4/2026"], {}, "3/4/2026"),  # however late
    ],
)
def test_an_order_that_the_file_leaves_open_is_not_guessed(
    tmp_path: Path, dates: list[str], options: dict[str, bool], open_date: str
) -> None:
    path = written(tmp_path, ["external_id,created_at", *(f"A{n},{date}" for n, date in enumerate(dates))])
    assert reader(path, **options).open_date == open_date


def test_a_mended_file_comes_back_without_our_columns_and_marks(tmp_path: Path) -> None:
    lines = [
        "plumbline_line,plumbline_column,plumbline_reason,plumbline_message,external_id,created_at,subject,colour",
        "2,subject,bad,Bad.,'-7,2026-01-02,'=1+1,''quoted",
    ]
    (row,) = reader(written(tmp_path, lines)).items()
    assert isinstance(row, Row)
    found = (row.values["external_id"], row.values["subject"], row.values["extra"])
    assert found == ("-7", "=1+1", {"colour": "'quoted"})


@pytest.mark.parametrize(
    ("score", "scale", "is_good"), [(5, 5, True), (0, 5, True), (6, 5, False), (-1, 5, False), (9, "", True)]
)
def test_a_score_must_be_on_its_scale(tmp_path: Path, score: int, scale: int | str, is_good: bool) -> None:
    lines = ["external_id,created_at,satisfaction_score,satisfaction_scale", f"A,2026-01-02,{score},{scale}"]
    (item,) = reader(written(tmp_path, lines)).items()
    assert isinstance(item, Row if is_good else Fault)
    if isinstance(item, Fault):
        assert (item.reason, item.message) == ("score_out_of_scale", f"{score} is not on a scale up to 5.")
