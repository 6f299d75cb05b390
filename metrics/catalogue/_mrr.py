"""What customers pay every month, and how it moves."""

from dataclasses import dataclass
from math import isclose

import numpy as np

from kpiproject.lib.periods import Seconds
from metrics.catalogue._activity import Places, in_force, numbers, per_customer, places
from metrics.catalogue._figures import Floats, Truths
from metrics.kpi import Frame
from metrics.options import Options


@dataclass(frozen=True, kw_only=True)
class Payments:
    """What `n` customers pay: overlapping subscriptions of one add up."""

    n: int
    rows: Places
    starts: Seconds
    ends: Seconds
    mrr: Floats

    def at(self, moment: int) -> Floats:
        """What each pays every month at an instant. A credit makes it less; nobody pays less than nothing."""
        found = per_customer(self.rows, (self.starts <= moment) & (self.ends > moment), self.n, self.mrr)
        return np.maximum(found, 0.0)

    def ever(self, moment: int) -> Truths:
        """Who has paid up to an instant."""
        which = (self.starts <= moment) & (self.ends > self.starts) & (self.mrr > 0)
        return per_customer(self.rows, which, self.n) > 0


@dataclass(frozen=True, kw_only=True)
class Movements:
    """What happened between two instants, compared customer by customer: whoever cancels one of several subscriptions
    pays less and has not left; a change of plan without a gap is paying more or less. start + Σ movements = end."""

    before: Floats
    after: Floats
    start: float
    end: float
    new: float
    reactivation: float
    expansion: float
    contraction: float
    churn: float

    @property
    def lost(self) -> float:
        """What left and shrank, as a positive amount."""
        return -(self.churn + self.contraction)


def payments(customers: Frame, subscriptions: Frame, options: Options) -> Payments:
    starts, ends = in_force(subscriptions, options)
    return Payments(
        n=len(customers),
        rows=places(customers, subscriptions),
        starts=starts,
        ends=ends,
        mrr=numbers(subscriptions, "mrr"),
    )


def movements(paid: Payments, first: int, last: int) -> Movements:
    """From how things stood at the first instant to how they stood at the last. Contraction and churn are negative."""
    before, after = paid.at(first), paid.at(last)
    change, was_here, is_here = after - before, before > 0, after > 0
    arrived = ~was_here & is_here
    came_back = arrived & paid.ever(first)
    found = Movements(
        before=before,
        after=after,
        start=float(before.sum()),
        end=float(after.sum()),
        new=float(change[arrived & ~came_back].sum()),
        reactivation=float(change[came_back].sum()),
        expansion=float(change[was_here & is_here & (change > 0)].sum()),
        contraction=float(change[was_here & is_here & (change < 0)].sum()),
        churn=float(change[was_here & ~is_here].sum()),
    )
    _check(found)
    return found


def _check(found: Movements) -> None:
    moved = found.new + found.reactivation + found.expansion + found.contraction + found.churn
    scale = float(np.abs(found.before).sum() + np.abs(found.after).sum())
    if not isclose(found.start + moved, found.end, rel_tol=1e-9, abs_tol=max(1e-6, 1e-9 * scale)):
        msg = f"Revenue moved from {found.start} by {moved} and ended at {found.end}."
        raise ArithmeticError(msg)
