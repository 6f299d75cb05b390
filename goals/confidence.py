"""How a person sees a goal beside how it is judged: how far the two are apart."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from goals import staleness
from goals.models import CheckIn, Goal

_LEVELS: Final = {
    str(Goal.Status.OFF_TRACK): 0,
    str(Goal.Status.MISSED): 0,
    str(Goal.Status.AT_RISK): 1,
    str(Goal.Status.ON_TRACK): 2,
    str(Goal.Status.ACHIEVED): 2,
}


def apart(confidence: str, status: str) -> int | None:
    """How many levels lie between the person's view and the judgement; None where one of them is not known yet."""
    if confidence not in _LEVELS or status not in _LEVELS:
        return None
    return abs(_LEVELS[confidence] - _LEVELS[status])


def dispute(goal: Goal, today: date) -> str:
    """“a person sees it on track”; empty where the last check-in agrees, or is too old to count as a view of today."""
    if goal.state != Goal.State.ACTIVE or staleness.is_stale(goal, today) or not apart(goal.confidence, goal.status):
        return ""
    return _("a person sees it %(view)s") % {"view": CheckIn.Confidence(goal.confidence).label}
