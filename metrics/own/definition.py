"""A KPI that somebody has put together out of choices, as an entry like those of the catalogue. No code, no SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.calendars import default_worktime
from kpiproject.lib.periods import MISSING
from metrics.kpi import (
    BUSINESS,
    CALENDAR,
    DIMENSIONS,
    Better,
    Family,
    Frame,
    Kpi,
    Mean,
    Quantile,
    Rate,
    Ratio,
    Shape,
    Total,
    Unit,
)
from metrics.own import conditions
from metrics.own.columns import TABLES
from metrics.own.conditions import Condition, Truths

PREFIX: Final = "custom_"
_OF_CUSTOMERS: Final = ("csat", "nps", "ces")
"""What employees say is never looked at one by one, so no KPI of one's own counts it."""
UNITS: Final[Mapping[str, tuple[Unit, ...]]] = {
    "number": (Unit.COUNT,),
    "share": (Unit.PERCENT,),
    "mean": (Unit.NUMBER, Unit.MONEY),
    "per_row": (Unit.NUMBER, Unit.MONEY),
    "rate": (Unit.NUMBER, Unit.MONEY, Unit.PERCENT),
    "duration": (Unit.SECONDS,),
}
"""In which units a shape can be given, the usual one first."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What was chosen, checked. `column` is averaged, summed, or where a duration begins; `second` is what is divided
    by, or where a duration ends; `part` are the conditions of a share."""

    code: str
    name: str
    text: str
    frame: str
    shape: str
    at: str
    column: str = ""
    second: str = ""
    filters: tuple[Condition, ...] = ()
    part: tuple[Condition, ...] = ()
    unit: str = "count"
    better: str = "neither"
    revision: int = 1
    gaming: str = ""


@lru_cache(maxsize=512)
def kpi_of(definition: Definition) -> Kpi:
    """The entry; kept, so that equal choices are the same entry."""
    make, shape = _SHAPES[definition.shape]

    def judge(frame: Frame) -> Shape:
        return make(definition, frame)

    return Kpi(
        code=definition.code,
        name=definition.name,
        family=Family.CUSTOM,
        unit=Unit(definition.unit),
        better=Better(definition.better),
        shape=shape,
        frames=(definition.frame,),
        at=definition.at,
        formula=lazy(formula, str)(definition),
        source=gettext_lazy("own definition"),
        revision=definition.revision,
        dimensions=DIMENSIONS[definition.frame],
        text=lazy(text, str)(definition),
        gaming=definition.gaming.strip(),
        function=judge,
    )


def formula(definition: Definition) -> str:
    columns = TABLES[definition.frame].columns
    words = {
        "column": columns[definition.column].label if definition.column else "",
        "second": columns[definition.second].label if definition.second else "",
        "part": _all_of(definition, definition.part),
    }
    templates = {
        "number": _("number of rows that count"),
        "share": _("rows with %(part)s ÷ rows that count × 100"),
        "mean": _("sum of “%(column)s” ÷ rows that have it"),
        "per_row": _("sum of “%(column)s” ÷ rows that count"),
        "rate": _("sum of “%(column)s” ÷ sum of “%(second)s”"),
        "duration": _("median of (%(second)s − %(column)s)"),
    }
    percent = " × 100" if definition.shape == "rate" and definition.unit == Unit.PERCENT else ""
    return templates[definition.shape] % words + percent


def text(definition: Definition) -> str:
    """What its author says, then what is counted."""
    table = TABLES[definition.frame]
    said = {
        "table": table.label,
        "at": table.columns[definition.at].label,
        "filters": _all_of(definition, definition.filters),
    }
    counted = _("Made of “%(table)s”; a row counts on the day of: %(at)s.")
    if definition.filters:
        counted += " " + _("Only rows count where %(filters)s.")
    parts = [definition.text.strip(), " ".join([counted % said, *_left_out(definition)])]
    return "\n\n".join(part for part in parts if part)


def _left_out(definition: Definition) -> list[str]:
    if definition.shape == "duration":
        return [
            _(
                "Rows without one of the two times are not in it; those whose end lies before their beginning are left "
                "out and shown as such. Business time is that of the usual opening hours."
            )
        ]
    if definition.shape in ("mean", "rate"):
        return [_("Rows in which a number is missing are left out and shown as such.")]
    if definition.shape == "per_row":
        return [_("A row in which the number is missing adds nothing, but counts.")]
    return []


def _all_of(definition: Definition, found: tuple[Condition, ...]) -> str:
    return _(" and ").join(conditions.words(definition.frame, one) for one in found)


def _counted(definition: Definition, frame: Frame) -> Truths:
    found = conditions.fulfilled(frame, definition.frame, definition.filters)
    if definition.frame in ("answers", "invitations"):
        found &= frame["kind"].isin(_OF_CUSTOMERS).to_numpy()
    return found


def _number(definition: Definition, frame: Frame) -> Total:
    return Total(whole=_counted(definition, frame))


def _share(definition: Definition, frame: Frame) -> Ratio:
    counted = _counted(definition, frame)
    return Ratio(whole=counted, part=counted & conditions.fulfilled(frame, definition.frame, definition.part))


def _mean(definition: Definition, frame: Frame) -> Mean:
    counted, (values,) = _counted(definition, frame), _values(definition, frame, definition.column)
    known = ~np.isnan(values)
    return Mean(
        value=np.where(known, values, 0.0), whole=counted & known, excluded={"number_missing": counted & ~known}
    )


def _per_row(definition: Definition, frame: Frame) -> Rate:
    counted, (values,) = _counted(definition, frame), _values(definition, frame, definition.column)
    return Rate(part=np.nan_to_num(values), base=np.ones(len(frame)), whole=counted)


def _rate(definition: Definition, frame: Frame) -> Rate:
    counted = _counted(definition, frame)
    part, base = _values(definition, frame, definition.column, definition.second)
    known = ~np.isnan(part) & ~np.isnan(base)
    return Rate(
        part=np.nan_to_num(part),
        base=np.nan_to_num(base),
        whole=counted & known,
        excluded={"number_missing": counted & ~known},
    )


def _duration(definition: Definition, frame: Frame) -> Quantile:
    start, end = (frame[name].to_numpy(dtype=np.int64) for name in (definition.column, definition.second))
    counted = _counted(definition, frame) & (start != MISSING) & (end != MISSING)
    is_reversed = counted & (end < start)
    is_known = counted & ~is_reversed
    seconds = {CALENDAR: np.where(is_known, end - np.where(is_known, start, 0), 0)}
    if hours := default_worktime():
        seconds[BUSINESS] = hours.seconds_between(np.where(is_known, start, 0), np.where(is_known, end, 0))
    return Quantile(seconds=seconds, whole=is_known, excluded={"negative_duration": is_reversed})


def _values(definition: Definition, frame: Frame, *names: str) -> list[npt.NDArray[np.float64]]:
    columns = TABLES[definition.frame].columns
    return [conditions.numbers(frame, columns[name]) for name in names]


_SHAPES: Final[Mapping[str, tuple[Callable[[Definition, Frame], Shape], type[Shape]]]] = {
    "number": (_number, Total),
    "share": (_share, Ratio),
    "mean": (_mean, Mean),
    "per_row": (_per_row, Rate),
    "rate": (_rate, Rate),
    "duration": (_duration, Quantile),
}
