"""Figures in words: numbers with their units, intervals, changes, reasons and names, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject.lib.periods import Grain
from kpiproject.queries import currency
from metrics.kpi import BUSINESS, Better, Kpi, Mean, Total, Unit
from metrics.queries import LEAST_ANSWERS, Point
from metrics.reason_words import REASON_NAMES

Text = str | Promise
SPACE: Final = "\u00a0"
MINUS: Final = "−"

DIMENSION_NAMES: Final[Mapping[str, Text]] = {
    "channel": gettext_lazy("channel"),
    "category": gettext_lazy("category"),
    "type": gettext_lazy("type"),
    "priority": gettext_lazy("priority"),
    "team": gettext_lazy("team"),
    "agent": gettext_lazy("agent"),
    "tier": gettext_lazy("customer tier"),
    "survey": gettext_lazy("survey"),
    "segment": gettext_lazy("segment"),
    "country": gettext_lazy("country"),
    "language": gettext_lazy("language"),
    "reason": gettext_lazy("reason"),
    "plan": gettext_lazy("plan"),
    "kind": gettext_lazy("kind"),
    "group": gettext_lazy("group"),
    "outcome": gettext_lazy("outcome"),
    "cost": gettext_lazy("kind of cost"),
    "month": gettext_lazy("months after the first"),
    "cohort": gettext_lazy("month of the first activity"),
    "status": gettext_lazy("status"),
    "source": gettext_lazy("source"),
    "tags": gettext_lazy("tag"),
    "company": gettext_lazy("company"),
    "customer": gettext_lazy("customer"),
}
CLOCK_NAMES: Final[Mapping[str, Text]] = {
    "business": gettext_lazy("business time"),
    "calendar": gettext_lazy("calendar time"),
}
GRAIN_NAMES: Final[Mapping[Grain, Text]] = {
    Grain.DAY: gettext_lazy("day"),
    Grain.WEEK: gettext_lazy("week"),
    Grain.MONTH: gettext_lazy("month"),
    Grain.QUARTER: gettext_lazy("quarter"),
    Grain.YEAR: gettext_lazy("year"),
    Grain.ALL: gettext_lazy("whole period"),
}
UNIT_NAMES: Final[Mapping[Unit, Text]] = {
    Unit.COUNT: gettext_lazy("number"),
    Unit.PERCENT: gettext_lazy("percent (0 to 100)"),
    Unit.POINTS: gettext_lazy("points (−100 to 100)"),
    Unit.SECONDS: gettext_lazy("duration"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.MONEY: gettext_lazy("money"),
    Unit.NUMBER: gettext_lazy("number"),
    Unit.CORRELATION: gettext_lazy("correlation (−1 to 1)"),
}
BETTER_NAMES: Final[Mapping[Better, Text]] = {
    Better.HIGHER: gettext_lazy("higher is better"),
    Better.LOWER: gettext_lazy("lower is better"),
    Better.NEITHER: gettext_lazy("neither direction is better in itself"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_Z: Final = 1.96


def number(value: float, decimals: int = 0) -> str:
    """With the reader's separators and a real minus sign; never “−0”."""
    rounded = round(value, decimals) + 0.0
    text = number_format(abs(rounded), decimals, use_l10n=True, force_grouping=True)
    return f"{MINUS}{text}" if rounded < 0 else text


def signed(amount: float, decimals: int = 0) -> str:
    """With a plus sign where it is more than nothing."""
    return _signed(round(amount, decimals), number(abs(amount), decimals))


def duration(seconds: float, clock: str | None = None) -> str:
    """Two units at most. Business time has no days: nobody would know whether 8 or 24 hours are meant."""
    whole = round(seconds)
    if whole < 0:
        return MINUS + duration(-whole, clock)
    has_days = clock != BUSINESS and whole >= 3 * _DAY
    return _tight(_short(whole) if round(whole / _MINUTE) < 60 else _in_days(whole) if has_days else _in_hours(whole))


