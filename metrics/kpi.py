"""The words in which a KPI is written, and the catalogue of all KPIs.

A KPI is a pure function over whole frames, entered with `@kpi`. It says for every row whether and how it counts; the
engine does the grouping by day and member, so that the number, its n, its exclusions and the list of the very rows
behind it come from the same columns. The function's name is the code, its parameter names are the frames it reads, its
docstring is the text that is printed beside the figure, and its return type says how the figure adds up.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final, NotRequired, TypedDict, TypeVar, Unpack, get_type_hints

import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.options import Options

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
    DAYS = "days"
    MONEY = "money"
    NUMBER = "number"
    CORRELATION = "correlation"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Family(StrEnum):
    RESPONSE = "response"
    RESOLUTION = "resolution"
    WORKLOAD = "workload"
    SATISFACTION = "satisfaction"
    RELATIONSHIP = "relationship"
    RETENTION = "retention"
    REVENUE = "revenue"
    JOURNEY = "journey"
    CHANNELS = "channels"
    AUTOMATION = "automation"
    HEALTH = "health"
    PACKS = "packs"
    CUSTOM = "custom"


FAMILY_NAMES: Final[Mapping[Family, Text]] = {
    Family.RESPONSE: _("Speed"),
    Family.RESOLUTION: _("Quality of the solution"),
    Family.WORKLOAD: _("Workload"),
    Family.SATISFACTION: _("Satisfaction"),
    Family.RELATIONSHIP: _("Relationship"),
    Family.RETENTION: _("Retention"),
    Family.REVENUE: _("Revenue"),
    Family.JOURNEY: _("Journey"),
    Family.CHANNELS: _("Channels"),
    Family.AUTOMATION: _("Bots and automation"),
    Family.HEALTH: _("Customer health"),
    Family.PACKS: _("Industry"),
    Family.CUSTOM: _("Our own"),
}

_OF_TICKETS = ("channel", "category", "type", "priority", "team", "agent", "tier")
_OF_SURVEYS = ("channel", "category", "team", "agent", "survey")
# Not by agent: whoever follows up is seldom the one whom the customer was unhappy with.
_OF_FOLLOW_UPS = ("channel", "category", "team", "survey")
DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("tickets", "spells", "waits", "paths", "calls", "bots", "messages", "ticket_events"), _OF_TICKETS),
    **dict.fromkeys(("answers", "invitations"), _OF_SURVEYS),
    **dict.fromkeys(("follow_ups", "recoveries"), _OF_FOLLOW_UPS),
    "customers": ("segment", "tier", "country", "language", "reason"),
    "subscriptions": ("plan", "segment", "tier", "country"),
    "orders": ("segment", "tier", "country"),
    "records": ("kind", "group", "outcome", "channel", "segment", "tier"),
    **dict.fromkeys(("work", "shifts"), ("team", "agent")),
    "costs": ("cost", "team", "channel"),
    "employees": ("survey", "team"),
    "spending": ("cost",),
    "demand": (),
    "cases": ("kind", "channel", "tier"),
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
class Rate(Shape):
    """Two amounts of every counted row: the figure is the sum of `part` over the sum of `base`."""

    name = "rate"
    part: Column
    base: Column


@dataclass(frozen=True, kw_only=True)
class Share(Shape):
    """Which share of the counted rows each member of a dimension has; there is no figure without a dimension."""

    name = "share"


@dataclass(frozen=True, kw_only=True)
class Whole(Shape):
    """A figure that cannot be added up, over one period: `whole` marks the rows of the KPI's first frame that it rests
    on, `values` is what each of them says. Percentages are 0 to 100. `beside` holds other figures that belong beside
    this one, under names of their own; `notes` are sentences that must stand with it. `at` is under which instant each
    row is listed, where that is not the KPI's own; `n` is for rows that stand for several each."""

    name = "whole"
    value: float | None
    part: float | None = None
    base: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    values: Column | None = None
    beside: Mapping[str, float | None] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    at: Column | None = None
    n: int | None = None


@dataclass(frozen=True, kw_only=True)
class Breakdown(Shape):
    """Figures that only exist by the KPI's own dimensions, one for each member. `whole` marks the rows of all."""

    name = "breakdown"
    parts: Mapping[str, Whole]
    at: Column | None = None


