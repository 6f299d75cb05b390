import zipfile
from io import BytesIO

import pytest

from kpiproject.lib import extents
from kpiproject.lib.extents import NoWorkbookError, TooManyCellsError, UnpacksTooMuchError


def archive(rows: str = "", *, book: str = "xl/workbook.xml") -> zipfile.ZipFile:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(book, "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return zipfile.ZipFile(data)


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def test_sheet_counts_as_a_rectangle_up_to_its_last_value():
    assert extents.cells(archive("<row><c><v>1</v></c></row>")) == 1
    assert extents.cells(archive('<row r="3"><c r="B3"><v>1</v></c><c r="ZZ3"/></row>')) == 6
    assert extents.cells(archive(FAR)) == 1_048_576 * 16_384


@pytest.mark.parametrize(
    ("made", "most_unpacked", "error"),
    [
        (archive(FAR), 10_000, TooManyCellsError),
        (archive("<row/>" * 10_000), 10_000, UnpacksTooMuchError),
        (archive(book="content.xml"), 10_000, NoWorkbookError),
        (archive(book="xl/workbook.bin"), 10_000, NoWorkbookError),
    ],
)
def test_what_would_fill_the_memory_or_cannot_be_measured_is_refused(made, most_unpacked, error):
    with pytest.raises(error):
        extents.check(made, most_unpacked=most_unpacked, most_cells=1_000_000)


def test_usual_workbook_passes():
    extents.check(archive("<row><c><v>1</v></c></row>"), most_unpacked=10_000, most_cells=1)
