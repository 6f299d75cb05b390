"""The words in which a KPI is written, and the catalogue of all KPIs.

A KPI is a pure function over whole frames, entered with `@kpi`. It says for every row whether and how it counts; the
engine does the grouping by day and member, so that the number, its n, its exclusions and the list of the very rows
behind it come from the same columns. The function's name is the code, its parameter names are the frames it reads, its
docstring is the text that is printed beside the figure, and its return type says how the figure adds up.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, NotRequired, TypedDict, TypeVar, Unpack, get_type_hints

import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Frame = pd.DataFrame
Column = Any  # a pandas Series or a numpy array with one value per row of the frame
Text = str | Promise

UNKNOWN: Final = -1
"""A count or a truth that the source did not give (instants use periods.MISSING)."""

CALENDAR: Final = "calendar"
BUSINESS: Final = "business"
CLOCKS: Final = (CALENDAR, BUSINESS)


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    SECONDS = "seconds"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Family(StrEnum):
    RESPONSE = "response"
    RESOLUTION = "resolution"
    WORKLOAD = "workload"
    SATISFACTION = "satisfaction"


FAMILY_NAMES: Final[Mapping[Family, Text]] = {
    Family.RESPONSE: _("Speed"),
    Family.RESOLUTION: _("Quality of the solution"),
    Family.WORKLOAD: _("Workload"),
    Family.SATISFACTION: _("Satisfaction"),
}

_TICKET_DIMENSIONS = ("channel", "category", "type", "priority", "team", "agent", "tier")
_SURVEY_DIMENSIONS = ("channel", "category", "team", "agent", "survey")
DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "tickets": _TICKET_DIMENSIONS,
    "spells": _TICKET_DIMENSIONS,
    "answers": _SURVEY_DIMENSIONS,
    "invitations": _SURVEY_DIMENSIONS,
}
"""The frames there are, each with the dimensions by which its rows can be told apart."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a KPI says of every row. `whole` marks the rows that count (their number is n).

    A row that would count but for a reason is marked in `excluded` under that reason and not in `whole`.
    """

    name: ClassVar[str]
    whole: Column
    excluded: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Total(Shape):
    """A number of rows."""

    name = "total"


@dataclass(frozen=True, kw_only=True)
class Ratio(Shape):
    """The share of the counted rows that are in `part`. A `score` on a `scale` gives a mean beside the share."""

    name = "ratio"
    part: Column
    score: Column | None = None
    scale: Column | None = None


@dataclass(frozen=True, kw_only=True)
class Mean(Shape):
    """The mean of a value. In points, the values are -1, 0 and 1, and the mean is given per hundred."""

    name = "mean"
    value: Column


@dataclass(frozen=True, kw_only=True)
class Quantile(Shape):
    """Durations of at least 0 seconds by clock; the figure is their median. The business clock may be missing."""

    name = "quantile"
    seconds: Mapping[str, Column]


@dataclass(frozen=True, kw_only=True)
class Stock(Shape):
    """How many rows are there at an instant: each from its KPI's `at` until `until`, which is MISSING for ever."""

    name = "stock"
    until: Column


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One entry of the catalogue. `at` names the column of the instant under which a row is counted.

    `revision` goes up when the meaning changes. A row counts for good only `matures_after_days` after its day.
    """

    code: str
    name: Text
    family: Family
    unit: Unit
    better: Better
    shape: type[Shape]
    frame: str
    at: str
    formula: Text
    source: Text
    revision: int
    dimensions: tuple[str, ...]
    matures_after_days: int
    text: Text
    function: Callable[[Frame], Shape]

    @property
    def has_clocks(self) -> bool:
        """Whether there is a figure in calendar time and one in business time."""
        return self.shape is Quantile

    @property
    def is_stock(self) -> bool:
        return self.shape is Stock


CATALOGUE: Final[dict[str, Kpi]] = {}
"""Every KPI by its code, in the order in which they are shown. Filled by importing metrics.catalogue."""

_F = TypeVar("_F", bound=Callable[[Frame], Shape])


class Words(TypedDict):
    """What must be said of a KPI, and what may be: see Kpi."""

    name: Text
    family: Family
    unit: Unit
    better: Better
    at: str
    formula: Text
    source: Text
    revision: int
    dimensions: NotRequired[tuple[str, ...]]
    matures_after_days: NotRequired[int]


def kpi(**words: Unpack[Words]) -> Callable[[_F], _F]:
    """Enter a function into the catalogue, with all dimensions of its frame unless told otherwise.

    Raises ValueError for a function that does not say what it must.
    """

    def enter(function: _F) -> _F:
        code = function.__name__
        if code in CATALOGUE:
            msg = f"There are two KPIs called {code}."
            raise ValueError(msg)
        frame = _only_frame(function)
        told: Words = {"dimensions": DIMENSIONS[frame], "matures_after_days": 0, **words}
        CATALOGUE[code] = Kpi(
            code=code, shape=_shape(function), frame=frame, text=_printed(function), function=function, **told
        )
        return function

    return enter


def clocks(frame: Frame, duration: str) -> dict[str, Column]:
    """The columns of a duration by clock; a frame without a business calendar has the calendar clock only."""
    columns = {clock: f"{duration}_{clock}_seconds" for clock in CLOCKS}
    return {clock: frame[column] for clock, column in columns.items() if column in frame}


def _only_frame(function: Callable[..., Any]) -> str:
    names = list(inspect.signature(function).parameters)
    if len(names) != 1 or names[0] not in DIMENSIONS:
        msg = f"{function.__name__} must read one of the frames {', '.join(DIMENSIONS)}, not {', '.join(names)}."
        raise ValueError(msg)
    return names[0]


def _shape(function: Callable[..., Any]) -> type[Shape]:
    shape = get_type_hints(function).get("return")
    if not (isinstance(shape, type) and issubclass(shape, Shape)) or shape is Shape:
        msg = f"{function.__name__} must say in its return type how it adds up."
        raise ValueError(msg)
    return shape


def _printed(function: Callable[..., Any]) -> Text:
    """The docstring with one line per paragraph, translated when it is shown."""
    text = inspect.getdoc(function)
    if not text:
        msg = f"{function.__name__} needs a docstring: it is printed beside the figure."
        raise ValueError(msg)
    return _("\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n")))
