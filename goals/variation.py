"""Whether a goal's figure really changed, and whether it will ever meet the target as things are.

The periods that were judged are looked at as an individuals chart. A person may say that the process is another one
from a period on; the limits of what comes then rest on that alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import budget, lines
from goals.models import Goal, Rebase
from kpiproject.drawing import drawn, locale
from kpiproject.lib import spc
from kpiproject.lib.charts import Point, Spec
from kpiproject.lib.control_chart import Normal, control_chart
from kpiproject.lib.periods import Grain
from kpiproject.lib.spc import ON_ONE_SIDE, Assurance, Limits, Signal
from metrics import comparing, pictures, presentation
from metrics.queries import find

_ASSURED: Final[Mapping[Assurance, str | Promise]] = {
    Assurance.PASS: gettext_lazy("Consistently passes"),
    Assurance.HIT_AND_MISS: gettext_lazy("Hit and miss"),
    Assurance.FAIL: gettext_lazy("Consistently fails"),
}
_TONES: Final = {Assurance.PASS: "good", Assurance.HIT_AND_MISS: "warn", Assurance.FAIL: "bad"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A period in words; `told` is what it tells of a real change, empty where nothing is unusual."""

    label: str
    value: str
    told: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A goal's periods with their limits (None where there are too few), and what each of them tells."""

    starts: list[date]
    values: list[float]
    limits: list[Limits | None]
    signals: list[frozenset[Signal]]
    suggested: date | None = None  # the first day from which on the process seems to be another one

    @property
    def now(self) -> Limits | None:
        return self.limits[-1] if self.limits else None


@dataclass(frozen=True, kw_only=True)
class Variation:
    """For the page. `name` and `tone` are the assurance in two words; empty without limits or without a direction."""

    sentence: str
    name: str
    tone: str
    assurance: str
    note: str
    rows: list[Row]
    chart: dict[str, object] | None
    title: str
    rebases: list[Rebase]
    suggested: date | None
    suggestion: str


def judged(goal: Goal, rebases: Sequence[Rebase]) -> Judged:
    """The stored course by its segments; the last one that has a run at its end suggests where a new one begins."""
    starts: list[date] = []
    values: list[float] = []
    limits: list[Limits | None] = []
    signals: list[frozenset[Signal]] = []
    suggested = None
    for pieces in _segments(goal, [rebase.since for rebase in rebases]):
        here = [piece["value"] for piece in pieces]
        days = [date.fromisoformat(piece["start"]) for piece in pieces]
        found = spc.limits_of_each(here, _rows_of(goal, pieces))
        starts += days
        values += here
        limits += found or [None] * len(here)
        signals += spc.signals(here, found) if found else [frozenset()] * len(here)
        at = spc.changed_at(here, found) if found else None
        suggested = None if at is None else days[at]
    return Judged(starts=starts, values=values, limits=limits, signals=signals, suggested=suggested)


def assurance(goal: Goal, limits: Limits | None) -> Assurance | None:
    """What the process as it is promises of the target; None where its limits are not known yet."""
    if limits is None:
        return None
    return budget.assured(limits.low, limits.high, goal.aim)


def is_unusual(found: Judged) -> bool:
    """Whether the last period tells of a real change: it lies outside of normal variation."""
    return bool(found.signals and found.signals[-1])


def is_beyond_chance(goal: Goal, rebases: Sequence[Rebase]) -> bool | None:
    """Whether the last value of a goal is something else than what was normal before it began; None if nobody can
    tell. That milestones were done is never chance.

    Normal is the range of the periods before the start, from where its limits were last begun anew. The value lies
    beyond it, or the last eight of the goal lie on the better side of what was the mean.
    """
    if not goal.has_kpi:
        return True
    since = max((rebase.since for rebase in rebases if rebase.since <= goal.start), default=date.min).isoformat()
    before = [piece for piece in goal.course if since <= piece["start"] and piece["end"] <= goal.start.isoformat()]
    after = [piece["value"] for piece in goal.course if piece["end"] > goal.start.isoformat()]
    limits = spc.limits_of_each([piece["value"] for piece in before], _rows_of(goal, before))
    if limits is None or not after:
        return None
    normal = limits[-1]
    is_lower = goal.direction == Goal.Direction.LOWER
    is_past = not normal.holds(after[-1]) and (after[-1] < normal.centre) is is_lower
    better = [value < normal.centre if is_lower else value > normal.centre for value in after[-ON_ONE_SIDE:]]
    return is_past or (len(better) == ON_ONE_SIDE and all(better))


def variation(goal: Goal, rebases: Sequence[Rebase]) -> Variation:
    """Everything that the page shows; `rebases` are the goal's, the earliest first."""
    found = judged(goal, rebases)
    limits = cut(goal, found.limits)
    assured = assurance(goal, found.now)
    title = _("%(name)s with its normal range") % {"name": goal.statement}
    return Variation(
        sentence=_sentence(goal, found, limits),
        name=str(_ASSURED[assured]) if assured else "",
        tone=_TONES[assured] if assured else "",
        assurance=_assured(goal, assured),
        note=" ".join(comparing.limit_notes([one for one in limits if one])) if found.now else "",
        rows=[
            Row(label=lines.piece(goal, start), value=lines.amount(goal, value), told=comparing.words(signals))
            for start, value, signals in zip(found.starts, found.values, found.signals, strict=True)
        ],
        chart=drawn(_spec(goal, found, limits, title), "variation") if found.now else None,
        title=title,
        rebases=list(rebases),
        suggested=found.suggested,
        suggestion=_suggestion(goal, found),
    )


