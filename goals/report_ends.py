"""What a weekly report tells of goals that have ended: what the team has reached, and how the others went.

A report tells of what was decided since the report before it, so that everything is told once, also what was judged
only after the week of its due date; the first report begins with its week.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.formats import date_format

from goals import close_out_words, lines, recognition
from goals.models import CloseOut, Goal, Report, ReportRun, StatusChange
from goals.recognition import Milestone
from kpiproject.lib.periods import Period, local_day
from metrics.dimensions import PERSONAL

Content = dict[str, Any]
AGENT: Final = "agent"
_LONGEST: Final = timedelta(days=28)


def told(report: Report, week: Period, now: datetime) -> Content:
    """Both, as they are now."""
    begin = since(report, week)
    return {"milestones": milestones(begin, now, week.zone), "closed": closed(begin, now)}


def since(report: Report, week: Period) -> datetime:
    """When the report before this one was written; of one that has rested for long, at most four weeks ago."""
    before = ReportRun.objects.filter(report=report, start__lt=week.start).order_by("-start")
    last: datetime | None = before.values_list("at", flat=True).first()
    return week.start_at if last is None else max(last, week.start_at - _LONGEST)


def milestones(begin: datetime, now: datetime, zone: str) -> list[Content]:
    """Goals of the team that were reached beyond chance and at nobody's expense; never those of single people."""
    decided = StatusChange.objects.filter(after=Goal.Status.ACHIEVED, at__gt=begin, at__lte=now).values("goal")
    found = recognition.achieved(local_day(now, zone)).filter(pk__in=decided)
    goals = [goal for goal in found if not _is_about_people(goal)]
    breached = {goal.pk for goal in goals if goal.guardrail_breached}
    return [_milestone(found) for found in recognition.milestones(goals, breached=breached)]


def closed(begin: datetime, now: datetime) -> list[Content]:
    """Goals that somebody has closed, each with what the figures say of its end."""
    rows = CloseOut.objects.filter(at__gt=begin, at__lte=now).select_related("goal")
    return [_closed(found) for found in rows.order_by("at", "id")]


def _is_about_people(goal: Goal) -> bool:
    return goal.dimension == AGENT or goal.dimension in PERSONAL


def _milestone(found: Milestone) -> Content:
    goal = found.goal
    return {
        "goal": goal.pk,
        "statement": goal.statement,
        "value": lines.amount(goal, goal.value) if goal.value is not None else "",
        "baseline": lines.amount(goal, goal.baseline) if goal.baseline is not None else "",
        "target": lines.target(goal) if goal.kpi else "",
        "on": date_format(found.on, "DATE_FORMAT"),
        "is_personal": False,
    }


def _closed(found: CloseOut) -> Content:
    ended = close_out_words.told(found.goal, found)
    return {
        "goal": found.goal_id,
        "statement": found.goal.statement,
        "outcome": found.outcome,
        "name": ended.name,
        "tone": ended.tone,
        "sentences": ended.sentences,  # not what was learned: those are words of people, and stand with the goal
        "is_personal": _is_about_people(found.goal),
    }
