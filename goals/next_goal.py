"""The goal after a goal: a draft with the same figure, measured anew, and a target that is still ahead; or with the
milestones that are still open."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import baseline, changes, course, judgement, lines, milestone_changes, milestones
from goals.changes import NotPossibleError
from goals.milestones import Written
from goals.models import CloseOut, Goal
from goals.progress import is_reached
from goals.scales import scale
from kpiproject.lib.periods import grain_start
from kpiproject.models import User
from metrics import queries
from metrics.kpi import Better, Kpi, Unit
from metrics.queries import BadQuestion

COPIED: Final = (
    "statement", "objective", "reviewer", "kpi", "dimension", "member", "grain", "direction", "target_high",
    "check_in_cadence", "review_cadence", "guardrail", "guardrail_limit", "guardrail_clock", "has_incentive",
)  # fmt: skip
"""What the next goal takes over as it is; the baseline is measured, the dates and the target are worked out."""
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 200
_LONG: Final = 600
"""Targets in seconds above this are rounded to minutes."""


@transaction.atomic
def seed(goal_id: int, *, by: User, today: date) -> Goal:
    """Make the draft and link it. Raises NotPossibleError, also for the second of two who ask at once."""
    ended = CloseOut.objects.select_for_update().get(goal_id=goal_id)
    if ended.next_goal_id is not None:
        raise NotPossibleError(_("There is a next goal already."))
    goal = Goal.objects.select_related("owner").get(pk=goal_id)
    made = _measured(goal, by=by, today=today) if goal.has_kpi else _milestones(goal, by=by, today=today)
    ended.next_goal = made
    ended.save(update_fields=["next_goal"])
    return made


def _measured(goal: Goal, *, by: User, today: date) -> Goal:
    try:
        kpi = queries.find_kpi(goal.kpi)
        made = _copy(goal, dates(goal, kpi, today), by=by)
        baseline.fill(made)
    except BadQuestion as error:
        raise NotPossibleError(str(error)) from error
    made.target = target(goal, kpi, made.baseline)
    made.direction = baseline.direction(kpi, made)
    changes.save(made, by=by)
    return made


def _milestones(goal: Goal, *, by: User, today: date) -> Goal:
    """From next Monday on for as long as the last one, and each milestone at the same distance from the end."""
    left = [one for one in milestones.of(goal) if one.done_on is None]
    if not left:
        message = _("All of its milestones are done, so nothing is left for a next goal. Write a new one down instead.")
        raise NotPossibleError(message)
    last = max(today, goal.due)
    start = last + timedelta(days=7 - last.weekday())
    shift = start - goal.start
    made = _copy(goal, (start, goal.due + shift), by=by)
    made.target = float(len(left))
    written = [Written(pk=None, name=one.name, due=one.due and one.due + shift) for one in left]
    milestone_changes.save(made, written, by=by, now=timezone.now())
    return made


def _copy(goal: Goal, days: tuple[date, date], *, by: User) -> Goal:
    owner = goal.owner if goal.owner.is_active else by
    copied = {name: getattr(goal, name) for name in COPIED} | {"statement": _statement(goal, days[1])}
    return Goal(**copied, owner=owner, state=Goal.State.DRAFT, target=goal.target, start=days[0], due=days[1])


def _statement(goal: Goal, due: date) -> str:
    """The same words, told apart by when the goal is due; once, however many goals follow each other."""
    plain = goal.statement.removesuffix(_until(goal.due))
    until = _until(due)
    return f"{plain[: _LONGEST - len(until)]}{until}"


def _until(due: date) -> str:
    return _(" (until %(due)s)") % {"due": date_format(due, "DATE_FORMAT")}


def dates(goal: Goal, kpi: Kpi, today: date) -> tuple[date, date]:
    """From the next week or month on, for as many of them as the last one had, up to the end of the last of them."""
    scope = judgement.scope_of(goal, kpi)
    start = course.after(scope, grain_start(max(today, goal.due), scope.grain, scope.week_start))
    first = grain_start(goal.start, scope.grain, scope.week_start)
    end = start
    for _number in range(max(course.steps(scope, first, judgement.final_end(goal, scope)), 1)):
        end = course.after(scope, end)
    return start, end - _DAY


def target(goal: Goal, kpi: Kpi, measured: float | None) -> float:
    """The old one as long as it is ahead, and of a range always; where it is met, as big a step again from where things
    are now.

    Raises NotPossibleError where the figure cannot get better.
    """
    if measured is None or goal.aim.is_range or not goal.aim.is_met(measured):
        return goal.target
    better = Better(goal.direction)
    step = abs(goal.target - goal.baseline) if goal.baseline is not None else abs(measured) / 10
    wanted = _within(measured - step if better is Better.LOWER else measured + step, kpi)
    if is_reached(measured, wanted, better):
        message = _("“%(kpi)s” is at %(value)s, and there is nothing better to reach. Choose another figure.")
        raise NotPossibleError(message % {"kpi": kpi.name, "value": lines.amount(goal, measured)})
    return wanted


def _within(wanted: float, kpi: Kpi) -> float:
    """Rounded as a person would write it, and not beyond the ends of the scale."""
    if kpi.unit is Unit.SECONDS and wanted > _LONG:
        rounded = 60.0 * round(wanted / 60)
    else:
        rounded = round(wanted, 1 if kpi.unit in (Unit.PERCENT, Unit.POINTS) else 0)
    least, most = scale(kpi)
    rounded = rounded if least is None else max(rounded, least)
    return rounded if most is None else min(rounded, most)
