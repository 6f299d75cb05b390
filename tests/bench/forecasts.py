"""Whether the forecast promises what comes true: histories whose future is known, thousands of them.

Six kinds of histories that figures of service have, each with noise: nothing changes, a steady way up or down, a
wandering level, a step that has happened, an improvement that levels off, and two seasons a year. Targets lie from
twice the noise on the worse side of the baseline, the first six weeks, to eight times on the better one; every other
figure is better when it is lower. The limits are the Brier scores that the method had when it was chosen among others,
over six kinds of histories of which nothing more is known, and how hard ours are was chosen by us. So beside them the
blend is held against the three forecasts that it is made of, which share what is hard. 0.25 is what a coin gets.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from goals import forecast
from metrics.kpi import Better
from tests.bench.report import Finding, say

Numbers = npt.NDArray[np.float64]
Random = np.random.Generator
World = Callable[[Random, int, Numbers], Numbers]

SEED: Final = 20261130
CASES: Final = 400
NOISE: Final = 3.0
LEVEL: Final = 80.0
LIMITS: Final = {(8, 4): 0.138, (12, 4): 0.128, (12, 8): 0.145, (12, 12): 0.152, (26, 13): 0.087}
"""Weeks known and weeks ahead, and the Brier score of the blend when the method was chosen."""
TARGETS: Final = (-2.0, 8.0)
BASELINE: Final = 6
EDGES: Final = (0.7, 0.8, 0.9, 1.0)
_CLOSE: Final = 5.0
_BEST: Final = 1.05


def _stable(random: Random, known: int, weeks: Numbers) -> Numbers:
    return np.full(len(weeks), LEVEL)


def _steady(random: Random, known: int, weeks: Numbers) -> Numbers:
    return LEVEL + random.uniform(-0.5, 1) * NOISE * weeks


def _wandering(random: Random, known: int, weeks: Numbers) -> Numbers:
    return np.asarray(LEVEL + np.cumsum(random.normal(0, 1.6 * NOISE, len(weeks))))


def _step(random: Random, known: int, weeks: Numbers) -> Numbers:
    """It has happened: of one to come, nobody can know."""
    return LEVEL + random.choice([-1, 1]) * 3 * NOISE * (weeks >= random.integers(2, known))


def _levelling_off(random: Random, known: int, weeks: Numbers) -> Numbers:
    return np.asarray(LEVEL + random.uniform(1, 8) * NOISE * (1 - np.exp(-weeks / random.uniform(4, 24))))


def _seasonal(random: Random, known: int, weeks: Numbers) -> Numbers:
    return np.asarray(LEVEL + 2 * NOISE * np.sin(2 * np.pi * weeks / 26 + random.uniform(0, 2 * np.pi)))


WORLDS: Final[dict[str, World]] = {
    "stable": _stable,
    "steady": _steady,
    "wandering": _wandering,
    "step": _step,
    "levelling off": _levelling_off,
    "seasonal": _seasonal,
}


def findings() -> list[Finding]:
    found, everything = [], []
    for (known, ahead), limit in LIMITS.items():
        said = np.concatenate([_said(make, known, ahead) for make in WORLDS.values()])
        everything.append(said)
        blend, *singles = (float(((said[:, n] - said[:, -1]) ** 2).mean()) for n in range(4))
        where = f"after {known} weeks, {ahead} ahead"
        note = "level {:.3f}, drift {:.3f}, trend {:.3f}".format(*singles)
        found.append(Finding(f"forecasts: Brier score {where}", blend, limit, "", note))
        found.append(Finding(f"forecasts: blend / best single {where}", blend / min(singles), _BEST))
    return found + _calibration(np.concatenate(everything))


def _said(make: World, known: int, ahead: int) -> Numbers:
    """What the blend and each of the three said, and whether it came true, of histories of one kind."""
    random = np.random.default_rng([SEED, known, ahead, list(WORLDS.values()).index(make)])
    rows = []
    for number in range(CASES):
        sign = -1.0 if number % 2 else 1.0
        weeks = np.arange(known + ahead, dtype=np.float64)
        course = sign * (make(random, known, weeks) + random.normal(0, NOISE, len(weeks)))
        target = course[:BASELINE].mean() + sign * NOISE * random.uniform(*TARGETS)
        values, better = course[:known].tolist(), Better.LOWER if sign < 0 else Better.HIGHER
        blend = forecast.chance(values, target, ahead=ahead, better=better)
        mirrored = forecast.methods([-sign * value for value in values], [ahead])
        singles = [float(method.below(np.array([-sign * target]))[0]) for method in mirrored]
        rows.append((blend, *singles, float(sign * (course[-1] - target) >= 0)))
    return np.array(rows)


def _calibration(said: Numbers) -> list[Finding]:
    """How far off are those that promise much: percentage points between what was said and what came true."""
    found = []
    for first, last in pairwise(EDGES):
        inside = said[(said[:, 0] >= first) & ((said[:, 0] < last) | (last == EDGES[-1]))]
        promised, kept = 100 * inside[:, 0].mean(), 100 * inside[:, -1].mean()
        what = f"forecasts: off where they say {first:.0%} to {last:.0%}"
        note = f"said {promised:.1f} %, came true {kept:.1f} %, {len(inside)} forecasts"
        found.append(Finding(what, abs(float(promised - kept)), _CLOSE, "points", note))
    say(f"   {len(said)} forecasts of {len(WORLDS)} kinds of histories")
    return found
