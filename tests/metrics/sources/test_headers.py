from pathlib import Path

import pytest

from metrics.sources.faults import FileFault, MissingColumn
from metrics.sources.rows import Fault, Row
from tests.metrics.importing import reader, written

LINE = "7,2026-01-02 03:04,open,90,blue"


def values(path: Path, **options: object) -> dict[str, object]:
    row = reader(path, **options).sample(1)[0]
    assert isinstance(row, Row)
    return row.values


@pytest.mark.parametrize("header", ["external_id,created_at", "External ID,Created At", "EXTERNALID,_created at_"])
def test_capitals_spaces_and_underscores_do_not_matter(tmp_path: Path, header: str) -> None:
    found = values(written(tmp_path, [f"{header},status,reported_first reply,Colour", LINE]))
    assert {name: found[name] for name in ("external_id", "status", "reported", "extra")} == {
        "external_id": "7",
        "status": "open",
        "reported": {"first_reply": 90},
        "extra": {"Colour": "blue"},
    }


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, ["key,opened,state,minutes,colour", LINE])
    mapping = {
        "external_id": "KEY", "created_at": "opened", "status": "state", "reported_reply": "minutes",
        "subject": "colour",
    }  # fmt: skip
    found = values(path, mapping=mapping)
    assert (found["external_id"], found["status"], found["subject"]) == ("7", "open", "blue")
    assert found["reported"] == {"reply": 90}
    assert "extra" not in found


def test_a_column_can_be_left_unused(tmp_path: Path) -> None:
    path = written(tmp_path, ["external_id,created_at,status,a,b", LINE])
    found = values(path, mapping={"status": ""})
    assert "status" not in found
    assert found["extra"] == {"status": "open", "a": "90", "b": "blue"}


def test_values_can_be_given_another_meaning(tmp_path: Path) -> None:
    path = written(tmp_path, ["external_id,created_at,status,is_spam,b", "7,2026-01-02,OPEN,ja,x"])
    found = values(path, value_map={"status": {"open": "new"}, "is_spam": {"Ja": "true"}})
    assert (found["status"], found["is_spam"]) == ("new", True)


def fault(path: Path, **options: object) -> str:
    with pytest.raises(FileFault) as caught:
        reader(path, **options)
    return str(caught.value)


def test_a_missing_column_is_named_with_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, ["key,created_at,x", "1,2026-01-02,y"])
    with pytest.raises(MissingColumn) as caught:
        reader(path)
    assert str(caught.value) == "file.csv has no column for external_id; its columns are: key, created_at, x."
    assert caught.value.columns == ("external_id",)


def test_a_delimiter_that_nobody_knows_shows_as_one_column(tmp_path: Path) -> None:
    path = written(tmp_path, ["external_id§created_at", "1§2026-01-02"])
    expected = "file.csv has no column for external_id, created_at; its columns are: external_id§created_at."
    assert fault(path) == expected


def test_lines_above_the_header_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, ["Tickets of March,", ",", "external_id,created_at", "1,2026-01-02"])
    assert fault(path) == "Line 3 of file.csv looks like the header; delete the lines above it."


@pytest.mark.parametrize("second", ["external_id,created_at,x", "External Id,Created,x", "external_id,,created_at"])
def test_a_second_header_is_told(tmp_path: Path, second: str) -> None:
    path = written(tmp_path, ["external_id,created_at,x", second, "1,2026-01-02,y"])
    assert fault(path) == "Line 2 of file.csv is a second header; delete it."


def test_a_mapping_must_fit_the_file_and_the_contract(tmp_path: Path) -> None:
    path = written(tmp_path, ["external_id,created_at", "1,2026-01-02"])
    message = "file.csv has no column colour, which status is mapped to; its columns are: external_id, created_at."
    assert fault(path, mapping={"status": "colour"}) == message
    assert fault(path, mapping={"colour": "created_at"}).startswith(
        "There is no canonical column colour; there are external_id, customer,"
    )


@pytest.mark.parametrize(
    "header",
    [
        "External-ID,created.at,status,agent,x",
        "Ticket ID,Created,State,Assignee,x",
        "Number,Created date/time,Ticket status,Owner,x",
        "Id,Opened,STATUS,Assigned to,x",
    ],
)
def test_other_words_for_our_columns_are_understood(tmp_path: Path, header: str) -> None:
    found = values(written(tmp_path, [header, "7,2026-01-02,open,Ann,blue"]))
    assert (found["external_id"], found["status"], found["agent"], found["extra"]) == (
        "7",
        "open",
        "Ann",
        {"x": "blue"},
    )
    assert str(found["created_at"]) == "2026-01-02 00:00:00+00:00"


def test_another_word_takes_no_column_that_is_named_exactly(tmp_path: Path) -> None:
    header = "Id,external_id,created_at,created,Requester email,Group,Via,Solved,First response"
    found = values(written(tmp_path, [header, "1,7,2026-01-02,x,a@b.test,Desk,Mail,2026-01-04,2026-01-03"]))
    assert (found["external_id"], found["extra"]) == ("7", {"Id": "1", "created": "x"})
    assert (found["customer_email"], found["team"], found["channel"]) == ("a@b.test", "Desk", "Mail")
    assert [str(found[name])[:10] for name in ("first_agent_reply_at", "solved_at")] == ["2026-01-03", "2026-01-04"]


def test_events_have_other_words_too(tmp_path: Path) -> None:
    path = written(tmp_path, ["Ticket ID,Timestamp,Event,Old value,New value", "7,2026-01-02,status,open,solved"])
    row = reader(path, "ticket_events").sample(1)[0]
    assert isinstance(row, Row)
    assert (row.values["ticket"], row.values["kind"], row.values["to_value"]) == ("7", "status", "solved")


@pytest.mark.parametrize("second", ["status", "Status", " STATUS "])
def test_two_columns_of_one_name_that_differ_are_refused(tmp_path: Path, second: str) -> None:
    path = written(tmp_path, [f"external_id,created_at,status,{second}", "1,2026-01-02,a,a", "2,2026-01-02,a,b"])
    name = "status (2)" if second == "status" else second.strip()
    assert fault(path) == (
        f"file.csv has two columns called status, which differ in line 3; say which of them counts, status or {name}, "
        "or delete one."
    )
    assert reader(path, mapping={"status": name}).sample(2)[1].values["status"] == "b"


@pytest.mark.parametrize("header", ["external_id,created_at,status,status,x", "external_id,created_at,status,x,x"])
def test_two_columns_of_one_name_are_noted(tmp_path: Path, header: str) -> None:
    found = reader(written(tmp_path, [header, "1,2026-01-02,a,a,a"]))
    assert [(note["code"], note["count"]) for note in found.notes.as_list()] == [("duplicate_header", 1)]


def test_a_row_tells_all_that_is_wrong_with_it(tmp_path: Path) -> None:
    path = written(tmp_path, ["external_id,created_at,reopens,is_spam", ",soon,many,perhaps"])
    row = reader(path).sample(1)[0]
    assert isinstance(row, Fault)
    assert (row.column, row.reason) == ("created_at", "bad_time")
    assert row.message == (
        "“soon” is not a time; write it like 2026-03-31 14:05. reopens: “many” is not a whole number. "
        "is_spam: “perhaps” is neither true nor false. external_id is missing."
    )
