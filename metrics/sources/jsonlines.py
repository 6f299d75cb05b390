"""JSON Lines: one object a line. The columns are the names that occur, in the order in which they are met."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from metrics.sources.faults import FileFault
from metrics.sources.table import MOST_COLUMNS, Line, Table, Trouble, checked_header
from metrics.sources.textfile import TextFile


def is_meant(file: TextFile) -> bool:
    """Whether the first line is a JSON object. Raises FileFault for JSON that is not one object a line."""
    first = next((line.strip() for line in file.lines() if line.strip()), "")
    if not first.startswith(("{", "[")):
        return False
    found = _parsed(first)
    if isinstance(found, dict):
        return True
    if first.startswith("[{") or first in ("{", "["):
        message = _("%(name)s is JSON, but not JSON Lines; write one object on each line.")
        raise FileFault(message % {"name": file.name})
    return False


def read(file: TextFile) -> Table:
    names: dict[str, None] = {}
    for line in file.lines():
        found = _parsed(line)
        if isinstance(found, dict):
            names.update(dict.fromkeys(found))
            if len(names) > MOST_COLUMNS:
                break
    keys = tuple(names)

    def lines() -> Iterator[Line]:
        return (_record(number, line, keys) for number, line in enumerate(file.lines(), start=1))

    return Table(
        name=file.name,
        form="jsonl",
        header=checked_header(file.name, [_clean(key) for key in keys]),
        header_line=0,
        lines=lines,
        encoding=file.encoding_label,
    )


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
    except RecursionError:
        return None


def _record(number: int, line: str, keys: tuple[str, ...]) -> Line:
    if not line.strip():
        return Line(number, [])
    found = _parsed(line)
    if not isinstance(found, dict):
        return Line(number, [line.rstrip("\r\n")], Trouble("bad_json", _("This line is not a JSON object.")))
    cells = [_cell(found.get(key)) for key in keys]
    if any("\0" in cell or _has_half_character(cell) for cell in cells):
        return Line(
            number,
            list(map(_clean, cells)),
            Trouble("bad_character", _("A value holds a character that cannot be stored.")),
        )
    return Line(number, cells)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _has_half_character(text: str) -> bool:
    """Half of a surrogate pair: JSON may hold one, no database does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