@dataclass(frozen=True, kw_only=True)
class Window:
    """The period over which a figure that cannot be added up is asked for, as its function sees it.

    Instants are epoch seconds, [start, end); `now` is when it is asked. `first` and `after` are the local days. `by` is
    the dimension asked for, `clock` measures durations, `options` are what the organisation has chosen.
    """

    start: int
    end: int
    now: int
    first: date
    after: date
    zone: str
    by: str = ""
    clock: str = CALENDAR
    options: Options = field(default_factory=Options)

    @property
    def days(self) -> int:
        return (self.after - self.first).days


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One entry of the catalogue. `at` names the column of the instant under which a row of its first frame is counted.

    `revision` goes up when the meaning changes. A row counts for good only `matures_after_days` after its day;
    `default_by` is the dimension of a figure that has none without. What cannot be added up reads the rows of tickets
    and answers from `looks_back_days` before its period until `looks_ahead_days` after it. `is_level` is about how
    things stand at an instant, which is the end of a period; of spells, those that are open then are read. What does
    not add up and `is_clocked` has a figure in calendar time and one in business time; a duration that is `on_the_wall`
    is the same in both, whatever the opening hours are. `amounts` is the unit of both amounts of which one is divided
    by the other, where these are no rows. `gaming` says how it can look better without anything getting better.
    """

    code: str
    name: Text
    family: Family
    unit: Unit
    better: Better
    shape: type[Shape]
    frames: tuple[str, ...]
    at: str
    formula: Text
    source: Text
    revision: int
    dimensions: tuple[str, ...]
    text: Text
    gaming: Text
    function: Callable[..., Shape]
    matures_after_days: int = 0
    default_by: str = ""
    looks_back_days: int = 0
    looks_ahead_days: int = 0
    is_level: bool = False
    is_clocked: bool = False
    on_the_wall: bool = False
    amounts: Unit | None = None

    @property
    def frame(self) -> str:
        """Whose rows are behind the figure."""
        return self.frames[0]

    @property
    def has_rows(self) -> bool:
        """Whether the rows behind the figure may be seen: what employees answered, never."""
        return self.frame != "employees"

    @property
    def has_clocks(self) -> bool:
        """Whether there is a figure in calendar time and one in business time."""
        return self.shape is Quantile or self.is_clocked

    def clock(self, *, has_calendar: bool) -> str:
        """In which clock it is told unless somebody asks for the other one; "" for what is no duration."""
        if not self.has_clocks:
            return ""
        return BUSINESS if has_calendar and not self.on_the_wall else CALENDAR

    @property
    def is_stock(self) -> bool:
        return self.shape is Stock

    @property
    def adds_up(self) -> bool:
        """Whether the sums of days are the sums of a longer period, so that rollups hold it."""
        return self.shape not in (Whole, Breakdown)

    @property
    def needs_dimension(self) -> bool:
        """Whether there is no overall figure."""
        return self.shape in (Share, Breakdown)


CATALOGUE: Final[dict[str, Kpi]] = {}
"""Every KPI by its code, in the order in which they are shown. Filled by importing metrics.catalogue."""

_F = TypeVar("_F", bound=Callable[..., Shape])

_WINDOW: Final = "window"


class Words(TypedDict):
    """What must be said of a KPI, and what may be: see Kpi."""

    name: Text
    family: Family
    unit: Unit
    better: Better
    at: str
    formula: Text
    source: Text
    gaming: Text
    revision: int
    dimensions: NotRequired[tuple[str, ...]]
    matures_after_days: NotRequired[int]
    default_by: NotRequired[str]
    looks_back_days: NotRequired[int]
    looks_ahead_days: NotRequired[int]
    is_level: NotRequired[bool]
    is_clocked: NotRequired[bool]
    on_the_wall: NotRequired[bool]
    amounts: NotRequired[Unit]


def kpi(**words: Unpack[Words]) -> Callable[[_F], _F]:
    """Enter a function into the catalogue, with all dimensions of its first frame unless told otherwise.

    Raises ValueError for a function that does not say what it must.
    """

    def enter(function: _F) -> _F:
        code = function.__name__
        if code in CATALOGUE:
            msg = f"There are two KPIs called {code}."
            raise ValueError(msg)
        CATALOGUE[code] = define(code, function, text=_printed(function), **words)
        return function

    return enter


def define(code: str, function: Callable[..., Shape], *, text: Text, **words: Unpack[Words]) -> Kpi:
    """A KPI out of its function and what is said of it. Raises ValueError for a function that does not fit."""
    shape = _shape(function)
    frames = _frames(function, shape)
    told: dict[str, Any] = {"dimensions": DIMENSIONS[frames[0]], **words}
    told["is_level"] = told.get("is_level", False) or shape is Stock
    if issubclass(shape, (Share, Breakdown)) and told.get("default_by") not in told["dimensions"]:
        msg = f"{code} has no figure without a dimension, so it must say in default_by which one is usual."
        raise ValueError(msg)
    return Kpi(code=code, shape=shape, frames=frames, text=text, function=function, **told)


def clocks(frame: Frame, duration: str) -> dict[str, Column]:
    """The columns of a duration by clock; a frame without a business calendar has the calendar clock only."""
    columns = {clock: f"{duration}_{clock}_seconds" for clock in CLOCKS}
    return {clock: frame[column] for clock, column in columns.items() if column in frame}


def _frames(function: Callable[..., Any], shape: type[Shape]) -> tuple[str, ...]:
    """One frame for what adds up; what does not may read several, and knows its period."""
    names = tuple(inspect.signature(function).parameters)
    frames = tuple(name for name in names if name != _WINDOW)
    is_whole = issubclass(shape, (Whole, Breakdown))
    if not frames or set(frames) - set(DIMENSIONS) or (not is_whole and len(names) != 1):
        msg = f"{function.__name__} must read one of the frames {', '.join(DIMENSIONS)}, not {', '.join(names)}."
        raise ValueError(msg)
    return frames


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
