"""Whether what the forecasts say comes true: every one is kept, and compared with how its goal ended.

A forecast is good when of all those that said 80 % four out of five came true (calibration), and when it dares to say
more than "perhaps" (the Brier score, the mean square of what it was off by: 0 is perfect, 0.25 says 50 % for ever;
Brier, "Verification of forecasts expressed in terms of probability", 1950).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.aims import aim
from goals.models import Goal, Prediction
from kpiproject.lib import intervals

METHOD: Final = 1
"""The revision of goals.forecast; it goes up when the same figures would give another chance."""
LEAST_FORECASTS: Final = 30
LEAST_GOALS: Final = 10
"""Forecasts of one goal come true together, so that many of few goals say little."""
EDGES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_ENDED: Final = (Goal.Status.ACHIEVED, Goal.Status.MISSED)
_CLOSE: Final = 0.05


class Said(NamedTuple):
    """A chance, and whether it came true."""

    p: float
    came_true: bool


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Forecasts that said about the same. `low` and `high` bound, with 95 %, the share of them that comes true."""

    first: float
    last: float
    count: int
    said: float | None
    came_true: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Record:
    """`brier` is None where too little is known; `sentence` says what all of it means."""

    bins: list[Bin]
    count: int
    goals: int
    waiting: int
    brier: float | None
    sentence: str


# --- Keeping ------------------------------------------------------------------------------------------------------
def note(goal: Goal) -> None:
    """Keep what was just said about a goal, once for each of its periods; when it is over, what became of it all.

    Where the last figures still change afterwards, so does what came true.
    """
    if goal.status in _ENDED:
        _settle(goal)
    elif goal.probability is not None and goal.value_end is not None and goal.outlook.get("ahead", 0) > 0:
        prediction = Prediction(
            goal=goal,
            period_end=goal.value_end,
            p=min(max(goal.probability, 0.0), 1.0),
            horizon=goal.outlook["ahead"],
            method=METHOD,
            target=goal.target,
            target_high=goal.target_high,
            due=goal.due,
        )
        Prediction.objects.bulk_create([prediction], ignore_conflicts=True)  # what was said first stays


def _settle(goal: Goal) -> None:
    """Of what was said about another date nobody will know."""
    if goal.value is None:
        return
    for prediction in goal.predictions.filter(due=goal.due):
        came_true = aim(goal.direction, prediction.target, prediction.target_high).is_met(goal.value)
        if prediction.came_true is not came_true:
            prediction.came_true = came_true
            prediction.save(update_fields=["came_true"])


# --- Judging ------------------------------------------------------------------------------------------------------
def record() -> Record:
    """How the forecasts of the present method did, of every goal whose time is over."""
    rows = Prediction.objects.filter(method=METHOD)
    settled = list(rows.filter(came_true__isnull=False).values_list("p", "came_true", "goal"))
    running = rows.filter(came_true__isnull=True, goal__state=Goal.State.ACTIVE).exclude(goal__status__in=_ENDED)
    said = [Said(p, bool(came_true)) for p, came_true, _goal in settled]
    goals = len({goal for _p, _came_true, goal in settled})
    return Record(
        bins=bins(said),
        count=len(said),
        goals=goals,
        waiting=running.count(),
        brier=brier(said) if is_enough(len(said), goals) else None,
        sentence=sentence(said, goals),
    )


def is_enough(count: int, goals: int) -> bool:
    return count >= LEAST_FORECASTS and goals >= LEAST_GOALS


def brier(said: Sequence[Said]) -> float:
    """The mean square of what they were off by; there is at least one."""
    return sum((one.p - one.came_true) ** 2 for one in said) / len(said)


def bins(said: Iterable[Said], edges: Sequence[float] = EDGES) -> list[Bin]:
    """The forecasts by what they said: from an edge up to and without the next, the last one with it."""
    found = list(said)
    return [_bin(found, first, last, is_last=last == edges[-1]) for first, last in pairwise(edges)]


def _bin(said: Sequence[Said], first: float, last: float, *, is_last: bool) -> Bin:
    inside = [one for one in said if first <= one.p < last or (is_last and one.p == last)]
    count, hits = len(inside), sum(one.came_true for one in inside)
    interval = intervals.wilson(hits, count)
    return Bin(
        first=first,
        last=last,
        count=count,
        said=sum(one.p for one in inside) / count if inside else None,
        came_true=hits / count if inside else None,
        low=interval.low / 100 if interval else None,
        high=interval.high / 100 if interval else None,
    )


def sentence(said: Sequence[Said], goals: int) -> str:
    """What the record means, in words; that it means nothing yet where there are too few."""
    words = {"count": len(said), "goals": goals, "forecasts": LEAST_FORECASTS, "least": LEAST_GOALS}
    if not is_enough(len(said), goals):
        text = ngettext(
            "So far %(count)s forecast of %(goals)s goals can be compared with how it ended. That is too few to judge: "
            "%(forecasts)s forecasts of %(least)s goals are needed.",
            "So far %(count)s forecasts of %(goals)s goals can be compared with how it ended. That is too few to "
            "judge: %(forecasts)s forecasts of %(least)s goals are needed.",
            len(said),
        )
        return text % words
    promised = sum(one.p for one in said) / len(said)
    kept = sum(one.came_true for one in said) / len(said)
    words |= {"promised": round(100 * promised), "kept": round(100 * kept)}
    text = _("On average they gave a chance of %(promised)s %%, and %(kept)s %% came true.") % words
    if abs(promised - kept) <= _CLOSE:
        return _("%(text)s Together they promise what comes true.") % {"text": text}
    if promised > kept:
        return _("%(text)s They promise too much: take off a little in your mind.") % {"text": text}
    return _("%(text)s They promise too little: things turn out better than they say.") % {"text": text}