def _short(whole: int) -> str:
    if whole < 2 * _MINUTE:
        return _("%(seconds)s s") % {"seconds": whole}
    return _("%(minutes)s min") % {"minutes": round(whole / _MINUTE)}


def _in_hours(whole: int) -> str:
    hours, minutes = divmod(round(whole / _MINUTE), 60)
    template = _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")
    return template % {"hours": number(hours), "minutes": minutes}


def _in_days(whole: int) -> str:
    days, hours = divmod(round(whole / _HOUR), 24)
    template = _("%(days)s d %(hours)s h") if hours else _("%(days)s d")
    return template % {"days": number(days), "hours": hours}


def value(amount: float | None, kpi: Kpi, clock: str | None = None) -> str:
    """A figure with its unit; "no data" where there was nothing to measure."""
    return in_unit(amount, kpi.unit, clock)


def in_unit(amount: float | None, unit: Unit, clock: str | None = None) -> str:
    """The same for any other amount."""
    if amount is None:
        return _("no data")
    if unit is Unit.SECONDS:
        return duration(amount, clock)
    written = _WRITTEN.get(unit)
    return written(amount) if written else number(amount, 0 if float(amount).is_integer() else 1)


def percent(amount: float) -> str:
    return _tight(_("%(number)s %%") % {"number": number(amount, 1)})


def day_count(amount: float) -> str:
    text = number(amount, 0 if abs(amount) >= _ONE_DECIMAL_BELOW or float(amount).is_integer() else 1)
    return _tight(ngettext("%(number)s day", "%(number)s days", 1 if amount == 1 else 2) % {"number": text})


def money(amount: float) -> str:
    """In the organisation's currency; cents only where they can be seen."""
    text = number(amount, 0 if abs(amount) >= _NO_CENTS_FROM else 2)
    return f"{text}{SPACE}{currency()}"


_ONE_DECIMAL_BELOW: Final = 100
_NO_CENTS_FROM: Final = 1000
_WRITTEN: Final[Mapping[Unit, Callable[[float], str]]] = {
    Unit.PERCENT: percent,
    Unit.POINTS: lambda amount: signed(amount, 1),
    Unit.DAYS: day_count,
    Unit.MONEY: money,
    Unit.NUMBER: lambda amount: number(amount, 2),
    Unit.CORRELATION: lambda amount: signed(amount, 2),
}


def figure(point: Point, kpi: Kpi, clock: str | None = None) -> str:
    """The value of a point, marked where it is an approximation; of one that is not told, why. Rows may be there that
    tell of no figure yet, such as customers of whom most are still here."""
    if point.is_withheld:
        return _("fewer than %(least)s answers") % {"least": LEAST_ANSWERS}
    if point.value is None and point.n:
        return _("no figure yet")
    text = value(point.value, kpi, clock)
    return f"≈{SPACE}{text}" if point.approximate and point.value is not None else text


def interval(point: Point, kpi: Kpi, clock: str | None = None) -> str:
    """The bounds of the 95 % interval; empty where there is none."""
    found = bounds(point, kpi, clock)
    return _("%(low)s to %(high)s") % {"low": found[0], "high": found[1]} if found else ""


def bounds(point: Point, kpi: Kpi, clock: str | None = None) -> tuple[str, str] | None:
    if point.low is None or point.high is None:
        return None
    return value(point.low, kpi, clock), value(point.high, kpi, clock)


