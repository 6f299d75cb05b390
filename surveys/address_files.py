"""Read who to ask out of an uploaded file, row by row: what one row lacks is said of that row, and the others count."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any, Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, load_workbook

from kpiproject.lib import extents
from surveys import address_lists, contacts
from surveys.address_lists import AddressListError, Row
from surveys.screening import Invitee

MOST_ROWS: Final = 20_000
_TEXT_SHOWN: Final = 200
_MOST_UNPACKED: Final = 100_000_000  # bytes; a workbook is held in memory as a whole
_MOST_CELLS: Final = 2_000_000

Cells = list[str]


@dataclass(frozen=True)
class Line:
    """A row that names somebody."""

    number: int
    invitee: Invitee


@dataclass(frozen=True)
class BadLine:
    """A row that cannot be understood, as it stands in the file, and what is wrong with it."""

    number: int
    text: str
    reason: str


@dataclass
class Sheet:
    lines: list[Line] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)


def read(name: str, data: bytes) -> Sheet:
    """CSV with any delimiter, or the first sheet of an Excel file. Raises AddressListError if nothing can be read."""
    rows = _numbered(name, data)
    first = next(rows, None)
    if first is None:
        raise AddressListError(_("%(file)s is empty.") % {"file": name})
    columns = [address_lists.column(cell) for cell in first[1]]
    if address_lists.EMAIL_NAMES.isdisjoint(columns):
        return _headless(name, first, rows)
    sheet = Sheet()
    for number, cells in rows:
        _take(sheet, number, cells, columns)
        _check_size(name, sheet)
    if not sheet.lines and not sheet.bad:
        raise AddressListError(_("%(file)s names nobody.") % {"file": name})
    return sheet


def _take(sheet: Sheet, number: int, cells: Cells, columns: Sequence[str]) -> None:
    if any(cell.strip() for cell in cells[len(columns) :]):
        said = _("The row has %(count)s columns, the header has %(expected)s.") % {
            "count": len(cells),
            "expected": len(columns),
        }
        sheet.bad.append(_bad(number, cells, said))
        return
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    invitee = address_lists.invitee_of(Row(number, dict(zip(columns, padded, strict=False))))
    if not invitee.email:
        sheet.bad.append(_bad(number, cells, _("The row has no e-mail address.")))
    elif not contacts.is_address(contacts.normalise(invitee.email)):
        said = _("“%(email)s” is not an e-mail address.") % {"email": invitee.email[:100]}
        sheet.bad.append(_bad(number, cells, said))
    else:
        sheet.lines.append(Line(number, invitee))


def _headless(name: str, first: tuple[int, Cells], rows: Iterator[tuple[int, Cells]]) -> Sheet:
    """A bare list of addresses; anything else needs a header that says which column they are in."""
    if not any("@" in cell for cell in first[1]):
        shown = ", ".join(cell for cell in first[1] if cell)[:80]
        raise AddressListError(
            _("%(file)s has no column with e-mail addresses: its first line is “%(line)s”. Name one of them “email”.")
            % {"file": name, "line": shown}
        )
    sheet = Sheet()
    for number, cells in (first, *rows):
        for cell in filter(str.strip, cells):
            _take(sheet, number, [cell] if "<" not in cell else _parted(cell), ["email", "name"])
        _check_size(name, sheet)
    return sheet


def _parted(cell: str) -> Cells:
    (invitee,) = address_lists.from_text(cell.replace(",", " "))
    return [invitee.email, invitee.name]


def _check_size(name: str, sheet: Sheet) -> None:
    if len(sheet.lines) + len(sheet.bad) > MOST_ROWS:
        raise AddressListError(
            _("%(file)s has more than %(most)s rows. Split it, or use manage.py invite.")
            % {"file": name, "most": MOST_ROWS}
        )


def _bad(number: int, cells: Cells, reason: str) -> BadLine:
    text = "; ".join(cell for cell in cells if cell)
    return BadLine(number, contacts.one_line(text)[:_TEXT_SHOWN], reason)


# --- Rows out of bytes --------------------------------------------------------------------------------------------
def _numbered(name: str, data: bytes) -> Iterator[tuple[int, Cells]]:
    """The rows that are not empty, with their numbers as a spreadsheet shows them."""
    found = _from_workbook(name, data) if data.startswith(b"PK\x03\x04") else _from_text(name, data)
    return ((number, cells) for number, cells in found if any(cell.strip() for cell in cells))


def _from_workbook(name: str, data: bytes) -> Iterator[tuple[int, Cells]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            extents.check(archive, most_unpacked=_MOST_UNPACKED, most_cells=_MOST_CELLS)
        book = load_workbook(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (extents.UnpacksTooMuchError, extents.TooManyCellsError) as error:
        message = _("%(file)s is too large to be read, counting the empty cells in between. Save it as CSV.")
        raise AddressListError(message % {"file": name}) from error
    except (CalamineError, IndexError, ValueError, *extents.DAMAGED) as error:
        raise AddressListError(_("%(file)s cannot be read as an Excel file.") % {"file": name}) from error
    return ((number, [_as_text(value) for value in row]) for number, row in enumerate(rows, start=1))


def _as_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).replace("\x00", "")


def _from_text(name: str, data: bytes) -> Iterator[tuple[int, Cells]]:
    text = _decoded(data)
    if "\x00" in text:
        raise AddressListError(_("%(file)s is not a text file and not an Excel file.") % {"file": name})
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t|", key=first.count))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise AddressListError(
            _("%(file)s, line %(number)s cannot be read as CSV: %(reason)s.")
            % {"file": name, "number": reader.line_num, "reason": error}
        ) from error


def _decoded(data: bytes) -> str:
    """UTF-8 and UTF-16 say what they are; what is neither was written by an old Windows program."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
