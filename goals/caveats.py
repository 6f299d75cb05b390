"""What a reader must know beside a goal's status, so that it does not promise more than was measured."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.course import LEAST_ROWS
from goals.models import Goal
from metrics.kpi import Stock, Total
from metrics.queries import find

AHEAD: Final = ("forecast", "forecast_reached", "keeping")
"""The reasons of goals that are judged by what lies ahead."""


def despite(goal: Goal) -> str:
    """Nothing is green that has got worse, unless it is said why."""
    if goal.status != Goal.Status.ON_TRACK or goal.progress is None or goal.progress >= 0 or goal.reason not in AHEAD:
        return ""
    if goal.grain == Goal.Grain.MONTH:
        return _("The last month was worse than the start, but the months before it speak for the goal.")
    return _("The last week was worse than the start, but the weeks before it speak for the goal.")


def zone(goal: Goal) -> str:
    """That days begin at another hour than when the baseline was measured."""
    if "zone_now" not in goal.outlook:
        return ""
    words = {"before": goal.outlook.get("zone", ""), "now": goal.outlook["zone_now"]}
    text = _(
        "Since the baseline was measured the time zone was changed from %(before)s to %(now)s, so that days begin at "
        "another hour: compare with care."
    )
    return text % words


def since(goal: Goal) -> str:
    """That the last measured period is not the last complete one."""
    count = goal.outlook.get("since", 0)
    if not count or goal.reason not in (*AHEAD, "unclear", "gathering"):
        return ""
    kpi = find(goal.kpi)
    words = {"count": count, "least": LEAST_ROWS}
    if kpi is not None and kpi.shape in (Total, Stock):
        return _("Nothing was recorded since the last measured period.")
    if goal.grain == Goal.Grain.MONTH:
        text = ngettext(
            "The %(count)s complete month since the last measured one had fewer than %(least)s cases.",
            "The %(count)s complete months since the last measured one had fewer than %(least)s cases each.",
            count,
        )
    else:
        text = ngettext(
            "The %(count)s complete week since the last measured one had fewer than %(least)s cases.",
            "The %(count)s complete weeks since the last measured one had fewer than %(least)s cases each.",
            count,
        )
    return text % words
