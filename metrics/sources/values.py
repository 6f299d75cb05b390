"""The text of one cell, read as its column wants it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _

from metrics import labels
from metrics.sources.amounts import read_currency, read_number
from metrics.sources.columns import Column, Form
from metrics.sources.faults import BadValue, Notes, short

MISSING: Final = frozenset({"", "?", "-", "N/A", "n/a", "N/a", "NULL", "null", "Null"})
_TRUTHS: Final = {
    **dict.fromkeys(("true", "yes", "1", "t", "y", "on", "1.0"), True),
    **dict.fromkeys(("false", "no", "0", "f", "n", "off", "0.0"), False),
}
_MOST_SCORE: Final = 32_767

Parse = Callable[[str], Any]


def parser(
    column: Column,
    read_time: Callable[[str], datetime | None],
    notes: Notes,
    others: Mapping[Form, Parse] = MappingProxyType({}),
) -> Parse:
    """How cells of this column are read. The function raises BadValue; missing values never reach it. `others` reads
    the forms that depend on the file."""
    readers: Mapping[Form, Parse] = {
        **others,
        Form.INSTANT: read_time,
        Form.COUNT: lambda text: _read_count(text, column.most),
        Form.SCORE: read_score,
        Form.TRUTH: read_truth,
        Form.MAYBE: read_truth,
        Form.NUMBER: read_number,
        Form.CURRENCY: read_currency,
        Form.CODE: lambda text: _read_code(text, column),
        Form.LABELS: lambda text: _fitting(labels.kept(text, by_space=True), column, notes),
        Form.LABELS_BY_COMMA: lambda text: _fitting(labels.kept(text, by_space=False), column, notes),
    }
    if column.form in readers:
        return readers[column.form]
    if column.form is Form.WORD:
        return lambda text: _read_word(text, column)
    if column.form is Form.REFERENCE:
        # An address is stored in small letters, and some letters become longer.
        return lambda text: text if len(text.lower()) <= column.longest else _refuse_long(column)
    return lambda text: _fitting(text, column, notes)


def _read_count(text: str, most: int) -> int:
    number = _read_whole(text)
    if number < 0:
        raise BadValue("bad_number", _("“%(text)s” is not a number from 0 on.") % {"text": short(text)})
    if number > most:
        message = _("“%(text)s” is too large; it may be %(most)s at most.")
        raise BadValue("bad_number", message % {"text": short(text), "most": most})
    return number


def read_score(text: str) -> int:
    number = _read_whole(text)
    if abs(number) > _MOST_SCORE:
        raise BadValue("bad_number", _("“%(text)s” is too large for a score.") % {"text": short(text)})
    return number


def read_truth(text: str) -> bool:
    try:
        return _TRUTHS[text.lower()]
    except KeyError:
        message = _("“%(text)s” is neither true nor false.") % {"text": short(text)}
        raise BadValue("bad_truth", message) from None


def _read_whole(text: str) -> int:
    try:
        number = float(text) if "." in text else int(text)
        if number == int(number):
            return int(number)
    except (ValueError, OverflowError):
        pass
    raise BadValue("bad_number", _("“%(text)s” is not a whole number.") % {"text": short(text)})


def _read_word(text: str, column: Column) -> str:
    word = text.lower()
    if word not in column.choices:
        words = ", ".join(sorted(column.choices))
        message = _("“%(text)s” is not one of %(words)s.") % {"text": short(text), "words": words}
        raise BadValue("unknown_value", message)
    return word


def _read_code(text: str, column: Column) -> str:
    """However its words are joined and written: `Availability enquiry` is `availability_enquiry`."""
    code = code_of(text)
    return code if len(code) <= column.longest else _refuse_long(column)


def code_of(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def _refuse_long(column: Column) -> str:
    message = _("The value has more than %(longest)s characters.") % {"longest": column.longest}
    raise BadValue("too_long", message)


def _fitting(text: str, column: Column, notes: Notes) -> str:
    return text if len(text) <= column.longest else _cut(text, column, notes)


def _cut(text: str, column: Column, notes: Notes) -> str:
    notes.add("text_cut", f"{column.name}: {short(text)}")
    return text[: column.longest]
