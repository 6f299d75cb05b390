import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from metrics.sources.faults import FileFault
from metrics.sources.files import open_table
from metrics.sources.table import Line
from tests.metrics.importing import written

RECORDS = [{"id": 1, "text": "a"}, {"id": 2, "text": "b\n]} ,"}]
CELLS = [["1", "a"], ["2", "b\n]} ,"]]


def cells(path: Path) -> list[list[str]]:
    return [list(line.cells) for line in open_table(path).records()]


def pages(*documents: Any, indent: int | None = None) -> str:
    return "\n".join(json.dumps(one, indent=indent) for one in documents)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (pages(RECORDS), "json"),
        (pages(RECORDS, indent=2), "json"),
        (pages({"payload": RECORDS}), "json"),
        (pages({"count": 2, "meta": {"more": [1]}, "tickets": RECORDS, "users": [{"id": 9}]}, indent=1), "json"),
        (pages({"data": {"meta": {}, "payload": RECORDS}}), "json"),
        (pages({"tickets": RECORDS[:1], "next": 2}, {"tickets": RECORDS[1:], "next": None}), "json"),
        (pages(RECORDS[:1], RECORDS[1:], indent=2), "json"),
        (pages(*RECORDS, indent=2), "json"),
        (pages(*RECORDS), "jsonl"),
        ("\ufeff \n" + pages(RECORDS), "json"),
    ],
)
def test_every_shape_of_a_list(tmp_path: Path, content: str, form: str) -> None:
    path = written(tmp_path, content, "file.json")
    assert (open_table(path).form, cells(path)) == (form, CELLS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    content = json.dumps([{"id": 1, "text": "Zoë"}], ensure_ascii=False)
    assert cells(written(tmp_path, content.encode(encoding), "file.json")) == [["1", "Zoë"]]


def test_records_are_numbered_in_their_order(tmp_path: Path) -> None:
    path = written(tmp_path, pages([{"id": 1}, 7, {"id": None}, {"id": 3}]), "file.json")
    found = list(open_table(path).lines())
    assert [(line.number, list(line.cells), line.trouble and line.trouble.reason) for line in found] == [
        (1, ["1"], None),
        (2, ["7"], "bad_json"),
        (3, [""], None),
        (4, ["3"], None),
    ]


def test_a_record_with_lists_of_its_own_is_no_page(tmp_path: Path) -> None:
    content = pages({"id": 1, "events": [{"id": 8}], "data": {"items": [{"id": 9}]}})
    path = written(tmp_path, content, "file.json")
    assert open_table(path).header == ("id", "events", "data")
    assert open_table(written(tmp_path, json.dumps(json.loads(content), indent=1))).header == ("id", "events", "data")


def test_what_is_nested_becomes_columns_where_a_system_is_known_to_nest_it(tmp_path: Path) -> None:
    record = {
        "id": 1,
        "properties": {"subject": "s", "id": 2, "old": {"value": "v", "versions": []}},
        "meta": {"sender": {"email": "e"}, "assignee": None},
        "reply_time_in_minutes": {"calendar": 3, "business": None},
        "caller_id": {"display_value": "Ann", "link": "…"},
        "more": {"x": 1},
    }
    table = open_table(written(tmp_path, pages([record]), "file.json"))
    assert dict(zip(table.header, next(table.records()).cells, strict=True)) == {
        "id": "1",
        "subject": "s",
        "old": "v",
        "meta.sender.email": "e",
        "meta.assignee": "",
        "reply_time_in_minutes.calendar": "3",
        "reply_time_in_minutes.business": "",
        "caller_id": "Ann",
        "more": '{"x": 1}',
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "file.json holds no records: no list of objects, each with its fields, is in it."),
        (pages({"tickets": []}), "file.json holds no records: no list of objects, each with its fields, is in it."),
        (pages({"tickets": [1, 2]}, indent=1),
         "file.json holds no records: no list of objects, each with its fields, is in it."),
        ('[{"id": 1}, {"id": 2}', "file.json is not valid JSON after its record 2; it is damaged or cut off."),
        ('[{"id": 1}, {"id": 2, "te', "file.json is not valid JSON after its record 1; it is damaged or cut off."),
        ('[{"id": 1} {"id": 2}]', "file.json is not valid JSON after its record 1; it is damaged or cut off."),
        ('{\n"tickets": [{"id": 1}], 7: 8}',
         "file.json is not valid JSON after its record 1; it is damaged or cut off."),
        ('[{"id": ' + "[" * 100_000, "file.json is not valid JSON after its record 0; it is damaged or cut off."),
        ('[{"id": "' + "x" * 10_300_000 + '"}]',
         "A record of file.json has more than 10,000,000 characters; it is no table, or damaged."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(FileFault) as caught:
        list(open_table(written(tmp_path, content, "file.json")).records())
    assert str(caught.value) == sentence


def test_a_list_of_any_length_is_read_piece_by_piece(tmp_path: Path) -> None:
    records = [{"id": number, "text": "x" * 90_000} for number in range(300)]  # 27 MB on one line
    path = written(tmp_path, gzip.compress(json.dumps({"tickets": records}).encode(), 1), "file.json.gz")
    found = list(open_table(path).records())
    assert [line.cells[0] for line in found] == [str(number) for number in range(300)]
    assert {len(line.cells[1]) for line in found} == {90_000}


def test_a_glance_looks_at_the_beginning_only(tmp_path: Path) -> None:
    content = json.dumps([{"id": number, "text": "x" * 1_000} for number in range(2_000)])
    found = list(open_table(written(tmp_path, content, "file.json"), look_at=300_000).records())
    assert found[0] == Line(1, ["0", "x" * 1_000])
    assert 250 < len(found) < 1_000


@pytest.mark.parametrize("content", ["{oops\n1\n", "[1;2]\n3;4\n", "[x],b\n1,2\n"])
def test_what_only_begins_like_json_is_a_table(tmp_path: Path, content: str) -> None:
    assert open_table(written(tmp_path, content)).form == "csv"
