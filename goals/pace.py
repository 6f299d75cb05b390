"""Of what is gathered in each period: how much has come together since the start, against the target of as many."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import kinds
from goals.kinds import Kind
from goals.models import Goal
from metrics import presentation


@dataclass(frozen=True, kw_only=True)
class Pace:
    """`total` since the first day of a period, and what it would be with exactly the target in each one."""

    total: float
    wanted: float
    since: date


def pace(goal: Goal) -> Pace | None:
    """Of the periods that were judged and began after the start; None for another kind of goal, for a range, and
    before the first of them is over."""
    if kinds.of(goal) is not Kind.ACCUMULATE or goal.aim.is_range:
        return None
    found = [piece for piece in goal.course if date.fromisoformat(piece["start"]) >= goal.start]
    if not found:
        return None
    total = sum(piece["value"] for piece in found)
    return Pace(total=total, wanted=goal.target * len(found), since=date.fromisoformat(found[0]["start"]))


def told(goal: Goal) -> str:
    """In one sentence; empty where there is none."""
    found = pace(goal)
    if found is None:
        return ""
    words = {
        "total": presentation.number(found.total),
        "wanted": presentation.number(found.wanted),
        "since": date_format(found.since, "DATE_FORMAT"),
    }
    return _("%(total)s have come together since %(since)s; at the target it would be %(wanted)s.") % words
