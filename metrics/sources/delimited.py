"""CSV with any delimiter. Broken quotes are noticed: a lenient reader would shift or swallow cells in silence."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from metrics.sources.faults import FileFault
from metrics.sources.table import Line, Table, Trouble, checked_header
from metrics.sources.textfile import TextFile

DELIMITERS: Final = (",", ";", "\t", "|", "^", "~")
_LONGEST_CELL: Final = 10_000_000
_LONGEST_RECORD: Final = 2 * _LONGEST_CELL
_SAMPLE_LINES: Final = 400
_IN_QUOTATION: Final = "unexpected end"  # what the csv module says
_SAMPLE_CHARACTERS: Final = 1_000_000
_SAMPLE_RECORDS: Final = 100

csv.field_size_limit(_LONGEST_CELL)


def read(file: TextFile) -> Table:
    """Raises FileFault when nothing in the file could be a header."""
    sample = _sample(file)
    told = _told_delimiter(sample)
    delimiter = told or max(DELIMITERS, key=lambda candidate: _fit(sample, candidate))
    skipped = 1 if told else 0

    def lines() -> Iterator[Line]:
        return islice(_records(file, delimiter, skipped), 1, None)

    first = next(_records(file, delimiter, skipped), Line(1, []))
    if first.trouble:
        message = _("Line %(line)s of %(name)s, the header, cannot be read: its quotation marks do not match.")
        raise FileFault(message % {"line": first.number, "name": file.name})
    return Table(
        name=file.name,
        form="csv",
        header=checked_header(file.name, first.cells),
        header_line=first.number,
        lines=lines,
        encoding=file.encoding_label,
        delimiter=delimiter,
    )


def _sample(file: TextFile) -> list[str]:
    found: list[str] = []
    size = 0
    for line in islice(file.lines(), _SAMPLE_LINES):
        found.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    return found


def _told_delimiter(sample: list[str]) -> str:
    """Excel writes `sep=;` as a first line for itself."""
    first = sample[0].lstrip("\ufeff").rstrip("\r\n") if sample else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else ""


def _fit(sample: list[str], delimiter: str) -> tuple[float, int]:
    """How well a delimiter explains the sample: the share of records with as many cells as the first, and how many."""
    lengths: list[int] = []
    reader = csv.reader(iter(sample), delimiter=delimiter)
    try:
        lengths.extend(len(cells) for cells in islice(reader, _SAMPLE_RECORDS) if any(cells))
    except csv.Error:
        return 0.0, 0
    if not lengths or lengths[0] < 2:
        return 0.0, 0
    return round(lengths.count(lengths[0]) / len(lengths), 1), lengths[0]


class _Lines:
    """Hands lines to the csv reader and keeps those of the record in hand."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.record: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        """Stops in a record that would fill the memory: its quotation is not meant as one."""
        for line in self._lines:
            self._size = self._size + len(line) if self.record else len(line)
            if self._size > _LONGEST_RECORD:
                return
            self.record.append(line)
            yield line


def _records(file: TextFile, delimiter: str, skipped: int) -> Iterator[Line]:
    """All records from the header on. Blank lines have no cells. Raises FileFault for a quotation without an end."""
    lines = _Lines(islice(file.lines(), skipped, None))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    is_first = True
    while True:
        number = reader.line_num + skipped + 1
        lines.record.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if file.is_cut and _IN_QUOTATION in str(error):
                return
            yield _troubled(file.name, Line(number, ["".join(lines.record).rstrip("\r\n")]), str(error))
            continue
        if cells or not is_first:
            is_first = False
            yield Line(number, cells)


def _troubled(name: str, line: Line, error: str) -> Line:
    if _IN_QUOTATION in error:
        message = _("A quotation mark in line %(line)s of %(name)s is never closed.")
        raise FileFault(message % {"line": line.number, "name": name})
    if "field larger" in error:
        return line._replace(trouble=Trouble("too_long", _("A cell has more than 10,000,000 characters.")))
    message = _("The quotation marks in this line do not match.")
    return line._replace(trouble=Trouble("bad_quotes", message))
