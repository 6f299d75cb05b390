"""Error budgets: how many bad answers a floor allows, and when too many of them come too fast.

Burn rates and their factors follow the SRE workbook ("Alerting on SLOs") as Sloth and Datadog compute them. They count
hours; a small service has ten answers a day, of which one bad one burns for weeks. So alarms here count answers
instead of hours (own definition): the last 8 and the last 40 must both have 3 bad ones at least, and both must be less
likely than 2 % if the floor were just kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy.special import bdtrc

SHORT: Final = 8
LONG: Final = 40
LEAST_BAD: Final = 3
CHANCE: Final = 0.02


@dataclass(frozen=True, kw_only=True)
class Burn:
    """The last answers against a floor. `rate` is how many times faster than allowed the budget of the longer window
    is used up; the chances are those of so many bad ones among so many if the floor were just kept."""

    n: int
    bad: int
    rate: float
    short_n: int
    short_bad: int
    chance: float
    short_chance: float

    @property
    def is_burning(self) -> bool:
        enough = min(self.bad, self.short_bad) >= LEAST_BAD
        return enough and self.chance < CHANCE and self.short_chance < CHANCE


def tail(bad: int, n: int, allowed: float) -> float:
    """P(X ≥ bad) of a binomial with n trials of this chance: how surprising so many bad ones are."""
    if not 0 <= bad <= n:
        msg = f"There cannot be {bad} bad ones among {n}."
        raise ValueError(msg)
    return 1.0 if bad == 0 else float(bdtrc(bad - 1, n, allowed))


def is_surprising(bad: int, n: int, allowed: float) -> bool:
    """Enough bad ones, and too many for chance."""
    return bad >= LEAST_BAD and tail(bad, n, allowed) < CHANCE


def burn(is_bad: Sequence[bool], allowed: float) -> Burn | None:
    """Of answers in the order of time, the share `allowed` of which may be bad; None for fewer than 8."""
    if not 0 < allowed < 1:
        msg = "A floor must leave something that may go wrong, and something that may not."
        raise ValueError(msg)
    long, short = list(is_bad)[-LONG:], list(is_bad)[-SHORT:]
    if len(short) < SHORT:
        return None
    bad, short_bad = sum(long), sum(short)
    return Burn(
        n=len(long),
        bad=bad,
        rate=burn_rate(bad, len(long), allowed),
        short_n=len(short),
        short_bad=short_bad,
        chance=tail(bad, len(long), allowed),
        short_chance=tail(short_bad, len(short), allowed),
    )


def burn_rate(bad: float, n: float, allowed: float) -> float:
    """The share of bad ones over the share that is allowed: 1 uses the budget up just at the end of its period."""
    return bad / n / allowed


def time_left(period: float, rate: float) -> float:
    """How long a whole budget lasts at this rate, in the unit of the period."""
    return period / rate
