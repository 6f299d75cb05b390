"""Goals to keep a share that was met from the beginning: with a budget of rows that may fall short until the end."""

from dataclasses import asdict, dataclass
from datetime import date
from statistics import median

from goals import budget
from goals.budget import Budget
from goals.course import Piece, Scope
from goals.models import Goal
from goals.scales import scale
from goals.status import Band
from kpiproject.lib.periods import Grain
from metrics import queries
from metrics.kpi import Kpi, Ratio, Unit


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The share over a goal's time so far."""

    value: float
    low: float | None
    high: float | None
    n: int


def is_share_to_keep(goal: Goal, kpi: Kpi) -> bool:
    """Of a range nothing can be used up: what lies above it does not make up for what lies beneath."""
    is_share = kpi.unit is Unit.PERCENT and issubclass(kpi.shape, Ratio)
    return is_share and goal.was_met and not goal.aim.is_range


def whole(goal: Goal, scope: Scope, end: date) -> Kept | None:
    """From the first day of the goal to the end of its last measured period; None where nothing was measured."""
    if end <= goal.start:
        return None
    (point,) = queries.told(scope.question(goal.start, end, Grain.ALL)).points
    if point.value is None or not point.n:
        return None
    return Kept(value=point.value, low=point.low, high=point.high, n=point.n)


def band(goal: Goal, found: list[Piece], scope: Scope, *, ahead: int) -> Band:
    """Where the goal stands, with the numbers behind it in its outlook."""
    so_far = whole(goal, scope, found[-1].end)
    left = None if so_far is None else _budget(goal, so_far, ahead * median(piece.n for piece in found))
    assured = budget.assurance([piece.value for piece in found], goal.aim, scale(scope.kpi))
    if left is not None:
        told = {"allowed": left.allowed, "remaining": left.remaining, "burn": left.burn, "projected": left.projected}
        goal.outlook["budget"] = asdict(left) | told
    goal.outlook["assurance"] = str(assured or "")
    return budget.band(left, assured)


def _budget(goal: Goal, so_far: Kept, more: float) -> Budget:
    """As many rows are expected in each period to come as there usually are."""
    share = so_far.value / 100
    is_lower = goal.direction == Goal.Direction.LOWER
    return Budget(
        n=so_far.n,
        bad=round(so_far.n * (share if is_lower else 1 - share)),
        expected=so_far.n + more,
        allowed_share=(goal.target if is_lower else 100 - goal.target) / 100,
    )
