"""What the figure of a KPI is judged by: where it began, where it is to be, what others measure, who looks after it.

Read for all KPIs at once, in the same few queries. Goals for single people are no part of the manual.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from goals.lines import GoalLine
from goals.models import CloseOut, TargetChange
from manual import queries
from manual.chapters.context import Context, is_personal
from manual.chapters.goals import goal_lines
from manual.chapters.measured import Measured, measured
from manual.chapters.places import adoptions, service_targets
from metrics import benchmarks
from metrics.benchmarks import Shown
from metrics.kpi import Kpi
from metrics.models import Adoption, EarlierTarget, ServiceTarget
from metrics.queries import Point

Metric = ServiceTarget.Metric
PROMISED: Final = {
    "first_response_within_target": Metric.FIRST_RESPONSE,
    "first_response_time": Metric.FIRST_RESPONSE,
    "reply_time": Metric.NEXT_REPLY,
    "resolution_within_target": Metric.RESOLUTION,
    "resolution_time": Metric.RESOLUTION,
}
"""The KPIs that tell whether a service target is kept, or how far from it we are."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """`goals` are for this KPI, `guarded` those that it keeps honest; `promises` are the service targets about it.

    `ended` and `changes` are what came of its goals before, the first change first.
    """

    kpi: Kpi
    adopted: Adoption
    figure: Measured | None = None
    goals: Sequence[GoalLine] = ()
    guarded: Sequence[GoalLine] = ()
    promises: Sequence[ServiceTarget] = ()
    former: Sequence[EarlierTarget] = ()
    ended: Sequence[CloseOut] = ()
    changes: Sequence[TargetChange] = ()
    benchmarks: Sequence[Shown] = field(default=())

    @property
    def for_all(self) -> GoalLine | None:
        """The goal for everything together that is due next."""
        return next((each for each in self.goals if not each.scope), None)


def judged(context: Context) -> dict[str, Judged]:
    """Every KPI that the organisation works with, by its code and in the order of the catalogue."""
    return context.once(_judge_all)


def _judge_all(context: Context) -> dict[str, Judged]:
    found = measured(context)
    rows = adoptions(context)
    goals, guarded = _by_kpi(goal_lines(context))
    ended = _ended(context)
    ids = [each.goal.pk for mine in goals.values() for each in mine]
    ids += [each.goal_id for mine in ended.values() for each in mine]
    changes = _changes(ids, context)
    promises, former = service_targets(context), queries.earlier_promises()
    others = benchmarks.beside([(kpi, _point(kpi, found, context)) for kpi, _row in rows], context.today)
    return {
        kpi.code: Judged(
            kpi=kpi,
            adopted=row,
            figure=found.get(kpi.code),
            goals=goals[kpi.code],
            guarded=guarded[kpi.code],
            promises=[each for each in promises if each.metric == PROMISED.get(kpi.code)],
            former=[each for each in former if each.target.metric == PROMISED.get(kpi.code)],
            ended=ended[kpi.code],
            changes=changes[kpi.code],
            benchmarks=others[kpi.code],
        )
        for kpi, row in rows
    }


def _by_kpi(found: Sequence[GoalLine]) -> tuple[dict[str, list[GoalLine]], dict[str, list[GoalLine]]]:
    """The goals by the KPI that they are for, those for everything together first, and by the one that guards them."""
    aimed_at: dict[str, list[GoalLine]] = defaultdict(list)
    guarded: dict[str, list[GoalLine]] = defaultdict(list)
    for each in sorted(found, key=lambda each: bool(each.scope)):
        aimed_at[each.goal.kpi].append(each)
        if each.goal.guardrail:
            guarded[each.goal.guardrail].append(each)
    return aimed_at, guarded


def _ended(context: Context) -> dict[str, list[CloseOut]]:
    found: dict[str, list[CloseOut]] = defaultdict(list)
    for each in queries.ended_goals(context.as_of):
        if not is_personal(each.goal.dimension):
            found[each.goal.kpi].append(each)
    return found


def _changes(goal_ids: Sequence[int], context: Context) -> dict[str, list[TargetChange]]:
    found: dict[str, list[TargetChange]] = defaultdict(list)
    for change in queries.target_changes(goal_ids, context.as_of):
        found[change.goal.kpi].append(change)
    return found


def _point(kpi: Kpi, found: dict[str, Measured], context: Context) -> Point:
    """What others' figures are compared with; of what has no figure for everything together, nothing."""
    mine = found.get(kpi.code)
    return mine.current if mine else Point(start=context.today, end=None, value=None, n=0)