def _segments(goal: Goal, since: Sequence[date]) -> Iterator[list[dict[str, Any]]]:
    """The pieces from one beginning to the next; those before the first one too."""
    bounds = [date.min, *sorted(since), date.max]
    for first, after in pairwise(bounds):
        pieces = [piece for piece in goal.course if first <= date.fromisoformat(piece["start"]) < after]
        if pieces:
            yield pieces


def _rows_of(goal: Goal, pieces: Sequence[Mapping[str, Any]]) -> list[int] | None:
    """How many rows each percentage rests on; None for what is no percentage of rows."""
    kpi = find(goal.kpi)
    return [piece["n"] for piece in pieces] if kpi is not None and comparing.has_rows(kpi) else None


def cut(goal: Goal, limits: Sequence[Limits | None]) -> list[Limits | None]:
    """To what the figures can be."""
    kpi = find(goal.kpi)
    bounds = comparing.bounds(kpi) if kpi else (None, None)
    return [one and one.within(*bounds) for one in limits]


def _sentence(goal: Goal, found: Judged, limits: Sequence[Limits | None]) -> str:
    if found.now is None or limits[-1] is None:
        return comparing.too_few(len(list(takewhile(lambda one: one is None, reversed(found.limits)))))
    said = {
        "period": lines.piece(goal, found.starts[-1]),
        "value": lines.amount(goal, found.values[-1]),
        "words": comparing.words(found.signals[-1]),
        "range": lines.interval(goal, limits[-1].low, limits[-1].high) or _plain_range(goal, limits[-1]),
    }
    if is_unusual(found):
        return _("A real change: %(value)s (%(period)s) is %(words)s. The normal range is %(range)s.") % said
    last = next((n for n in range(len(found.signals) - 1, -1, -1) if found.signals[n]), None)
    if last is not None:
        said["since"] = _within(goal, found.starts[last])
        return _("No real change since %(since)s: %(value)s lies where chance alone would put it, %(range)s.") % said
    return _("No real change: all of it lies where chance alone would put it, %(range)s.") % said


def _within(goal: Goal, start: date) -> str:
    """The name of a period inside a sentence."""
    if goal.grain == Goal.Grain.MONTH:
        return presentation.period(start, Grain.MONTH)
    return _("the week of %(day)s") % {"day": date_format(start, "DATE_FORMAT")}


def _plain_range(goal: Goal, limits: Limits) -> str:
    """Of a KPI that is no longer in the catalogue."""
    words = {"low": lines.amount(goal, limits.low), "high": lines.amount(goal, limits.high)}
    return _("%(low)s to %(high)s") % words


def _assured(goal: Goal, found: Assurance | None) -> str:
    words = {"target": lines.target(goal)}
    if found is Assurance.PASS:
        text = _("As things are, nearly every period meets the target of %(target)s: the whole normal range does.")
        return text % words
    if found is Assurance.FAIL:
        text = _(
            "As things are, hardly any period will meet the target of %(target)s: none of the normal range does. "
            "Working harder at the same process will not do; something about it has to change."
        )
        return text % words
    if found is Assurance.HIT_AND_MISS:
        text = _(
            "The target of %(target)s lies within the normal range: some periods meet it and others do not, "
            "by chance alone."
        )
        return text % words
    return ""


def _suggestion(goal: Goal, found: Judged) -> str:
    if found.suggested is None:
        return ""
    text = _(
        "%(count)s or more periods in a row lie on the same side of the mean, from %(period)s on. If you know what "
        "changed then, and it is here to stay, let the limits begin anew there."
    )
    return text % {"count": ON_ONE_SIDE, "period": _within(goal, found.suggested)}


def _spec(goal: Goal, found: Judged, limits: Sequence[Limits | None], title: str) -> Spec:
    kpi = find(goal.kpi)
    longest = max(*found.values, *(one.high for one in limits if one))
    factor, unit = pictures.scale(kpi, goal.clock or None, longest) if kpi else (1.0, "")
    points = [
        Point(start=start, value=value / factor, tooltip=_told(goal, start, value, signals))
        for start, value, signals in zip(found.starts, found.values, found.signals, strict=True)
    ]
    now = limits[-1]
    if now is None:
        raise ValueError("Without limits there is no control chart.")
    normal = Normal(
        limits=[one and one.scaled(1 / factor) for one in limits],
        low=(_("lower limit"), lines.amount(goal, now.low)),
        centre=(_("mean"), lines.amount(goal, now.centre)),
        high=(_("upper limit"), lines.amount(goal, now.high)),
        marked=[start for start, signals in zip(found.starts, found.signals, strict=True) if signals],
    )
    return control_chart(points, normal, title=title, unit=str(unit), locale=locale())


def _told(goal: Goal, start: date, value: float, signals: frozenset[Signal]) -> dict[str, str]:
    words = comparing.words(signals) or _("nothing unusual")
    return {
        _("Which"): lines.piece(goal, start),
        _("Value"): lines.amount(goal, value),
        _("What it tells"): words,
    }
