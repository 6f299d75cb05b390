"""What the checks of a goal look at, and what a check says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from goals import lines
from goals.aims import Aim
from goals.baseline import PERIODS
from goals.kinds import Kind
from goals.milestones import Written
from goals.models import Goal
from kpiproject.lib.periods import Grain
from kpiproject.models import User
from metrics import presentation
from metrics.kpi import Better, Kpi, Unit


class Letter(StrEnum):
    SPECIFIC = "S"
    MEASURABLE = "M"
    ACHIEVABLE = "A"
    RELEVANT = "R"
    TIMELY = "T"


class Outcome(StrEnum):
    """From what says least to what says most."""

    NOT_APPLICABLE = "not_applicable"
    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, kw_only=True)
class Check:
    """`text` says in one or two sentences what is right, or what is not and what to do. `field` is where."""

    code: str
    outcome: Outcome
    text: str
    field: str = "state"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A goal as it is written so far, and what is known about it. Where something was not given yet it is None.

    `goal` is for words. `values` and `counts` are of its complete periods with enough data, oldest first, as far as
    they lie before its start; `missing` is how many complete periods there were since anything came in. `ahead` counts
    the periods from the last of them to the one that decides. `period_ends` are the last days of periods around a due
    date. Other active goals are in `twins` (same figure, or same words of one without) and `companions` (how many of
    the same team). `milestone_fields` are where the days of the milestones are mended, as far as that is known.
    `target_fault` says why what was written is no target.
    """

    goal: Goal
    today: date
    kpi: Kpi | None
    scope_fault: str = ""
    owner: User | None = None
    reviewer: User | None = None
    target: float | None = None
    target_high: float | None = None
    target_fault: str = ""
    start: date | None = None
    due: date | None = None
    kind: Kind = Kind.REACH
    values: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    missing: int = 0
    ahead: int = 0
    is_computing: bool = False
    has_whole_period: bool = True
    period_ends: tuple[date, date] | None = None
    twins: tuple[str, ...] = ()
    companions: int = 0
    other_channels: tuple[str, ...] = ()
    objective: str = ""
    guardrail: Kpi | None = None
    guardrail_value: float | None = None
    benchmark_on: date | None = None
    milestones: tuple[Written, ...] = ()
    milestone_fields: tuple[str, ...] = ()

    @property
    def aim(self) -> Aim | None:
        return None if self.target is None or self.kpi is None else self.goal.aim

    @property
    def recent(self) -> tuple[float, ...]:
        """How the figure is now: over as long a time as a baseline."""
        return self.values[-PERIODS[Grain(self.goal.grain)] :]

    @property
    def better(self) -> Better:
        return Better(self.goal.direction or Better.HIGHER)

    @property
    def end(self) -> float | None:
        """The end of the aim that is still to be crossed."""
        return None if self.aim is None else self.aim.end(self.goal.baseline)


def change(goal: Goal, kpi: Kpi, amount: float) -> str:
    """By how much a figure changes: percentages by points."""
    if kpi.unit not in (Unit.PERCENT, Unit.POINTS):
        return lines.amount(goal, amount)
    return _("%(n)s points") % {"n": presentation.number(amount, 1)}


def not_applicable(code: str, text: str) -> Check:
    """It would be no merit to pass it."""
    return Check(code=code, outcome=Outcome.NOT_APPLICABLE, text=text)


def passed(code: str, text: str) -> Check:
    return Check(code=code, outcome=Outcome.PASS, text=text)


def warned(code: str, text: str, field: str = "smart_note") -> Check:
    return Check(code=code, outcome=Outcome.WARN, text=text, field=field)


def blocked(code: str, text: str, field: str = "state") -> Check:
    return Check(code=code, outcome=Outcome.BLOCK, text=text, field=field)
