import csv
import io
import json
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from kpiproject.documents import sheets

HEADER = ("=name", "text", "number", "at", "day", "nothing")
AT = datetime(2026, 3, 2, 12, 30, tzinfo=timezone(timedelta(hours=1)))
ROW = ("Ada", "=1+1", 2.5, AT, date(2026, 3, 2), None)
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'x"]


def test_csv_has_no_formulas_and_instants_with_their_offset():
    lines = list(csv.reader(io.StringIO("".join(sheets.as_csv(HEADER, [ROW])))))
    assert lines == [
        ["'=name", "text", "number", "at", "day", "nothing"],
        ["Ada", "'=1+1", "2.5", "2026-03-02T12:30:00+01:00", "2026-03-02", ""],
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_cell_is_never_a_formula(text):
    [[cell]] = csv.reader(io.StringIO("".join(sheets.as_csv(["a"], [[text]])).partition("\r\n")[2], newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("rows", [[], [ROW], [ROW, ROW]])
def test_json_is_a_list_of_objects(rows):
    found = json.loads("".join(sheets.as_json(HEADER, rows)))
    assert found == [
        {
            "=name": "Ada",
            "text": "=1+1",
            "number": 2.5,
            "at": "2026-03-02T12:30:00+01:00",
            "day": "2026-03-02",
            "nothing": None,
        }
        for _row in rows
    ]


def read(file) -> dict[str, Any]:
    with file:
        book = CalamineWorkbook.from_filelike(file)
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_xlsx_keeps_text_as_text_numbers_as_numbers_and_times_as_the_clock_showed_them():
    [(name, lines)] = read(sheets.as_xlsx(HEADER, [ROW], title="csat: a/b*[c]?")).items()
    assert name == "csat  a b  c"
    assert lines[0] == list(HEADER)
    assert lines[1][:5] == ["Ada", "=1+1", 2.5, datetime(2026, 3, 2, 12, 30), date(2026, 3, 2)]  # noqa: DTZ001 (no zones in a sheet)


@pytest.mark.parametrize("text", [*DANGEROUS, "https://example.org", "007", "1e5"])
def test_xlsx_cell_is_never_a_formula_a_link_or_a_number(text):
    with sheets.as_xlsx(["a"], [[text]], title="t") as file, zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "hyperlink" in sheet, 't="inlineStr"' in sheet) == (False, False, True)


def test_xlsx_without_rows_has_its_header():
    assert list(read(sheets.as_xlsx(["a"], [], title="t")).values()) == [[["a"]]]


def test_rows_beyond_a_sheet_are_on_the_next(monkeypatch):
    monkeypatch.setattr(sheets, "ROWS_PER_SHEET", 2)
    found = read(sheets.as_xlsx(["n"], [[number] for number in range(5)], title="many"))
    assert {name: [row[0] for row in rows] for name, rows in found.items()} == {
        "many": ["n", 0, 1],
        "many 2": ["n", 2, 3],
        "many 3": ["n", 4],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_memory_does_not_grow_with_the_rows(kind):
    def peak(count: int) -> int:
        rows = ([number, "words " * 20, datetime.now(UTC)] for number in range(count))
        tracemalloc.start()
        response = sheets.response(kind, "x", ["n", "text", "at"], rows)
        for _part in response:
            pass
        response.close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    few = peak(300)
    assert peak(3000) < few + 600_000


def test_download_has_its_name_and_type():
    response = sheets.response("csv", "csat-rows", ["a"], [])
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="csat-rows.csv"',
    )
