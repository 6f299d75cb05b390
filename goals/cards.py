"""A goal as a card on the board: its line, its course, and the time that is left."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import confidence, countdown, guardrail_words, kinds, lines, milestone_words, pace, paths, staleness
from goals.guardrail_words import Guardrail
from goals.lines import GoalLine
from goals.models import Goal


@dataclass(frozen=True, kw_only=True)
class Card:
    """`bar` is the width of the progress out of 100; None without progress. `guardrail` is None for a goal without."""

    goal: Goal
    line: GoalLine
    trend: list[float | None]
    bar: float | None
    way: str
    time: str
    dispute: str  # such as "a person sees it on track"; empty where person and machine agree
    stale: str  # such as "no check-in for 16 days"; empty where somebody looks after it
    guardrail: Guardrail | None
    kind: str
    pace: str


def card(goal: Goal, today: date) -> Card:
    """From what is stored; no query if the goal came with its objective and its owner."""
    line = lines.line(goal)
    return Card(
        goal=goal,
        line=line,
        trend=paths.trend(goal),
        bar=None if line.share is None or goal.was_met else round(100 * line.share, 1),
        way=way(line),
        time=time(goal, today),
        dispute=confidence.dispute(goal, today),
        stale=staleness.words(goal, today),
        guardrail=guardrail_words.guardrail(goal),
        kind=str(kinds.NAMES[kinds.of(goal)]),
        pace=pace.told(goal),
    )


def way(line: GoalLine) -> str:
    """“From 74.3 % to 90 %, now 83 % · 55 % of the way”; of a level that is kept there is none. Of milestones how many
    should be done, and which is next."""
    if not line.goal.has_kpi:
        return milestone_words.way(line.goal)
    goal, to = line.goal, line.target if line.goal.target_high is None else _("the range of %s") % line.target
    words = {"from": line.baseline, "to": to, "value": line.value}
    if goal.baseline is None:
        template = _("To %(to)s") if goal.value is None else _("To %(to)s, now %(value)s")
        return _("%(way)s; no baseline could be measured") % {"way": template % words}
    template = _("From %(from)s to %(to)s") if goal.value is None else _("From %(from)s to %(to)s, now %(value)s")
    return " · ".join(part for part in (template % words, progress(line)) if part)


def progress(line: GoalLine) -> str:
    """How much of the way from the baseline to the target lies behind, said also where it is beyond either. Nobody is
    on a way that has not begun."""
    share, goal = line.goal.progress, line.goal
    if share is None or line.progress is None or goal.was_met or goal.status == Goal.Status.SCHEDULED:
        return ""
    if share >= 1 and goal.value is not None and goal.aim.is_range:
        is_within = goal.aim.is_met(goal.value)
        return _("within the range") if is_within else _("through the range and out of it again")
    words = {"progress": line.progress}
    return _within(share) % words if 0 <= share <= 1 else line.progress


def _within(share: float) -> str:
    return _("at the target") if share == 1 else _("%(progress)s of the way")


def time(goal: Goal, today: date) -> str:
    """The time left, or what there is to say instead."""
    due = date_format(goal.due, "DATE_FORMAT")
    if goal.state == Goal.State.ACTIVE and today < goal.start:
        return _("due %(due)s · starts %(when)s") % {"due": due, "when": countdown.until(goal.start, today)}
    if goal.state == Goal.State.ACTIVE and not is_over(goal):
        return _("due %(due)s · %(left)s") % {"due": due, "left": countdown.left(goal.due, today)}
    return _("due %(due)s") % {"due": due}


def is_over(goal: Goal) -> bool:
    return goal.status in (Goal.Status.ACHIEVED, Goal.Status.MISSED)


def kpi_url(goal: Goal, line: GoalLine) -> str:
    """The KPI's page, kept to what the goal is about; empty for a KPI that is no longer in the catalogue."""
    if line.kpi is None:
        return ""
    asked = {"grain": goal.grain}
    if goal.dimension:
        asked["where"] = f"{goal.dimension}={goal.member}"
    if goal.clock:
        asked["clock"] = goal.clock
    return f"{reverse('metrics:kpi', args=[goal.kpi])}?{urlencode(asked)}"
