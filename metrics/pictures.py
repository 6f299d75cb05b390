"""Charts of figures: what stands at the axes and at every point, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.drawing import locale
from kpiproject.lib import charts
from kpiproject.lib.charts import Spec
from kpiproject.lib.control_chart import Normal, control_chart
from kpiproject.queries import currency
from metrics import turn_words
from metrics.comparing import Control
from metrics.kpi import BUSINESS, Kpi, Unit
from metrics.lines import Line
from metrics.queries import Figures, Turn

MOST_BARS: Final = 15
_FEW_DAYS: Final = 14
_UNITS: Final[Mapping[Unit, str | Promise]] = {
    Unit.COUNT: "",
    Unit.PERCENT: "%",
    Unit.POINTS: gettext_lazy("points"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.CORRELATION: gettext_lazy("correlation"),
}
# From so many seconds on, the axis counts in units of so many seconds.
_SCALES: Final = (
    (3 * 86400, 86400, gettext_lazy("days")),
    (2 * 3600, 3600, gettext_lazy("hours")),
    (2 * 60, 60, gettext_lazy("minutes")),
    (0, 1, gettext_lazy("seconds")),
)


def over_time(figures: Figures, lines: Sequence[Line], title: str, *, turns: Sequence[Turn] = ()) -> Spec:
    """The chart of a series. Each line is a row of the table beneath, and says the same. Where the figures begin to
    mean something else is marked."""
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
    starts_at_zero = figures.kpi.unit in (Unit.COUNT, Unit.SECONDS, Unit.MONEY, Unit.DAYS)
    spec = charts.time_series(
        points, title=title, unit=str(unit), breaks=_breaks(turns), starts_at_zero=starts_at_zero, locale=locale()
    )
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


def control(figures: Figures, found: Control, title: str) -> Spec:
    """The control chart of a series that has limits."""
    if not found.each:
        raise ValueError("Without limits there is no control chart.")
    lines = [told.line for told in found.told]
    factor, unit = _scale(figures, lines)
    points = [
        charts.Point(start=line.start, value=_scaled(line.point.value, factor), tooltip=_told(line)) for line in lines
    ]
    normal = Normal(
        limits=[limits.scaled(1 / factor) for limits in found.each],
        low=(_("lower limit"), found.low),
        centre=(_("mean"), found.centre),
        high=(_("upper limit"), found.high),
        marked=[told.line.start for told in found.told if told.signals],
    )
    spec = control_chart(points, normal, title=title, unit=str(unit), locale=locale())
    if all(line.start == line.last for line in lines):
        _name_days(spec, lines)
    return spec


def _breaks(turns: Sequence[Turn]) -> list[charts.Break]:
    """One mark a day, whatever changed on it."""
    told: dict[date, list[str]] = {}
    for turn in turns:
        told.setdefault(turn.start, []).append(turn_words.short(turn))
    return [charts.Break(start=start, text=", ".join(dict.fromkeys(words))) for start, words in told.items()]


def _name_days(spec: Spec, lines: Sequence[Line]) -> None:
    """Every label of a daily axis is a day: by itself it would name months and years among them. A single one has its
    whole date already."""
    if len(lines) == 1:
        return
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
        return 1.0, currency() if kpi.unit is Unit.MONEY else _UNITS.get(kpi.unit, "")
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
