"""How far away a day is, in words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_FEW_DAYS = 21


def until(day: date, today: date) -> str:
    """“today”, “tomorrow”, “in 3 days”, “in 7 weeks”, “yesterday”, “3 days ago”."""
    days = (day - today).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in near:
        return near[days]
    if days < 0:
        return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}
    if days < _FEW_DAYS:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    weeks = round(days / 7)
    return ngettext("in %(weeks)s week", "in %(weeks)s weeks", weeks) % {"weeks": weeks}


def left(day: date, today: date) -> str:
    """The time until the end of a day: “7 weeks left”, “1 day left”, “the last day”, “3 days over”."""
    days = (day - today).days
    if days < 0:
        return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": -days}
    if days == 0:
        return _("the last day")
    if days < _FEW_DAYS:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    weeks = days // 7
    return ngettext("%(weeks)s week left", "%(weeks)s weeks left", weeks) % {"weeks": weeks}
