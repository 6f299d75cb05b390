"""A JSON document that is a list of objects, or has one in it as the answers of APIs do: `{"tickets": […]}`.

Several documents in one file are the pages of one list. Only one object at a time is in memory.
"""

import json
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from metrics.sources import jsonrecords
from metrics.sources.faults import FileFault
from metrics.sources.jsonrecords import Record
from metrics.sources.table import Table
from metrics.sources.textfile import LONGEST_LINE, TextFile

# Under what names lists of records are found, and what such a list may be wrapped in.
_LISTS: Final = frozenset(
    {"payload", "tickets", "ticket_metrics", "ticket_metric_events", "conversations", "reporting_events"}
    | {"results", "result", "data", "records", "items", "rows", "events"}
)
_WRAPPERS: Final = frozenset({"data", "response", "body"})
# What has one of these is a record itself, whatever lists belong to it.
_IDENTITIES: Final = frozenset({"id", "uuid", "external_id", "ticket_id", "ticket", "number", "hs_object_id"})
_SPACE: Final = re.compile(r"[\s\ufeff]*")
_OBJECT: Final = re.compile(r'\{\s*"[^"]*"\s*:')
_DECODER: Final = json.JSONDecoder()
_CUT: Final = 12  # characters: a longer end of a text is no beginning of anything that could still be valid


class _BrokenError(ValueError):
    """Here the text is not JSON."""


def is_meant(file: TextFile) -> bool:
    """Whether the text is JSON, and not one record a line."""
    text = _Text(file)
    first = text.peek()
    if first == "[":
        return text.follows("{") or text.follows("]")
    if first != "{":
        return False
    line = text.rest_of_line()
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return text.begins_an_object()
    return _is_page(found)


def read(file: TextFile) -> Table:
    """Raises FileFault."""

    def records() -> Iterator[Record]:
        number = 0
        try:
            for number, value in enumerate(_values(_Text(file)), start=1):
                yield Record(number, value, "" if isinstance(value, dict) else json.dumps(value))
        except (_BrokenError, RecursionError) as error:
            if not file.is_cut:
                message = _("%(name)s is not valid JSON after its record %(number)s; it is damaged or cut off.")
                raise FileFault(message % {"name": file.name, "number": number}) from error

    return jsonrecords.table(file, "json", records, _("This item of the list is not a JSON object."))


def _is_page(found: Mapping[str, Any]) -> bool:
    if _IDENTITIES & found.keys():
        return False
    return any(
        (name in _LISTS and isinstance(value, list) and all(isinstance(one, dict) for one in value))
        or (name in _WRAPPERS and isinstance(value, dict) and _is_page(value))
        for name, value in found.items()
    )


class _Text:
    """The text of a file, of which no more is kept than the value in hand needs."""

    def __init__(self, file: TextFile) -> None:
        self._name = file.name
        self._blocks = file.blocks()
        self._buffer = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        if self.peek() != wanted:
            msg = f"no {wanted} here"
            raise _BrokenError(msg)
        self._at += 1

    def value(self) -> Any:
        while True:
            try:
                found, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._may_go_on(error) and self._more():
                    continue
                raise _BrokenError(str(error)) from error
            if end < len(self._buffer) or isinstance(found, dict | list | str) or not self._more():
                self._at = end
                return found

    def name(self) -> str:
        """The name of a part of an object, with the colon behind it."""
        found = self.value()
        if not isinstance(found, str):
            msg = "names of parts are texts"
            raise _BrokenError(msg)
        self.take(":")
        return found

    def follows(self, wanted: str) -> bool:
        """Whether this is the first character after the one in hand."""
        found = _SPACE.match(self._buffer, self._at + 1)
        return found is not None and self._buffer[found.end() : found.end() + 1] == wanted

    def rest_of_line(self) -> str:
        """As far as it has been read."""
        return self._buffer[self._at :].partition("\n")[0]

    def begins_an_object(self) -> bool:
        return _OBJECT.match(self._buffer, self._at) is not None

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos >= len(self._buffer) - _CUT

    def _more(self) -> bool:
        block = next(self._blocks, "")
        if block:
            self._buffer, self._at = self._buffer[self._at :] + block, 0
        if len(self._buffer) > LONGEST_LINE + len(block):
            message = _("A record of %(name)s has more than 10,000,000 characters; it is no table, or damaged.")
            raise FileFault(message % {"name": self._name})
        return bool(block)


def _values(text: _Text) -> Iterator[Any]:
    while first := text.peek():
        if first == "[":
            yield from _list(text)
        elif first == "{":
            record = yield from _object(text)
            if record is not None:
                yield record
        else:
            msg = "neither a list nor an object"
            raise _BrokenError(msg)


def _list(text: _Text) -> Iterator[Any]:
    text.take("[")
    while text.peek() != "]":
        yield text.value()
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _object(text: _Text) -> Generator[Any, None, dict[str, Any] | None]:
    """Yields the records of the first list in it; where it has none, it is a record itself, and returned."""
    found: dict[str, Any] = {}
    is_page = False
    text.take("{")
    while text.peek() != "}":
        name = text.name()
        first = text.peek()
        is_open = not is_page and not (_IDENTITIES & found.keys())
        if is_open and first == "[" and name in _LISTS:
            yield from _list(text)
            is_page = True
        elif is_open and first == "{" and name in _WRAPPERS:
            found[name] = yield from _object(text)
            is_page = found[name] is None
        else:
            found[name] = text.value()
        if text.peek() != "}":
            text.take(",")
    text.take("}")
    return None if is_page else found
