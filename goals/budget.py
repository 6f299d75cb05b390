"""How a level is kept: with a budget of misses, and by what the figure does by itself.

The budget is that of service levels (Beyer and others, “Site Reliability Engineering”, chapter 3): of all the rows that
are expected until the end so many may fall short, and the burn says how fast they are used up. The assurance is that of
the NHS (“Making Data Count”): whether the limits of an individuals chart lie on the good side of the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goals.aims import Aim
from goals.status import Band
from kpiproject.lib import spc
from kpiproject.lib.spc import Assurance

_RESERVE: Final = 0.25
"""Less than so much of the budget left at the end is too little to be sure of."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Of `n` rows so far `bad` fell short; `expected` rows there will be in all, of which the share `allowed_share` (0
    to 1) may."""

    n: int
    bad: float
    expected: float
    allowed_share: float

    @property
    def allowed(self) -> float:
        return self.expected * self.allowed_share

    @property
    def remaining(self) -> float:
        """The share of the budget that is left, below 0 where it is overdrawn."""
        return self._left(self.bad)

    @property
    def burn(self) -> float | None:
        """How fast it is used up: at 1 it is empty exactly at the end. None without rows or without a budget."""
        return self.bad / self.n / self.allowed_share if self.n and self.allowed_share else None

    @property
    def projected(self) -> float:
        """What will be left of it at the end if things go on as they have gone."""
        return self._left(self.bad / self.n * self.expected if self.n else 0.0)

    def _left(self, bad: float) -> float:
        if self.allowed <= 0:
            return 1.0 if bad <= 0 else -1.0
        return 1 - bad / self.allowed


def assurance(values: Sequence[float], aim: Aim, scale: tuple[float | None, float | None]) -> Assurance | None:
    """Whether a figure that goes on as it does will always, sometimes or never meet the aim; None for too few values
    to say."""
    found = spc.limits(values)
    return None if found is None else assured(*_within(found, scale), aim)


def assured(low: float, high: float, aim: Aim) -> Assurance:
    """By the limits of the figure."""
    if aim.is_met(low) and aim.is_met(high):
        return Assurance.PASS
    is_below = aim.low is not None and high < aim.low
    is_above = aim.high is not None and low > aim.high
    return Assurance.FAIL if is_below or is_above else Assurance.HIT_AND_MISS


def band(budget: Budget | None, found: Assurance | None) -> Band:
    """Where a goal to keep a level stands, the worse of the two. Without a budget, before the first period, only the
    assurance speaks."""
    left = 1.0 if budget is None else min(budget.remaining, budget.projected)
    if left < 0 or found is Assurance.FAIL:
        return Band.OFF_TRACK
    return Band.AT_RISK if left < _RESERVE or found is Assurance.HIT_AND_MISS else Band.ON_TRACK


def _within(found: spc.Limits, scale: tuple[float | None, float | None]) -> tuple[float, float]:
    cut = found.within(*scale)
    return cut.low, cut.high
