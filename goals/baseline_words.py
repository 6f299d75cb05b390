"""What is said about a baseline that rests on too little."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import lines
from goals.models import Goal
from metrics.queries import find


def no_baseline(goal: Goal) -> str:
    """Why there is none, for whoever wants to make the goal active."""
    kpi = find(goal.kpi)
    whom = lines.scope(goal)
    name = kpi.name if kpi else goal.kpi
    words = {"figure": f"{name}, {whom}" if whom else name, "have": goal.outlook.get("baseline_periods", 0)}
    if goal.grain == Goal.Grain.MONTH:
        text = ngettext(
            "There is no baseline yet: “%(figure)s” has data in %(have)s complete month before the start, "
            "and 3 are needed.",
            "There is no baseline yet: “%(figure)s” has data in %(have)s complete months before the start, "
            "and 3 are needed.",
            words["have"],
        )
    else:
        text = ngettext(
            "There is no baseline yet: “%(figure)s” has data in %(have)s complete week before the start, "
            "and 3 are needed.",
            "There is no baseline yet: “%(figure)s” has data in %(have)s complete weeks before the start, "
            "and 3 are needed.",
            words["have"],
        )
    return text % words


def short_baseline(goal: Goal) -> str:
    """A sentence for a baseline that rests on fewer periods than it should; otherwise empty."""
    have, wanted = (goal.outlook.get(f"baseline_{name}", 0) for name in ("periods", "wanted"))
    if goal.baseline is None or have >= wanted:
        return ""
    words = {"have": have, "wanted": wanted}
    if goal.grain == Goal.Grain.MONTH:
        return _("The baseline rests on %(have)s complete months with data; %(wanted)s would be better.") % words
    return _("The baseline rests on %(have)s complete weeks with data; %(wanted)s would be better.") % words