_TICKETS: Final = gettext_lazy("tickets")
_NOUNS: Final[Mapping[str, Text]] = {
    "answers": gettext_lazy("answers"),
    "invitations": gettext_lazy("invitations"),
    "follow_ups": gettext_lazy("follow-ups"),
    "recoveries": gettext_lazy("answers"),
    "customers": gettext_lazy("customers"),
    "subscriptions": gettext_lazy("subscriptions"),
    "orders": gettext_lazy("orders"),
    "records": gettext_lazy("records"),
    "employees": gettext_lazy("answers"),
    "costs": gettext_lazy("costs"),
    "waits": gettext_lazy("replies"),
    "calls": gettext_lazy("calls"),
    "bots": gettext_lazy("conversations"),
    "shifts": gettext_lazy("days of agents"),
    "cases": gettext_lazy("cases"),
    "work": gettext_lazy("pieces of work"),
    "messages": gettext_lazy("messages"),
    "ticket_events": gettext_lazy("events"),
}


def counted(n: int, kpi: Kpi) -> str:
    """What the figure rests on: “1,234 tickets”."""
    nouns = {
        "answers": ngettext("%(n)s answer", "%(n)s answers", n),
        "invitations": ngettext("%(n)s invitation", "%(n)s invitations", n),
        "follow_ups": ngettext("%(n)s follow-up", "%(n)s follow-ups", n),
        "recoveries": ngettext("%(n)s answer", "%(n)s answers", n),
        "customers": ngettext("%(n)s customer", "%(n)s customers", n),
        "subscriptions": ngettext("%(n)s subscription", "%(n)s subscriptions", n),
        "orders": ngettext("%(n)s order", "%(n)s orders", n),
        "records": ngettext("%(n)s record", "%(n)s records", n),
        "employees": ngettext("%(n)s answer", "%(n)s answers", n),
        "costs": ngettext("%(n)s cost", "%(n)s costs", n),
        "waits": ngettext("%(n)s reply", "%(n)s replies", n),
        "calls": ngettext("%(n)s call", "%(n)s calls", n),
        "bots": ngettext("%(n)s conversation", "%(n)s conversations", n),
        "shifts": ngettext("%(n)s day of an agent", "%(n)s days of agents", n),
        "cases": ngettext("%(n)s case", "%(n)s cases", n),
        "work": ngettext("%(n)s piece of work", "%(n)s pieces of work", n),
        "messages": ngettext("%(n)s message", "%(n)s messages", n),
        "ticket_events": ngettext("%(n)s event", "%(n)s events", n),
    }
    return nouns.get(kpi.frame, ngettext("%(n)s ticket", "%(n)s tickets", n)) % {"n": number(n)}


def counted_noun(kpi: Kpi) -> str:
    """The same without the number, as the head of a column: “Tickets”."""
    return capfirst(str(_NOUNS.get(kpi.frame, _TICKETS)))


def unit(kpi: Kpi) -> str:
    """The unit in words; of durations also which one of many is the figure."""
    if kpi.unit is not Unit.SECONDS:
        return str(UNIT_NAMES[kpi.unit])
    return _("duration; the figure is the mean") if kpi.shape is Mean else _("duration; the figure is the median")


def reason(code: str) -> str:
    return str(REASON_NAMES.get(code, code.replace("_", " ")))


def member(name: str | None, names: Mapping[str, str] | None = None) -> str:
    """A member as it is shown: the missing one has no name of its own."""
    return (names or {}).get(name or "", name or "") or _("(not given)")


def dimension(name: str) -> str:
    return str(DIMENSION_NAMES.get(name, name))


@dataclass(frozen=True, kw_only=True)
class Change:
    """The way from one figure to the next. `tone` is good, bad or empty; never judged by the sign alone."""

    text: str
    words: str
    direction: str  # up, down or same
    tone: str


