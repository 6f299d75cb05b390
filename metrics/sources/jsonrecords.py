"""JSON objects as rows of a table: what is nested in them, and what becomes of a value."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from metrics.sources.faults import FileFault
from metrics.sources.table import MOST_COLUMNS, Line, Table, Trouble, checked_header
from metrics.sources.textfile import TextFile

# Objects in objects whose parts are columns of their own, `meta.sender.email`; any other becomes the text of one cell.
_OPENED: Final = frozenset(
    {"via", "satisfaction_rating", "metric_set", "additional_attributes"}
    | {"meta", "meta.sender", "meta.assignee", "meta.team"}
)
_DURATIONS: Final = "_time_in_minutes"  # Zendesk's, in calendar and business time
_LIFTED: Final = "properties"  # HubSpot's, whose parts are columns without a prefix


class Record(NamedTuple):
    """One value of a file. `text` is how it is written where it is no object."""

    number: int
    value: Any
    text: str = ""


def table(file: TextFile, form: str, records: Callable[[], Iterator[Record]], trouble: str) -> Table:
    """`trouble` is the sentence about a record that is no object. Raises FileFault."""
    keys = _names(records())
    if not keys:
        message = _("%(name)s holds no records: no list of objects, each with its fields, is in it.")
        raise FileFault(message % {"name": file.name})

    def lines() -> Iterator[Line]:
        return (_line(record, keys, trouble) for record in records())

    return Table(
        name=file.name,
        form=form,
        header=checked_header(file.name, [_clean(key) for key in keys]),
        header_line=0,
        lines=lines,
        encoding=file.encoding_label,
    )


def _names(records: Iterable[Record]) -> tuple[str, ...]:
    """All that occur, in the order in which they are met."""
    names: dict[str, None] = {}
    for record in records:
        if isinstance(record.value, dict):
            names.update(dict.fromkeys(_opened(record.value)))
            if len(names) > MOST_COLUMNS:
                break
    return tuple(names)


def _line(record: Record, keys: tuple[str, ...], trouble: str) -> Line:
    number, value, text = record
    if value is None and not text.strip():
        return Line(number, [])
    if not isinstance(value, dict):
        return Line(number, [text.rstrip("\r\n")], Trouble("bad_json", trouble))
    found = _opened(value)
    cells = [_cell(found.get(key)) for key in keys]
    if _is_unstorable("".join(cells)):
        sentence = _("A value holds a character that cannot be stored.")
        return Line(number, list(map(_clean, cells)), Trouble("bad_character", sentence))
    return Line(number, cells)


def _opened(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in record.items():
        path = prefix + key
        if not isinstance(value, dict):
            found[path] = value
        elif path == _LIFTED:
            found |= {name: _said(part) for name, part in value.items() if name not in record}
        elif path in _OPENED or path.endswith(_DURATIONS):
            found |= _opened(value, f"{path}.")
        else:
            found[path] = _said(value)
    return found


def _said(value: Any) -> Any:
    """Some systems wrap a value: HubSpot with its history, ServiceNow with a link to what it names."""
    if isinstance(value, dict):
        for name in ("display_value", "value"):
            if name in value:
                return value[name]
    return value


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    parts = value if isinstance(value, list) else [value]
    is_plain = all(isinstance(item, str | int | float) for item in parts)
    return ", ".join(map(str, parts)) if is_plain else json.dumps(value, ensure_ascii=False)


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _is_unstorable(text: str) -> bool:
    """NUL, or half of a surrogate pair: JSON may hold them, no database does."""
    if "\0" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
