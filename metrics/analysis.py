"""The sections of a KPI's page of analysis, in words and with the strength of every cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.drawing import locale
from kpiproject.lib import charts
from kpiproject.lib.charts import Spec
from metrics import presentation
from metrics.frames.stays import AGENT_WAIT, AGENT_WORK, ON_HOLD
from metrics.kpi import Kpi, Text, Total, Unit
from metrics.mixes import Cell, level
from metrics.parts import is_small
from metrics.queries import Question
from metrics.queries.ageing import DAYS, Ageing, ageing
from metrics.queries.patterns import Slot, by_hour, by_month, by_weekday
from metrics.queries.personal import withheld
from metrics.queries.stages import Stuck

LEAST_DAYS: Final = 28
LEAST_MONTHS: Final = 24
MOST_MEMBERS: Final = 12
BY_DAY: Final = frozenset({"customers", "subscriptions", "costs"})
"""Frames whose facts have a day and no time of day."""
STUCK_FRAMES: Final = frozenset({"tickets", "spells", "waits"})
GROUP_NAMES: Final[Mapping[str, Text]] = {
    AGENT_WORK: gettext_lazy("us"),
    AGENT_WAIT: gettext_lazy("the customer"),
    ON_HOLD: gettext_lazy("others"),
}


@dataclass(frozen=True, kw_only=True)
class Heat:
    """A row for every hour of the day with a cell for every weekday."""

    weekdays: list[str]
    rows: list[tuple[str, list[Cell]]]
    counts: bool


@dataclass(frozen=True, kw_only=True)
class Season:
    """`index` is 100 for the average; empty where there is too little to say, which `sentence` says."""

    label: str
    value: str
    n: str
    often: int
    index: float | None


@dataclass(frozen=True, kw_only=True)
class Seasons:
    lines: list[Season]
    sentence: str
    spec: Spec | None


@dataclass(frozen=True, kw_only=True)
class AgeRow:
    label: str
    cells: list[Cell]
    total: str


@dataclass(frozen=True, kw_only=True)
class Ages:
    classes: list[str]
    rows: list[AgeRow]
    total: AgeRow
    folded: int


def has_patterns(kpi: Kpi) -> bool:
    """Whether its rows count at instants, and add up by them."""
    return kpi.adds_up and not kpi.is_stock and not kpi.needs_dimension


def has_hours(kpi: Kpi) -> bool:
    return has_patterns(kpi) and kpi.frame not in BY_DAY


def has_ages(kpi: Kpi) -> bool:
    return kpi.is_level and kpi.frame == "spells"


def has_mix(kpi: Kpi) -> bool:
    return kpi.shape is Total


def has_stages(kpi: Kpi) -> bool:
    return kpi.frame in STUCK_FRAMES


def heat(question: Question, kpi: Kpi, clock: str | None) -> Heat | None:
    """None without anything in the period that can be told."""
    slots = _told(question, kpi, by_hour(question))
    counts = kpi.shape is Total
    amounts = [_amount(slot, counts=counts) for slot in slots]
    known = [amount for amount in amounts if amount is not None]
    if not known or not any(slot.point.n for slot in slots):
        return None
    least, most = (0.0 if counts else min(known)), max(known)
    cells = [_heat_cell(slot, amount, (least, most), kpi, clock) for slot, amount in zip(slots, amounts, strict=True)]
    rows = [(f"{hour:02}–{hour + 1:02}", [cells[24 * day + hour] for day in range(7)]) for hour in range(24)]
    return Heat(weekdays=[str(WEEKDAYS_ABBR[day]) for day in range(7)], rows=rows, counts=counts)


def _told(question: Question, kpi: Kpi, slots: Sequence[Slot]) -> list[Slot]:
    """Without what says too little about one person."""
    return [replace(slot, point=withheld(question, kpi, slot.point)) for slot in slots]


def _amount(slot: Slot, *, counts: bool) -> float | None:
    """Of numbers, how many there are in one such hour; of others the figure."""
    if counts:
        return slot.point.n / slot.often if slot.often else None
    return slot.point.value


def _heat_cell(slot: Slot, amount: float | None, ends: tuple[float, float], kpi: Kpi, clock: str | None) -> Cell:
    n = presentation.number(slot.point.n)
    if amount is None:
        return Cell(text="–", level=0, n=n)
    strength = level((amount - ends[0]) / ((ends[1] - ends[0]) or 1))
    if kpi.shape is Total:
        return Cell(text=presentation.number(amount, 1), level=strength, n=n)
    text = presentation.value(amount, kpi, clock)
    # Also the lowest figure has a colour: without any are only those that rest on too few.
    shown = 0 if is_small(kpi, slot.point) else max(strength, 1)
    return Cell(text=text, level=shown, n=n, is_small=is_small(kpi, slot.point))


def weekdays(question: Question, kpi: Kpi, clock: str | None) -> Seasons:
    slots = _told(question, kpi, by_weekday(question))
    days = int(sum(slot.often for slot in slots))
    enough = days >= LEAST_DAYS
    sentence = "" if enough else _("There are %(days)s days; at least %(least)s are needed to tell weekdays apart.")
    names = [str(WEEKDAYS[day]) for day in range(7)]
    return _seasons(slots, names, kpi, clock, sentence % {"days": days, "least": LEAST_DAYS})


def months(question: Question, kpi: Kpi, clock: str | None) -> Seasons:
    slots = _told(question, kpi, by_month(question))
    count = int(sum(slot.often for slot in slots))
    sentence = (
        ""
        if count >= LEAST_MONTHS
        else _("There are %(count)s whole months; at least %(least)s are needed to tell seasons from chance.")
    )
    names = [str(MONTHS[month]) for month in range(1, 13)]
    return _seasons(slots, names, kpi, clock, sentence % {"count": count, "least": LEAST_MONTHS})


def _seasons(slots: Sequence[Slot], names: Sequence[str], kpi: Kpi, clock: str | None, sentence: str) -> Seasons:
    """Without an index where there is too little; numbers are shown all the same."""
    amounts = [_amount(slot, counts=kpi.shape is Total) for slot in slots]
    average = None if sentence else _average(slots, kpi)
    lines = [
        Season(
            label=name,
            value=_season_value(amount, kpi, clock),
            n=presentation.number(slot.point.n),
            often=int(slot.often),
            index=None if amount is None or not average else 100 * amount / average,
        )
        for name, slot, amount in zip(names, slots, amounts, strict=False)
    ]
    title = _("%(name)s: 100 is the average") % {"name": kpi.name}
    bars = [
        charts.Bar(
            label=line.label, value=line.index, text="" if line.index is None else presentation.number(line.index)
        )
        for line in lines
    ]
    has_index = any(line.index is not None for line in lines)
    spec = charts.bars(bars, title=title, unit=_("average = 100"), locale=locale()) if has_index else None
    return Seasons(lines=lines, sentence=sentence, spec=spec)


def _season_value(amount: float | None, kpi: Kpi, clock: str | None) -> str:
    if amount is None:
        return "–"
    return presentation.number(amount, 1) if kpi.shape is Total else presentation.value(amount, kpi, clock)


def _average(slots: Sequence[Slot], kpi: Kpi) -> float | None:
    """Of a number, how many there are in one day or month; of others, the mean of the figures weighted by what they
    rest on, which serves as the middle only. There is none on scales that go below 0."""
    if kpi.unit in (Unit.POINTS, Unit.CORRELATION, Unit.MONEY):
        return None
    if kpi.shape is Total:
        often = sum(slot.often for slot in slots)
        return sum(slot.point.n for slot in slots) / often if often else None
    known = [(slot.point.value, slot.point.n) for slot in slots if slot.point.value is not None]
    n = sum(count for _value, count in known)
    return sum(value * count for value, count in known) / n if n else None


def ages(question: Question, by: str, names: Callable[[str, Sequence[str]], Mapping[str, str]]) -> Ages:
    found: Ageing = ageing(question, by)
    shown = list(found.members)[:MOST_MEMBERS]
    called = names(by, shown)
    rows = [_age_row(presentation.member(member, called), found.members[member]) for member in shown]
    return Ages(
        classes=_classes(),
        rows=rows,
        total=_age_row(_("All"), found.total),
        folded=len(found.members) - len(shown),
    )


def _age_row(label: str, counts: Sequence[int]) -> AgeRow:
    total = sum(counts)
    cells = [
        Cell(text=presentation.number(count), level=level(count / total) if total else 0, n="") for count in counts
    ]
    return AgeRow(label=label, cells=cells, total=presentation.number(total))


def _classes() -> list[str]:
    inner = [_("%(first)s to %(last)s days") % {"first": a, "last": b} for a, b in pairwise(DAYS)]
    return [_("up to 1 day"), *inner, _("over %(days)s days") % {"days": DAYS[-1]}]


def stages_chart(found: Stuck) -> Spec | None:
    """The statuses by the share of all the time that goes there."""
    if not found.stages:
        return None
    bars = [
        charts.Bar(label=stage.status, value=stage.share, text=presentation.percent(stage.share))
        for stage in found.stages[:MOST_MEMBERS]
    ]
    return charts.bars(bars, title=_("Share of the time by status"), unit="%", locale=locale())
