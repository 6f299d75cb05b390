"""The other figures that belong beside one: what they are called, and how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.text import capfirst

from metrics import presentation
from metrics.beside_words import NAMES
from metrics.kpi import Unit
from metrics.queries import Point

UNITS: Final[Mapping[str, Unit]] = {
    **dict.fromkeys(("average_revenue", "brought_already", "cost", "gain", "mean_order", "revenue"), Unit.MONEY),
    "yearly_margin_each": Unit.MONEY,
    **dict.fromkeys(("approval", "receipt", "payout", "sorting", "fixing", "telling"), Unit.SECONDS),
    "cohort_retention": Unit.PERCENT,
    "mean_of_those_gone": Unit.DAYS,
}
"""What is not told by the name itself; see unit_of for what is."""

_BEGINNINGS: Final = (("percent_", Unit.PERCENT), ("mrr_", Unit.MONEY), ("days_until_", Unit.DAYS))
_ENDS: Final = (
    ("_seconds", Unit.SECONDS),
    ("_days", Unit.DAYS),
    ("_percent", Unit.PERCENT),
    ("_points", Unit.POINTS),
    ("_correlation", Unit.CORRELATION),
    ("_cost", Unit.MONEY),
)
_SILENT: Final = ("_seconds", "_days", "_percent", "_points", "_correlation")
"""Ends that are not a part of the name: the unit beside the amount says the same."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    name: str
    value: str


def beside(point: Point) -> list[Beside]:
    """In the order in which the KPI gives them."""
    return [Beside(name=capfirst(_name(key)), value=_value(key, value)) for key, value in point.beside.items()]


def unit_of(key: str) -> Unit | None:
    """What an amount is counted in, by its key; None for a plain number."""
    found = UNITS.get(key) or next((unit for start, unit in _BEGINNINGS if key.startswith(start)), None)
    return found or next((unit for end, unit in _ENDS if key.endswith(end)), None)


def _value(key: str, value: float | None) -> str:
    unit = unit_of(key)
    if unit is Unit.POINTS and value is not None:
        return presentation.points(value)
    if unit is not None or value is None:
        return presentation.in_unit(value, unit or Unit.NUMBER)
    return presentation.number(value, 0 if float(value).is_integer() else 2)


def _name(key: str) -> str:
    known = NAMES.get(key)
    if known is not None:
        return str(known)
    is_counted_in_it = any(key.startswith(start) for start, _unit in _BEGINNINGS)
    silent = "" if is_counted_in_it else next((end for end in _SILENT if key.endswith(end)), "")
    return key.removesuffix(silent).replace("_", " ")
