import gzip
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics.sources.faults import FileFault
from metrics.sources.files import open_table
from metrics.sources.table import Line
from tests.metrics.importing import values, workbook, written

TEXT = "id,name\n1,Zoë\n2,“Ünï”\n"
CELLS = [["1", "Zoë"], ["2", "“Ünï”"]]


def cells(path: Path) -> list[list[str]]:
    return [list(line.cells) for line in open_table(path).records()]


def fault(path: Path, **options: str) -> str:
    with pytest.raises(FileFault) as caught:
        list(open_table(path, **options).records())
    return str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings_are_recognised(tmp_path: Path, encoding: str, label: str) -> None:
    path = written(tmp_path, TEXT.encode(encoding))
    assert cells(path) == CELLS
    assert open_table(path).encoding == label


def test_latin_1_is_what_has_no_windows_characters(tmp_path: Path) -> None:
    path = written(tmp_path, "id,name\n1,Zoë\n".encode("latin-1"))
    assert (cells(path), open_table(path).encoding) == ([["1", "Zoë"]], "Latin-1")


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_with_either_mark(tmp_path: Path, mark: bytes) -> None:
    text = TEXT.encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be")
    assert cells(written(tmp_path, mark + text)) == CELLS


def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT.encode())
    assert cells(written(tmp_path, packed, "file.csv.gz")) == CELLS
    assert cells(written(tmp_path, packed, "file.csv")) == CELLS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "when", "text"], ["1", "2026-01-02 03:04", "one"], ["2", "2026-01-02 03:05", "two"]]
    path = written(tmp_path, [delimiter.join(row) for row in rows])
    assert (cells(path), open_table(path).delimiter) == (rows[1:], delimiter)


def test_commas_in_text_do_not_outvote_the_real_delimiter(tmp_path: Path) -> None:
    path = written(tmp_path, ["id;text", "1;a, b, c", "2;d, e", '3;"f; g, h"'])
    assert cells(path) == [["1", "a, b, c"], ["2", "d, e"], ["3", "f; g, h"]]


def test_the_first_line_that_excel_writes_for_itself(tmp_path: Path) -> None:
    path = written(tmp_path, ["sep=;", "id;text", "1;a,b,c,d"])
    table = open_table(path)
    assert (table.header, table.header_line, table.delimiter) == (("id", "text"), 2, ";")
    assert list(table.records()) == [Line(3, ["1", "a,b,c,d"])]


def test_lines_are_numbered_as_an_editor_does(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,text\n1,"two\nlines"\n\n , \n2,last\n')
    assert list(open_table(path).records()) == [Line(2, ["1", "two\nlines"]), Line(6, ["2", "last"])]


def test_quotes_that_do_not_match_spoil_one_line_only(tmp_path: Path) -> None:
    path = written(tmp_path, ["id,text", '1,"a"b', "2,fine"])
    found = list(open_table(path).records())
    assert [(line.number, line.trouble and line.trouble.reason) for line in found] == [(2, "bad_quotes"), (3, None)]
    assert found[0].cells == ['1,"a"b']


def test_names_of_columns_are_told_apart(tmp_path: Path) -> None:
    assert open_table(written(tmp_path, "a,a,,a\n1,2,3,4\n")).header == ("a", "a (2)", "column 3", "a (3)")


def test_json_lines_are_cells_under_all_names_that_occur(tmp_path: Path) -> None:
    lines = ['{"id": 1, "on": true, "tags": ["a", "b"]}', "", '{"id": 2.5, "more": {"x": null}, "on": null}', "{oops"]
    table = open_table(written(tmp_path, lines, "file.jsonl"))
    assert table.header == ("id", "on", "tags", "more")
    found = list(table.records())
    assert found[:2] == [Line(1, ["1", "true", "a, b", ""]), Line(3, ["2.5", "", "", '{"x": null}'])]
    assert (found[2].number, found[2].trouble and found[2].trouble.reason) == (4, "bad_json")


def test_json_lines_with_what_no_database_stores(tmp_path: Path) -> None:
    lines = ['{"id": "a\\u0000b"}', '{"id": "\\ud800"}']
    found = list(open_table(written(tmp_path, lines, "file.jsonl")).records())
    assert [line.trouble and line.trouble.reason for line in found] == ["bad_character", "bad_character"]


def test_names_in_json_lines_that_no_database_stores_are_cleaned(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, ['{"id": "1", "a\\u0000b": "2", "c\\ud800": "3", "ab": "4"}'], "file.jsonl"))
    assert table.header == ("id", "ab", "c?", "ab (2)")
    assert list(table.records()) == [Line(1, ["1", "2", "3", "4"])]


