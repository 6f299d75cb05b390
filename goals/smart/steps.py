"""A goal without a KPI: what makes a list of milestones a good goal, and which checks do not apply. Own definitions."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.milestones import Written
from goals.smart.facts import Check, Facts, blocked, not_applicable, passed, warned

LEAST: Final = 3
"""With fewer a goal is a single task, or jumps from nothing to half."""
_NAMED: Final = 3


def written(facts: Facts) -> Iterator[Check]:
    """M: something must be there that is done or not. A figure and milestones at once are two goals."""
    count = len(facts.milestones)
    if facts.goal.has_kpi:
        if count:
            text = _(
                "It has a KPI and milestones. The figure says whether the goal is reached: take the milestones out, or "
                "leave the KPI empty."
            )
            yield blocked("milestones", text, "kpi")
        return
    if not count:
        return  # the first check has said it
    if count < LEAST:
        text = ngettext(
            "Only %(count)s milestone. With fewer than %(least)s nobody sees on the way how it goes: name the steps.",
            "Only %(count)s milestones. With fewer than %(least)s nobody sees on the way how it goes: name the steps.",
            count,
        )
        yield warned("milestones", text % {"count": count, "least": LEAST})
    yield passed("milestones", _("%(count)s milestones, each of them done or not.") % {"count": count})


def nothing_measured(facts: Facts) -> Iterator[Check]:
    if _is_complete(facts):
        text = _("Data, volume, target, detectable change and baseline: nothing is measured.")
        yield not_applicable("feed", text)


def apart(facts: Facts) -> Iterator[Check]:
    """A: a list that is done at once, on the last day, is no way."""
    if not _is_complete(facts):
        return
    days = {one.due for one in facts.milestones if one.due is not None}
    if len(facts.milestones) > 1 and len(days) == 1:
        text = _("All milestones are due on the same day. Give each the day on which it can be done.")
        yield warned("apart", text)
    if len(days) > 1:
        yield passed("apart", _("The milestones are spread over %(count)s days.") % {"count": len(days)})


def no_distance(facts: Facts) -> Iterator[Check]:
    if _is_complete(facts):
        yield not_applicable("distance", _("Distance to the target and needed slope: there is no figure to compare."))


def days(facts: Facts) -> Iterator[Check]:
    """T: each has its day, after the start and not after the day on which the goal is due."""
    if not _is_complete(facts):
        return
    undated = [one for one in facts.milestones if one.due is None]
    if undated:
        text = ngettext(
            "Say when this milestone is due: %(names)s.",
            "Say when these milestones are due: %(names)s.",
            len(undated),
        )
        yield blocked("milestone_days", text % {"names": _names(undated)}, _field(facts, undated[0]))
    start, due = facts.start, facts.due
    if start is None or due is None or due <= start:
        return
    outside = [one for one in facts.milestones if one.due is not None and not start <= one.due <= due]
    if outside:
        words = {"names": _names(outside), "start": _day(start), "due": _day(due)}
        text = ngettext(
            "Not between the start, %(start)s, and the day on which the goal is due, %(due)s: %(names)s.",
            "Not between the start, %(start)s, and the day on which the goal is due, %(due)s: %(names)s.",
            len(outside),
        )
        yield blocked("milestone_days", text % words, _field(facts, outside[0]))
    yield passed("milestone_days", _("Every milestone has its day, and none lies outside of the goal's time."))


def any_day(facts: Facts) -> Iterator[Check]:
    if _is_complete(facts):
        yield not_applicable("period_end", _("End of a week or month: milestones are judged by the day."))


def _is_complete(facts: Facts) -> bool:
    return not facts.goal.has_kpi and bool(facts.milestones)


def _names(found: list[Written]) -> str:
    return ", ".join(f"“{one.name}”" for one in found[:_NAMED]) + (" …" if len(found) > _NAMED else "")


def _field(facts: Facts, one: Written) -> str:
    place = facts.milestones.index(one)
    return facts.milestone_fields[place] if place < len(facts.milestone_fields) else "state"


def _day(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))
