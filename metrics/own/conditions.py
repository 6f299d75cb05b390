"""Conditions on the columns of a frame: what somebody chose, checked, and which rows fulfil it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.lib.periods import MISSING, day_start, epoch
from kpiproject.queries import organisation
from metrics.kpi import UNKNOWN, Frame, Text
from metrics.own.columns import TABLES, Column, Holds

Truths = npt.NDArray[np.bool_]


class Operator(StrEnum):
    EQUALS = "equals"
    ONE_OF = "one_of"
    FILLED = "filled"
    EMPTY = "empty"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


OPERATOR_NAMES: Final[Mapping[Operator, Text]] = {
    Operator.EQUALS: gettext_lazy("is"),
    Operator.ONE_OF: gettext_lazy("is one of"),
    Operator.FILLED: gettext_lazy("is filled"),
    Operator.EMPTY: gettext_lazy("is empty"),
    Operator.AT_LEAST: gettext_lazy("is at least, or on or after"),
    Operator.AT_MOST: gettext_lazy("is at most, or on or before"),
}
NO_VALUE: Final = (Operator.FILLED, Operator.EMPTY)
_BOUNDS: Final = (Operator.AT_LEAST, Operator.AT_MOST)
TRUTHS: Final = {"yes": 1, "no": 0}
MOST_VALUES: Final = 50
_LONGEST: Final = 200
_FIRST, _LAST = date(1970, 1, 1), date(2200, 1, 1)


class BadConditionError(ValueError):
    """A condition that cannot be; the message is one sentence for whoever wrote it."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`values` holds what the column is compared with: words, numbers, 1 or 0, or days; nothing where none is."""

    column: str
    operator: Operator
    values: tuple[str | float | date, ...] = ()

    def stored(self) -> dict[str, Any]:
        values = ", ".join(_written(value) for value in self.values)
        return {"column": self.column, "operator": self.operator.value, "value": values}


def read(frame: str, given: Mapping[str, Any]) -> Condition:
    """A condition out of what somebody chose, or what is stored. Raises BadConditionError."""
    table = TABLES[frame]
    column = table.columns.get(str(given.get("column", "")))
    if column is None:
        raise BadConditionError(
            _("“%(table)s” have no column “%(column)s”.") % {"table": table.label, "column": given.get("column", "")}
        )
    try:
        operator = Operator(str(given.get("operator", "")))
    except ValueError:
        raise BadConditionError(_("Choose how “%(column)s” is compared.") % {"column": column.label}) from None
    text = str(given.get("value", "")).strip()
    if operator in NO_VALUE:
        return Condition(column=column.name, operator=operator)
    if not text:
        raise BadConditionError(_("Say what “%(column)s” is compared with.") % {"column": column.label})
    if operator in _BOUNDS and column.holds in (Holds.WORD, Holds.TRUTH):
        message = _("“%(column)s” has no order: choose “is”, “is one of”, “is filled” or “is empty”.")
        raise BadConditionError(message % {"column": column.label})
    parts = [part.strip() for part in text.split(",")] if operator is Operator.ONE_OF else [text]
    values = tuple(_READ[column.holds](column, part) for part in parts if part)
    if not values or len(values) > MOST_VALUES:
        message = _("Give 1 to %(most)s values for “%(column)s”, with commas between them.")
        raise BadConditionError(message % {"column": column.label, "most": MOST_VALUES})
    return Condition(column=column.name, operator=operator, values=values)


def fulfilled(frame: Frame, table: str, conditions: tuple[Condition, ...]) -> Truths:
    """Which rows fulfil all of the conditions."""
    found = np.ones(len(frame), dtype=np.bool_)
    for condition in conditions:
        found &= _holds(frame, TABLES[table].columns[condition.column], condition)
    return found


def is_filled(frame: Frame, column: Column) -> Truths:
    values = frame[column.name]
    if column.holds is Holds.WORD:
        found = (values != "").to_numpy()
    elif column.holds is Holds.INSTANT:
        found = values.to_numpy(dtype=np.int64) != MISSING
    else:
        found = ~np.isnan(numbers(frame, column))
    return np.asarray(found, dtype=np.bool_)


def numbers(frame: Frame, column: Column) -> npt.NDArray[np.float64]:
    """A number or a truth as such; NaN where it is not known. Columns of whole numbers mark that by UNKNOWN."""
    values = frame[column.name].to_numpy()
    found = values.astype(np.float64)
    if np.issubdtype(values.dtype, np.integer):
        found[values == UNKNOWN] = np.nan
    return found