def change(current: Point, previous: Point, kpi: Kpi, clock: str | None = None) -> Change | None:
    """None where one of the two is missing. A change that may be chance has no tone. What is subtracted are the
    figures as they are shown, so that a reader who does it again comes to the same."""
    if current.value is None or previous.value is None:
        return None
    difference = _shown(current.value, kpi) - _shown(previous.value, kpi)
    is_same = value(current.value, kpi, clock) == value(previous.value, kpi, clock)
    is_same = is_same or _is_invisible(difference, previous.value, kpi)
    direction = "same" if is_same else "up" if difference > 0 else "down"
    may_be_chance = _may_be_chance(current, previous.value, kpi)
    words = _("before: %(before)s")
    if may_be_chance and direction != "same":
        words = _("before: %(before)s; may be chance")
    return Change(
        text=_difference(difference, previous.value, kpi) if direction != "same" else _("unchanged"),
        words=words % {"before": value(previous.value, kpi, clock)},
        direction=direction,
        tone="" if may_be_chance else _tone(direction, kpi.better),
    )


def _may_be_chance(current: Point, before: float, kpi: Kpi) -> bool:
    """Whether the figure before lies in the current 95 % interval. Numbers of events vary like Poisson's: the
    difference of two of them has their sum as its variance."""
    if kpi.shape is Total and current.value is not None:
        return abs(current.value - before) < _Z * sqrt(current.value + before)
    return current.low is not None and current.high is not None and current.low <= before <= current.high


def _shown(amount: float, kpi: Kpi) -> float:
    """Percentages and points as they are printed; of the others the change is a share, which nobody subtracts."""
    return round(amount, 1) if kpi.unit in (Unit.PERCENT, Unit.POINTS) else amount


def _is_invisible(difference: float, before: float, kpi: Kpi) -> bool:
    """Whether the difference would be printed as 0.0."""
    by_points = kpi.unit in (Unit.PERCENT, Unit.POINTS) or before == 0
    return abs(difference if by_points else 100 * difference / before) < 0.05


def _tone(direction: str, better: Better) -> str:
    if direction == "same" or better is Better.NEITHER:
        return ""
    return "good" if (direction == "up") == (better is Better.HIGHER) else "bad"


def points(amount: float) -> str:
    """By how many percentage points two shares differ."""
    text = number(abs(amount), 1)
    count = 1 if text == number(1, 1) else 2
    return _tight(ngettext("%(amount)s point", "%(amount)s points", count) % {"amount": signed(amount, 1)})


def _difference(difference: float, before: float, kpi: Kpi) -> str:
    """Percentages and points differ by points, everything else by percent of what it was."""
    if kpi.unit in (Unit.PERCENT, Unit.POINTS):
        return points(difference)
    if kpi.unit is Unit.CORRELATION:
        return signed(difference, 2)
    if before == 0:
        return _signed(difference, value(abs(difference), kpi))
    share = 100 * difference / before
    amount = _signed(share, number(abs(share), 1 if abs(share) < 10 else 0))
    return _tight(_("%(amount)s %%") % {"amount": amount})


def days(first: date, last: date) -> str:
    """Days from the first to the last, both included."""
    if first == last:
        return date_format(first, "DATE_FORMAT")
    if first.year == last.year:
        start = date_format(first, "MONTH_DAY_FORMAT")
        return f"{start} – {date_format(last, 'DATE_FORMAT')}"
    return f"{date_format(first, 'DATE_FORMAT')} – {date_format(last, 'DATE_FORMAT')}"


def period(start: date, grain: Grain, end: date | None = None) -> str:
    """The name of a piece of time: “6 Jan 2025”, “January 2025”, “quarter 2 of 2025”; of others the days."""
    if grain is Grain.MONTH:
        return capfirst(date_format(start, "YEAR_MONTH_FORMAT"))
    if grain is Grain.QUARTER:
        return _("quarter %(quarter)s of %(year)s") % {"quarter": (start.month + 2) // 3, "year": start.year}
    if grain is Grain.YEAR:
        return str(start.year)
    return days(start, start if grain is Grain.DAY or end is None else end - timedelta(days=1))


def _signed(amount: float, text: str) -> str:
    return f"{'+' if amount > 0 else MINUS if amount < 0 else ''}{text}"


def _tight(text: str) -> str:
    """A number and its unit stay on one line."""
    return text.replace(" ", SPACE)
