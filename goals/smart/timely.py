"""T: from a day to a day that ends a week or month, with looks at it on the way."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Cadence, Goal
from goals.smart.facts import Check, Facts, blocked, passed, warned
from metrics import presentation

_LEAST_CHECK_INS: Final = 4


def dates(facts: Facts) -> Iterator[Check]:
    start, due = facts.start, facts.due
    if start is None:
        yield blocked("dates", _("Say when it starts."), "start")
        return
    if due is None:
        yield blocked("dates", _("Say when it is due."), "due")
        return
    words = {"due": _day(due), "start": _day(start)}
    if due <= start:
        yield blocked("dates", _("Due on %(due)s, it would end before it starts on %(start)s.") % words, "due")
    if due < facts.today and facts.goal.state == Goal.State.DRAFT:
        text = _("This day is over, so the goal could no longer be reached; choose a later day.")
        yield blocked("dates", text, "due")
    yield passed("dates", _("From %(start)s to %(due)s.") % words)


def period_end(facts: Facts) -> Iterator[Check]:
    """The last complete week or month decides, so that days after it would not count."""
    start, due = facts.start, facts.due
    has_ends = facts.goal.has_kpi and facts.period_ends is not None
    if start is None or due is None or due <= start or not has_ends or facts.period_ends is None:
        return
    is_month = facts.goal.grain == Goal.Grain.MONTH
    if not facts.has_whole_period:
        whole = _("month") if is_month else _("week")
        text = _("Between start and due lies no complete %(grain)s to judge it by; choose a later day.")
        yield blocked("period_end", text % {"grain": whole}, "due")
    before, after = facts.period_ends
    if due == before:
        text = _("It is due when a month ends.") if is_month else _("It is due when a week ends.")
        yield passed("period_end", text)
    words = {"due": _day(due), "before": _day(before), "after": _day(after)}
    if is_month:
        text = _(
            "%(due)s is in the middle of a month, whose last days would not count. Choose %(before)s or %(after)s."
        )
    else:
        text = _("%(due)s is in the middle of a week, whose last days would not count. Choose %(before)s or %(after)s.")
    yield blocked("period_end", text % words, "due")


def length(facts: Facts) -> Iterator[Check]:
    start, due = facts.start, facts.due
    if start is None or due is None or due <= start:
        return
    if due >= _a_year_after(start):
        yield warned("length", _("It runs for more than twelve months. Set a nearer goal on the way there."))
    yield passed("length", _("It runs for %(days)s.") % {"days": presentation.days(start, due)})


def rhythm(facts: Facts) -> Iterator[Check]:
    start, due, goal = facts.start, facts.due, facts.goal
    if start is None or due is None or due <= start:
        return
    check_ins = _times(start, due, goal.check_in_cadence)
    reviews = _times(start, due, goal.review_cadence)
    found = [
        ngettext("%(n)s check-in", "%(n)s check-ins", check_ins) % {"n": check_ins},
        ngettext("%(n)s review", "%(n)s reviews", reviews) % {"n": reviews},
    ]
    words = {"check_ins": found[0], "reviews": found[1], "least": _LEAST_CHECK_INS}
    if check_ins >= _LEAST_CHECK_INS and (reviews >= 1 or not goal.review_cadence):
        yield passed("rhythm", _("About %(check_ins)s and %(reviews)s before it is due.") % words)
    text = _(
        "Only %(check_ins)s and %(reviews)s before it is due; %(least)s check-ins and a review are the least in which "
        "something can be learned. Look at it more often, or choose a later day."
    )
    yield warned("rhythm", text % words)


def review_cadence(facts: Facts) -> Iterator[Check]:
    if not facts.goal.review_cadence:
        yield blocked("review_cadence", _("Choose how often the goal is reviewed."), "review_cadence")
    words = {"how": Cadence(facts.goal.review_cadence).label}
    yield passed("review_cadence", _("Reviewed %(how)s.") % words)


def _times(start: date, due: date, cadence: str) -> int:
    return ((due - start).days + 1) // Cadence(cadence).days if cadence else 0


def _a_year_after(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28) + timedelta(days=1) if leap else day.replace(year=day.year + 1)


def _day(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))
