"""Charts of figures: what stands at the axes and at every point, in the reader's language."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.core.cache import cache
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.lib import charts
from kpiproject.lib.charts import Spec
from metrics.kpi import BUSINESS, Kpi, Unit
from metrics.lines import Line
from metrics.queries import Figures

MOST_BARS: Final = 15
_FEW_DAYS: Final = 14
_DRAWN_SECONDS: Final = 3600
_UNITS: Final[Mapping[Unit, str | Promise]] = {
    Unit.COUNT: "",
    Unit.PERCENT: "%",
    Unit.POINTS: gettext_lazy("points"),
}
# From so many seconds on, the axis counts in units of so many seconds.
_SCALES: Final = (
    (3 * 86400, 86400, gettext_lazy("days")),
    (2 * 3600, 3600, gettext_lazy("hours")),
    (2 * 60, 60, gettext_lazy("minutes")),
    (0, 1, gettext_lazy("seconds")),
)


def over_time(figures: Figures, lines: Sequence[Line], title: str) -> Spec:
    """The chart of a series. Each line is a row of the table beneath, and says the same."""
    factor, unit = _scale(figures, lines)
    points = [
        charts.Point(
            start=line.start,
            value=_scaled(line.point.value, factor),
            low=_scaled(line.point.low, factor),
            high=_scaled(line.point.high, factor),
            is_complete=line.is_complete,
            tooltip=_told(line),
        )
        for line in lines
    ]
    starts_at_zero = figures.kpi.unit in (Unit.COUNT, Unit.SECONDS)
    spec = charts.time_series(points, title=title, unit=str(unit), starts_at_zero=starts_at_zero, locale=locale())
    if lines and all(line.start == line.last for line in lines):
        _name_days(spec, lines)
    return spec


def by_member(figures: Figures, lines: Sequence[Line], title: str) -> Spec:
    """Bars of the members with the most behind them, in the order of the table."""
    shown = lines[:MOST_BARS]
    factor, unit = _scale(figures, shown)
    bars = [
        charts.Bar(
            label=line.label,
            value=_scaled(line.point.value, factor),
            text=line.value,
            low=_scaled(line.point.low, factor),
            high=_scaled(line.point.high, factor),
            tooltip=_told(line),
        )
        for line in shown
    ]
    return charts.bars(bars, title=title, unit=str(unit), locale=locale())


def drawn(spec: Spec, name: str) -> dict[str, object]:
    """The specification, and its drawing for everybody whose browser does not draw it; for metrics/_chart.html."""
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True, default=str).encode()).hexdigest()
    svg = cache.get_or_set(f"chart:{digest}", lambda: charts.to_svg(spec), _DRAWN_SECONDS)
    return {"name": name, "spec": spec, "svg": svg}


def _name_days(spec: Spec, lines: Sequence[Line]) -> None:
    """Every label of a daily axis is a day: by itself it would name months, years and hours among them."""
    axis = spec["encoding"]["x"]["axis"]
    axis["format"] = "%-d %b" if lines[0].start.year == lines[-1].start.year else "%-d %b %Y"
    if len(lines) <= _FEW_DAYS:
        axis["tickCount"] = {"interval": "day", "step": 1}


def _scale(figures: Figures, lines: Sequence[Line]) -> tuple[float, str | Promise]:
    longest = max((line.point.high or line.point.value or 0.0 for line in lines), default=0.0)
    return scale(figures.kpi, figures.clock, max(longest, 0.0))


def scale(kpi: Kpi, clock: str | None, longest: float) -> tuple[float, str | Promise]:
    """What one unit of the axis is in the unit of the figures, and its name: seconds become hours where many are."""
    if kpi.unit is not Unit.SECONDS:
        return 1.0, _UNITS[kpi.unit]
    scales = _SCALES[1:] if clock == BUSINESS else _SCALES
    return next((float(seconds), name) for least, seconds, name in scales if longest >= least)


def _scaled(amount: float | None, factor: float) -> float | None:
    return None if amount is None else amount / factor


def _told(line: Line) -> dict[str, str]:
    return {
        _("Which"): line.label,
        _("Value"): line.value,
        _("95 % interval"): line.interval,
        _("Rests on"): line.counted,
    }


def locale() -> Spec:
    """Names of months and days, and separators, of the active language."""
    months, short_months = ([date_format(date(2000, n, 1), form) for n in range(1, 13)] for form in ("F", "M"))
    days, short_days = ([str(names[n % 7]).title() for n in range(6, 13)] for names in (WEEKDAYS, WEEKDAYS_ABBR))
    names = {"months": months, "shortMonths": short_months, "days": days, "shortDays": short_days}
    patterns = {"dateTime": "%Y-%m-%d %H:%M", "date": "%Y-%m-%d", "time": "%H:%M", "periods": ["AM", "PM"]}
    separators = {"decimal": get_format("DECIMAL_SEPARATOR"), "thousands": get_format("THOUSAND_SEPARATOR")}
    return {"time": {**patterns, **names}, "number": {**separators, "grouping": [3], "currency": ["", ""]}}