def test_a_workbook_gives_text_as_a_csv_would(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "at", "text"], [1.0, "2026-01-02", "a"], [2.5, "", "b & c"]]
    table = open_table(workbook(tmp_path, {"Empty": [], "Tickets": rows, "More": [["x"]]}))
    assert (table.form, table.header) == ("xlsx", ("id", "at", "text"))
    assert list(table.records()) == [Line(2, ["1", "2026-01-02", "a"]), Line(3, ["2.5", "", "b & c"])]
    assert table.notes.as_list() == [{"code": "sheet_left_out", "count": 1, "example": "More"}]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "a.csv is empty (0 bytes)."),
        (b"id,name\n1,a\0b\n", "a.csv",
         "a.csv holds NUL bytes, the first in line 2; it is damaged or not a text file."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 9, "a.csv",
         "a.csv is not a table: it holds binary data. CSV, XLSX and JSON can be read."),
        (b"id,name\n1,a\n", "a.csv.gz", "a.csv.gz is not packed with gzip, although its name ends in .gz."),
        (gzip.compress(b"id,name\n" * 999, mtime=0)[:-9], "a.gz",
         "a.gz is packed with gzip, but damaged or cut off; fetch it again."),
        (b"\x1f\x8bnot gzip at all", "a.gz", "a.gz is packed with gzip, but damaged or cut off; fetch it again."),
        (b"PK\x03\x04 not a workbook", "a.xlsx",
         "a.xlsx is neither an Excel workbook (.xlsx) nor text, or it is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls",
         "a.xls is an old (.xls) or a locked Excel workbook; save it as .xlsx without a password."),
        (b'[\n{"id": 1},\n', "a.json",
         "a.json is not valid JSON after its record 1; it is damaged or cut off."),
        (b'id,text\n1,"never ends\n2,x\n', "a.csv", "A quotation mark in line 2 of a.csv is never closed."),
        (b"\xef\xbb\xbfid,name\n1,\xff\n", "a.csv", "a.csv is not valid UTF-8 text; save it as UTF-8."),
        (b"\xff\xfei\x00d\x00\x00\xd8\x00\xd8", "a.csv", "a.csv is not valid UTF-16 text; save it as UTF-8."),
        (b" , \n1,2\n", "a.csv", "a.csv has no header: its first line must name the columns."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, name: str, sentence: str
) -> None:
    assert fault(written(tmp_path, content, name)) == sentence


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_line_that_would_fill_the_memory_is_refused(tmp_path: Path, suffix: str) -> None:
    start = b'{"id": "1"}\n{"id": "' if suffix == ".jsonl" else b"id,name\n1,"
    packed = gzip.compress(start + b"x" * 10_000_001)
    sentence = "Line 2 of a.gz has more than 10,000,000 characters; it is no table, or damaged."
    assert fault(written(tmp_path, packed, "a.gz")) == sentence


def test_a_quotation_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    content = b'id,name\n1,"' + (b"x" * 1_000 + b'\n","') * 20_000 + b'"\n'
    sentence = "A quotation mark in line 2 of a.gz is never closed."
    assert fault(written(tmp_path, gzip.compress(content, 1), "a.gz")) == sentence


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_header_of_thousands_of_columns_is_refused(tmp_path: Path, suffix: str) -> None:
    names = [f"c{number}" for number in range(2_001)]
    content = json.dumps(dict.fromkeys(names, 1)) if suffix == ".jsonl" else ",".join(names)
    sentence = f"a{suffix} has more than 2,000 columns; leave out those that are not needed."
    assert fault(written(tmp_path, content, f"a{suffix}")) == sentence


