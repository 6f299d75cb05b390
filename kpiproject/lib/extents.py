"""How many cells a workbook takes in memory. Sheets are unpacked as rectangles up to the last filled row and column,
so that two cells far apart cost as much as all between them."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_CHUNK: Final = 1 << 20
# A row, a cell, where either says that it is, and a value.
_STEP: Final = re.compile(rb"[<:](row|c|v|is)(?=[\s/>])|\sr\s*=\s*[\"']([A-Za-z]{0,6})([0-9]{1,9})")

# What comes of a file that is no archive, or a damaged or locked one.
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, UnicodeError)


class NoWorkbookError(ValueError):
    """An archive of something else, such as a sheet in another format, whose size nobody can tell."""


class UnpacksTooMuchError(ValueError):
    """More bytes than are allowed."""


class TooManyCellsError(ValueError):
    """More cells than are allowed, counting empty ones in between."""


def check(archive: zipfile.ZipFile, *, most_unpacked: int, most_cells: int) -> None:
    """To be called before a workbook (.xlsx) is read. Raises the errors above, and those of `cells`."""
    if not any(entry.filename.lower().endswith("workbook.xml") for entry in archive.infolist()):
        raise NoWorkbookError
    if sum(entry.file_size for entry in archive.infolist()) > most_unpacked:
        raise UnpacksTooMuchError
    if cells(archive) > most_cells:
        raise TooManyCellsError


def cells(archive: zipfile.ZipFile) -> int:
    """Of all sheets together, at least. Raises what zipfile does for parts that are damaged or lie about their size."""
    return sum(_cells(archive, entry) for entry in archive.infolist())


def _cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    row = column = last_row = last_column = 0
    for tag, letters, digits in _steps(archive, entry):
        if tag == b"row":
            row, column = row + 1, 0
        elif tag == b"c":
            column += 1
        elif tag:
            last_row = max(last_row, row)
            last_column = max(last_column, column)
        else:
            row, column = int(digits), _number(letters) or column
    return last_row * last_column


def _steps(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes, bytes]]:
    rest = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            text = rest + chunk
            end = text.rfind(b"<", len(rest))
            end = len(text) if end < 0 else end  # no tag is cut in two
            yield from _STEP.findall(text[:end])
            rest = text[end:]
    yield from _STEP.findall(rest)


@lru_cache(maxsize=20_000)
def _number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
