"""A figure beside earlier ones, and whether the change is real: beyond what it varies by when nothing changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject.lib import spc
from kpiproject.lib.periods import Grain, Period
from kpiproject.lib.spc import LEAST_VALUES, SURE_VALUES, Limits, Signal
from metrics import cards, presentation, queries
from metrics.kpi import Kpi, Ratio, Share, Text, Unit
from metrics.lines import Line, of_point
from metrics.presentation import Change
from metrics.queries import Figures, Freshness, Point, Question
from metrics.queries.questions import FIRST_DAY

_EARLIER: Final = 12
"""So many periods of the same length are looked at to know the normal range."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One earlier period beside the one that is shown. `is_partly_known`: facts begin only within it."""

    name: str
    period_text: str
    is_partly_known: bool
    line: Line
    change: Change | None


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the periods of the same length before tell of this one. `is_real` is None where they tell nothing."""

    sentence: str
    is_real: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`first` is the first day with facts of the KPI's kind, where there is any."""

    compared: list[Compared]
    judgement: Judgement
    first: date | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A piece of time in a control chart, and what it tells."""

    line: Line
    signals: frozenset[Signal]
    words: str


@dataclass(frozen=True, kw_only=True)
class Control:
    """The complete pieces of a series with the limits of their normal range: those at each piece, and those at the
    last one in words. None where they are too few. `note` says how far the limits are to be believed."""

    told: list[Told]
    limits: Limits | None
    sentence: str
    each: Sequence[Limits] = ()
    note: str = ""
    low: str = ""
    centre: str = ""
    high: str = ""


SIGNAL_WORDS: Final[Mapping[Signal, Text]] = {
    Signal.BEYOND: gettext_lazy("beyond the normal range"),
    Signal.TREND: gettext_lazy("the seventh or later in a row that rises or falls"),
    Signal.NEAR: gettext_lazy("one of two among three in a row that come close to the same limit"),
    Signal.SHIFT: gettext_lazy("the eighth or later in a row on the same side of the mean"),
}


def comparison(question: Question, period: Period, fresh: Freshness) -> Comparison:
    """With the period before, and with the same one a year earlier."""
    first = fresh.first_of(queries.find_kpi(question.code))
    run = [one for one in period.run(1 + _EARLIER) if _is_known(one, first) or one == period]
    run = run if len(run) > 1 else [period.run(2)[0], period]
    figures = queries.told_in_a_row(question, run)
    current = fresh.known(figures.points[-1], figures.kpi, period)
    year_before = period.year_before()
    earlier = [(_("The period before"), run[-2], figures.points[-2])]
    if year_before != run[-2] and year_before.start >= FIRST_DAY:
        earlier.append((_("A year before"), year_before, queries.told_in_a_row(question, [year_before]).points[0]))
    compared = [_compared(figures, current, one, period, fresh) for one in earlier]
    known = [fresh.known(point, figures.kpi, then) for then, point in zip(run[:-1], figures.points[:-1], strict=True)]
    values = [point.value for point in known if point.value is not None]
    is_over = period.end <= fresh.today
    judgement = _judgement(figures, current, values, is_over=is_over)
    return Comparison(compared=compared, judgement=judgement, first=first)


def control(figures: Figures, found: Sequence[Line], fresh: Freshness) -> Control:
    """The control chart of a series. Only complete pieces count, from the first day with facts of its kind on."""
    first = fresh.first_of(figures.kpi)
    complete = [
        line
        for line in found
        if line.is_complete and line.point.value is not None and (first is None or line.start >= first)
    ]
    values = [line.point.value for line in complete if line.point.value is not None]
    each = spc.limits_of_each(values, [line.point.n for line in complete] if has_rows(figures.kpi) else None)
    if each is None:
        sentence = too_few(len(values))
        return Control(
            told=[Told(line=line, signals=frozenset(), words="") for line in complete], limits=None, sentence=sentence
        )
    signals = spc.signals(values, each)
    each = [limits.within(*bounds(figures.kpi)) for limits in each]
    told = [Told(line=line, signals=here, words=words(here)) for line, here in zip(complete, signals, strict=True)]
    low, centre, high = _written(figures, each[-1])
    return Control(
        told=told,
        limits=each[-1],
        sentence=_latest(told[-1], low, high),
        each=each,
        note=" ".join(limit_notes(each)),
        low=low,
        centre=centre,
        high=high,
    )


def has_rows(kpi: Kpi) -> bool:
    """Whether its figures are percentages of rows, which vary the less the more rows there are."""
    return kpi.shape is Ratio


def limit_notes(each: Sequence[Limits]) -> list[str]:
    """Sentences on how far these limits are to be believed."""
    found = []
    if each[-1].is_provisional:
        text = _("The limits are provisional, because they rest on fewer than %(sure)s complete periods.")
        found.append(text % {"sure": SURE_VALUES})
    if any(limits.high != each[-1].high and limits.centre == each[-1].centre for limits in each):
        found.append(_("They are wider where fewer rows make the figure: the numbers differ by more than a quarter."))
    return found


def bounds(kpi: Kpi) -> tuple[float | None, float | None]:
    """What its figures can be at least and at most."""
    if kpi.unit is Unit.PERCENT:
        return 0.0, 100.0 if kpi.shape in (Ratio, Share) else None
    if kpi.unit is Unit.POINTS:
        return -100.0, 100.0
    if kpi.unit is Unit.CORRELATION:
        return -1.0, 1.0
    return (None, None) if kpi.unit is Unit.MONEY else (0.0, None)


def _is_known(period: Period, first: date | None) -> bool:
    return period.start >= (first or FIRST_DAY)


def _compared(
    figures: Figures, current: Point, earlier: tuple[str, Period, Point], period: Period, fresh: Freshness
) -> Compared:
    name, then, point = earlier
    point = fresh.known(point, figures.kpi, then)
    change = cards.change(figures, current, point, period=period, fresh=fresh)
    is_partly_known = not _is_known(then, fresh.first_of(figures.kpi))
    return Compared(
        name=name,
        period_text=presentation.period(then.start, Grain.ALL, then.end),
        line=of_point(figures, point, name),
        is_partly_known=is_partly_known,
        change=replace(change, tone="") if change and is_partly_known else change,
    )


def _judgement(figures: Figures, current: Point, earlier: Sequence[float], *, is_over: bool) -> Judgement:
    if current.value is None:
        return Judgement(sentence=_("There is no figure to judge."))
    if not is_over:
        return Judgement(sentence=_("The period is not over, so it is not judged yet."))
    limits = spc.limits(earlier)
    if limits is None:
        return Judgement(sentence=too_few(len(earlier)))
    low, _centre, high = _written(figures, limits.within(*bounds(figures.kpi)))
    is_real = not limits.holds(current.value)
    sentence = (
        _("The %(count)s periods of this length before it vary between %(low)s and %(high)s only.")
        if is_real
        else _("The %(count)s periods of this length before it vary between %(low)s and %(high)s.")
    )
    return Judgement(sentence=sentence % {"low": low, "high": high, "count": len(earlier)}, is_real=is_real)


def _latest(told: Told, low: str, high: str) -> str:
    said = {"label": told.line.label, "value": told.line.value, "low": low, "high": high, "words": told.words}
    if told.signals:
        return _("A real change: %(label)s (%(value)s) is %(words)s. The normal range is %(low)s to %(high)s.") % said
    sentence = _(
        "Within the normal range: %(label)s (%(value)s) lies where chance alone would put it, "
        "between %(low)s and %(high)s."
    )
    return sentence % said


def too_few(count: int) -> str:
    """That this many complete periods tell nothing yet."""
    text = ngettext(
        "To tell chance from change, %(least)s complete periods are needed; there is %(count)s.",
        "To tell chance from change, %(least)s complete periods are needed; there are %(count)s.",
        count,
    )
    return text % {"count": count, "least": LEAST_VALUES}


def words(signals: frozenset[Signal]) -> str:
    """What they tell, what says most first; empty without any."""
    return ", ".join(str(SIGNAL_WORDS[signal]) for signal in Signal if signal in signals)


def _written(figures: Figures, limits: Limits) -> tuple[str, str, str]:
    return tuple(  # type: ignore[return-value]  # three in, three out
        presentation.value(amount, figures.kpi, figures.clock) for amount in (limits.low, limits.centre, limits.high)
    )
