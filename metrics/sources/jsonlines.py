"""JSON Lines: one object a line."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from metrics.sources import jsonrecords
from metrics.sources.jsonrecords import Record
from metrics.sources.table import Table
from metrics.sources.textfile import TextFile


def is_meant(file: TextFile) -> bool:
    """Whether the first line is a JSON object."""
    first = next((line.strip() for line in file.lines() if line.strip()), "")
    return first.startswith("{") and isinstance(_parsed(first), dict)


def read(file: TextFile) -> Table:
    """Raises FileFault."""

    def records() -> Iterator[Record]:
        return (Record(number, _parsed(line), line) for number, line in enumerate(file.lines(), start=1))

    return jsonrecords.table(file, "jsonl", records, _("This line is not a JSON object."))


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