def words(frame: str, condition: Condition) -> str:
    """“channel is email or chat”."""
    column = TABLES[frame].columns[condition.column]
    said = {"column": column.label, "value": _(" or ").join(_named(column, value) for value in condition.values)}
    templates = {
        Operator.EQUALS: _("%(column)s is %(value)s"),
        Operator.ONE_OF: _("%(column)s is %(value)s"),
        Operator.FILLED: _("%(column)s is filled"),
        Operator.EMPTY: _("%(column)s is empty"),
        Operator.AT_LEAST: _("%(column)s is on or after %(value)s")
        if column.holds is Holds.INSTANT
        else _("%(column)s is at least %(value)s"),
        Operator.AT_MOST: _("%(column)s is on or before %(value)s")
        if column.holds is Holds.INSTANT
        else _("%(column)s is at most %(value)s"),
    }
    return templates[condition.operator] % said


def _holds(frame: Frame, column: Column, condition: Condition) -> Truths:
    if condition.operator in NO_VALUE:
        filled = is_filled(frame, column)
        return filled if condition.operator is Operator.FILLED else ~filled
    return _COMPARE[column.holds](frame, column, condition)


def _compare_words(frame: Frame, column: Column, condition: Condition) -> Truths:
    """Without regard to capitals: nobody means another channel by “E-Mail” than by “e-mail”."""
    wanted = {str(value).casefold() for value in condition.values}
    values = frame[column.name].cat
    is_wanted = np.array([str(name).casefold() in wanted for name in values.categories], dtype=np.bool_)
    codes = values.codes.to_numpy()
    found: Truths = is_wanted[codes] if len(is_wanted) else np.zeros(len(frame), dtype=np.bool_)
    return found


def _compare_numbers(frame: Frame, column: Column, condition: Condition) -> Truths:
    values, limits = numbers(frame, column), np.array(condition.values, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        if condition.operator is Operator.AT_LEAST:
            return np.asarray(values >= limits[0])
        if condition.operator is Operator.AT_MOST:
            return np.asarray(values <= limits[0])
    return np.asarray(np.isin(values, limits))


def _compare_days(frame: Frame, column: Column, condition: Condition) -> Truths:
    """Days are those of the organisation's time zone."""
    values, zone = frame[column.name].to_numpy(dtype=np.int64), organisation().time_zone
    spans = [_span(value, zone) for value in condition.values if isinstance(value, date)]
    known = values != MISSING
    if condition.operator is Operator.AT_LEAST:
        return np.asarray(known & (values >= spans[0][0]))
    if condition.operator is Operator.AT_MOST:
        return np.asarray(known & (values < spans[0][1]))
    found = np.zeros(len(values), dtype=np.bool_)
    for start, end in spans:
        found |= (values >= start) & (values < end)
    return found


def _span(day: date, zone: str) -> tuple[int, int]:
    return epoch(day_start(day, zone)), epoch(day_start(day + timedelta(days=1), zone))


def _read_word(column: Column, text: str) -> str:
    if len(text) > _LONGEST:
        message = _("A value of “%(column)s” has at most %(most)s characters.")
        raise BadConditionError(message % {"column": column.label, "most": _LONGEST})
    if column.among and text.casefold() not in column.among:
        message = _("“%(column)s” is never “%(text)s”; it is one of these: %(words)s.")
        raise BadConditionError(message % {"column": column.label, "text": text, "words": ", ".join(column.among)})
    return text


def _read_number(column: Column, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not np.isfinite(found):
        message = _("“%(column)s” is a number, and “%(text)s” is none; write it like 12.5.")
        raise BadConditionError(message % {"column": column.label, "text": text})
    return found


def _read_truth(column: Column, text: str) -> float:
    meant = {"true": "yes", "1": "yes", "false": "no", "0": "no", _("yes"): "yes", _("no"): "no"}
    answer = meant.get(text.casefold(), text.casefold())
    if answer not in TRUTHS:
        raise BadConditionError(_("“%(column)s” is yes or no; write one of the two.") % {"column": column.label})
    return TRUTHS[answer]


def _read_day(column: Column, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.max
    if not _FIRST <= found <= _LAST:
        message = _("“%(column)s” is a day; write it as year-month-day, for example 2026-01-31.")
        raise BadConditionError(message % {"column": column.label})
    return found


def _written(value: str | float | date) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _named(column: Column, value: str | float | date) -> str:
    if column.holds is Holds.TRUTH:
        return _("yes") if value else _("no")
    return f"“{value}”" if isinstance(value, str) else _written(value)


_READ: Final[Mapping[Holds, Callable[[Column, str], str | float | date]]] = {
    Holds.WORD: _read_word,
    Holds.NUMBER: _read_number,
    Holds.TRUTH: _read_truth,
    Holds.INSTANT: _read_day,
}
_COMPARE: Final[Mapping[Holds, Callable[[Frame, Column, Condition], Truths]]] = {
    Holds.WORD: _compare_words,
    Holds.NUMBER: _compare_numbers,
    Holds.TRUTH: _compare_numbers,
    Holds.INSTANT: _compare_days,
}
