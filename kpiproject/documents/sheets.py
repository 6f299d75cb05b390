"""Tables as files for other programs, however long: CSV and JSON as a stream, XLSX in a file beside the memory."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, Final

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from kpiproject.lib.cells import safe_cell

Cell = str | int | float | bool | datetime | date | None
Row = Sequence[Cell]

CSV: Final = "text/csv; charset=utf-8"
JSON: Final = "application/json"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Without the header; the format ends at 1,048,576 lines.
ROWS_PER_SHEET: Final = 1_048_575


class _Echo:
    """What the writer writes is handed back, so that every line leaves at once."""

    def write(self, text: str) -> str:
        return text


def as_csv(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """No cell is a formula. Instants are written with their offset."""
    writer = csv.writer(_Echo())
    yield writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        yield writer.writerow([_csv_cell(cell) for cell in row])


def as_json(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """A list with an object for every row."""
    start = "[\n"
    for row in rows:
        values = {name: _plain(cell) for name, cell in zip(header, row, strict=True)}
        yield start + json.dumps(values, ensure_ascii=False)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def as_xlsx(header: Sequence[str], rows: Iterable[Row], *, title: str) -> IO[bytes]:
    """A file to read from its beginning. Text stays text, also where it looks like a formula, a link or a number; rows
    beyond what a sheet can hold are on further sheets."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever reads it closes it)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }
    remaining, number = iter(rows), 1
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        first = next(remaining, None)
        while first is not None or number == 1:
            sheet = book.add_worksheet(_sheet_name(title, number))
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, header, bold)
            page = [] if first is None else _with_first(first, islice(remaining, ROWS_PER_SHEET - 1))
            for line, row in enumerate(page, start=1):
                sheet.write_row(line, 0, [_sheet_cell(cell) for cell in row])
            first, number = next(remaining, None), number + 1
    file.seek(0)
    return file


def response(kind: str, name: str, header: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """A download; `kind` is csv, json or xlsx."""
    if kind == "xlsx":
        file = as_xlsx(header, rows, title=name)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    write, content_type = _STREAMS[kind]
    found = StreamingHttpResponse(write(header, rows), content_type=content_type)
    found["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return found


_STREAMS: Final[Mapping[str, tuple[Callable[[Sequence[str], Iterable[Row]], Iterator[str]], str]]] = {
    "csv": (as_csv, CSV),
    "json": (as_json, JSON),
}


def _with_first(first: Row, rest: Iterable[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _sheet_name(title: str, number: int) -> str:
    """At most 31 characters, none of which a sheet cannot have."""
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()
    return plain[:27] if number == 1 else f"{plain[:27]} {number}"


def _csv_cell(cell: Cell) -> Any:
    plain = _plain(cell)
    return safe_cell(plain) if isinstance(plain, str) else plain


def _plain(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def _sheet_cell(cell: Cell) -> Any:
    """The format knows no time zones: an instant is written as the clock showed it."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    return datetime(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell  # noqa: DTZ001 (the same)
