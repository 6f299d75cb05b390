"""Excel workbooks (.xlsx): the first sheet that holds anything."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, XmlError, ZipError

from kpiproject.lib import extents
from metrics.sources.faults import FileFault, Notes
from metrics.sources.table import Line, Table, checked_header

type_of_cell = int | float | str | bool | time | date | datetime | timedelta
_MOST_UNPACKED: Final = 300_000_000  # bytes; a workbook is held in memory as a whole
_MOST_CELLS: Final = 20_000_000
_BROKEN: Final = (
    CalamineError,
    PasswordError,
    XmlError,
    ZipError,
    extents.NoWorkbookError,
    *extents.DAMAGED,
)


def read(path: Path, name: str) -> Table:
    """Raises FileFault for anything but a workbook with a header."""
    sheets = _sheets(path, name)
    if not sheets:
        raise FileFault(_("%(name)s is a workbook without any cell filled in.") % {"name": name})
    sheet, notes = sheets[0], Notes()
    for other in sheets[1:]:
        notes.add("sheet_left_out", other.name)
    first_line = (sheet.start or (0, 0))[0] + 1

    def lines() -> Iterator[Line]:
        numbered = enumerate(sheet.iter_rows(), start=first_line)
        next(numbered, None)
        return (Line(number, [_text(cell) for cell in row]) for number, row in numbered)

    head: list[type_of_cell] = next(iter(sheet.iter_rows()), [])
    return Table(
        name=name,
        form="xlsx",
        header=checked_header(name, [_text(cell) for cell in head]),
        header_line=first_line,
        lines=lines,
        notes=notes,
    )


def _sheets(path: Path, name: str) -> list[CalamineSheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(name, archive)
        workbook = CalamineWorkbook.from_path(path)
        sheets = [workbook.get_sheet_by_name(title) for title in workbook.sheet_names]
    except _BROKEN as error:
        message = _("%(name)s is neither an Excel workbook (.xlsx) nor text, or it is damaged.")
        raise FileFault(message % {"name": name}) from error
    return [sheet for sheet in sheets if sheet.height]


def _refuse_bomb(name: str, archive: zipfile.ZipFile) -> None:
    try:
        extents.check(archive, most_unpacked=_MOST_UNPACKED, most_cells=_MOST_CELLS)
    except extents.UnpacksTooMuchError as error:
        message = _("%(name)s unpacks to more than 300 MB; split it or save it as CSV.")
        raise FileFault(message % {"name": name}) from error
    except extents.TooManyCellsError as error:
        message = _("%(name)s has more than 20,000,000 cells, counting empty ones in between; save it as CSV.")
        raise FileFault(message % {"name": name}) from error


def _text(cell: type_of_cell) -> str:
    """What the cell would say in a CSV: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return _whole_second(cell).isoformat(sep=" ")
    return str(cell).replace("\0", "")


def _whole_second(at: datetime) -> datetime:
    """Excel counts days in fractions; what is off by less than a millisecond is an error of that arithmetic."""
    rest = at.microsecond
    if rest < 1000:
        return at.replace(microsecond=0)
    return at.replace(microsecond=0) + timedelta(seconds=1) if rest > 999_000 else at