def test_a_glance_looks_at_the_beginning_only(tmp_path: Path) -> None:
    path = written(tmp_path, [f'{{"c{number}": 1}}' for number in range(20)], "file.jsonl")
    assert open_table(path, look_at=25).header == ("c0", "c1", "c2")
    path = written(tmp_path, ["id,text", '1,"two', 'lines"', '2,"three', "more", 'lines"'])
    assert list(open_table(path, look_at=25).records()) == [Line(2, ["1", "two\nlines"])]


def test_the_first_lines_are_fewer_where_they_are_long(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, ["id,text", *[f"1,{'x' * 3_000_000}"] * 5]))
    assert len(table.head(5)) == 3


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"One": [["id"], ["1"]]})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/more.bin", "w") as more,
    ):
        for _ in range(301):
            more.write(bytes(1_000_000))
    assert fault(path) == "book.xlsx unpacks to more than 300 MB; split it or save it as CSV."


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="T1048576"><v>1</v></c></row>',
        "<row r = '999999' ><c>" + "<v>1</v></c><c>" * 21 + "</c></row>",
        '<x:row x=">" r="1048576"><x:c y="<" r="XFD1048576"><x:is><x:t>1</x:t></x:is></x:c></x:row>',
        "<row/>" * 20_000 + "<row>" + "<c/>" * 1_000 + "<c><v>1</v></c></row>",
    ],
)
def test_cells_far_apart_do_not_fill_the_memory(tmp_path: Path, far: str) -> None:
    sentence = "big.xlsx has more than 20,000,000 cells, counting empty ones in between; save it as CSV."
    assert fault(_with_rows(tmp_path, far)) == sentence


@pytest.mark.parametrize(
    "rows", ['<row r="1048576" s="1"><c r="T1048576" s="1"/></row>', '<row r="3"><c r="ZZ3"><v>1</v></c></row>']
)
def test_cells_without_a_value_and_wide_tables_are_harmless(tmp_path: Path, rows: str) -> None:
    assert open_table(_with_rows(tmp_path, rows)).header[0] == "id"


def _with_rows(folder: Path, rows: str) -> Path:
    path = workbook(folder, {"One": [["id"], ["1"]]})
    with zipfile.ZipFile(path) as small, zipfile.ZipFile(folder / "big.xlsx", "w", zipfile.ZIP_DEFLATED) as big:
        for name in small.namelist():
            text = small.read(name).decode()
            big.writestr(name, text.replace("</sheetData>", f"{rows}</sheetData>"))
    return folder / "big.xlsx"


def test_a_folder_and_nothing_are_no_tables(tmp_path: Path) -> None:
    assert fault(tmp_path, name="here") == "here is a folder, not a file."
    assert fault(tmp_path / "gone.csv") == "There is no file gone.csv."


def test_day_zero_of_a_workbook_is_no_time(tmp_path: Path) -> None:
    rows: list[list[object]] = [["external_id", "created_at", "solved_at"], ["A", 46083.5, 0]]
    path = _with_dates(workbook(tmp_path, {"Tickets": rows}))
    [line] = open_table(path).records()
    assert line.cells == ["A", "2026-03-02 12:00:00", "00:00:00"]
    [row] = values(path)
    assert (row["created_at"], row["solved_at"]) == (datetime(2026, 3, 2, 12, tzinfo=UTC), None)


def _with_dates(path: Path) -> Path:
    """The same workbook, with every number shown as a date and a time."""
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )
    dated = path.with_name("dated.xlsx")
    with zipfile.ZipFile(path) as plain, zipfile.ZipFile(dated, "w") as archive:
        for name in plain.namelist():
            archive.writestr(name, plain.read(name).replace(b"<c><v>", b'<c s="1"><v>'))
        archive.writestr("xl/styles.xml", styles)
    return dated


def test_a_workbook_without_cells(tmp_path: Path) -> None:
    assert fault(workbook(tmp_path, {"One": []})) == "book.xlsx is a workbook without any cell filled in."
