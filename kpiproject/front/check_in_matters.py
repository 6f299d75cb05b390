"""Check-ins that are somebody's: those that they are to read, and those that they owe."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import check_ins, staleness
from goals.models import CheckIn, Goal
from kpiproject.front.matters import MOST_NAMED, Detail, Matter, Moment
from kpiproject.lib.periods import local_day
from kpiproject.models import User

_MOST: Final = 100


def own(user: User, moment: Moment) -> Iterator[Matter]:
    """In two queries."""
    if user.has_perm("goals.view_goal"):
        yield from _to_read(user, moment)
        yield from _to_write(user, moment)


def _to_read(user: User, moment: Moment) -> Iterator[Matter]:
    found = list(check_ins.waiting_for(user)[:_MOST])
    if not found:
        return
    text = ngettext(
        "%d check-in waits for you to acknowledge it", "%d check-ins wait for you to acknowledge them", len(found)
    )
    details = tuple(_said(one, moment) for one in found[:MOST_NAMED])
    yield Matter(text=text % len(found), url=details[0].url, tone="warn", details=details)


def _said(one: CheckIn, moment: Moment) -> Detail:
    words = {"day": date_format(local_day(one.at, moment.zone), "DATE_FORMAT"), "person": one.by or _("somebody")}
    return Detail(text=one.goal.statement, url=_url(one.goal), note=_("%(person)s, %(day)s") % words)


def _to_write(user: User, moment: Moment) -> Iterator[Matter]:
    """Whoever sees all goals is told of the stale ones among the others already."""
    rows = Goal.objects.filter(owner=user, state=Goal.State.ACTIVE).defer("course").order_by("due", "id")
    found = [goal for goal in rows if staleness.is_late(goal, moment.today)]
    if user.has_perm("goals.change_goal"):
        found = [goal for goal in found if not staleness.is_stale(goal, moment.today)]
    if not found:
        return
    is_stale = any(staleness.is_stale(goal, moment.today) for goal in found)
    text = ngettext("You owe %d check-in", "You owe %d check-ins", len(found))
    details = tuple(
        Detail(text=goal.statement, url=_url(goal), note=staleness.silence(goal, moment.today))
        for goal in found[:MOST_NAMED]
    )
    yield Matter(text=text % len(found), url=details[0].url, tone="warn" if is_stale else "", details=details)


def _url(goal: Goal) -> str:
    return reverse("goals:goal", args=[goal.pk]) + "#check-ins"
