"""A goal that is complete when its milestones are done, in words, from what is stored about it alone."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Goal, Milestone, MilestoneChange

Kind = MilestoneChange.Kind


def name() -> str:
    """What stands where other goals name their KPI."""
    return _("Milestones")


def no_forecast() -> str:
    return _("Milestones have no forecast: whether the next one is done in time is up to people, not to chance.")


def amount(value: float | None) -> str:
    """“3 milestones”."""
    count = round(value or 0)
    return ngettext("%(n)s milestone", "%(n)s milestones", count) % {"n": count}


def target(goal: Goal) -> str:
    """“all 5 milestones”."""
    count = round(goal.target or 0)
    if count < 1:
        return _("no milestones yet")
    return ngettext("its %(n)s milestone", "all %(n)s milestones", count) % {"n": count}


def value(goal: Goal) -> str:
    """“3 of 5 milestones”; before it was judged only how many there are."""
    found = _told(goal)
    if not found or not found["total"]:
        return target(goal)
    text = ngettext("%(done)s of %(total)s milestone", "%(done)s of %(total)s milestones", found["total"])
    return text % found


def way(goal: Goal) -> str:
    """“4 of 5 should be done by now · next: “All have read it”, due on 12 December 2026”."""
    found = _told(goal)
    if not found or not found["total"]:
        return _("To be done: %(target)s") % {"target": target(goal)}
    if found["done"] >= found["total"]:
        return _("nothing is left to be done")
    parts = [_("%(expected)s of %(total)s should be done by now") % found]
    if found["next_name"]:
        words = {"name": found["next_name"], "due": _day(found["next_due"]) or _day(goal.due.isoformat())}
        parts.append(_("next: “%(name)s”, due on %(due)s") % words)
    return " · ".join(parts)


# --- Why it stands as it does -------------------------------------------------------------------------------------
def standing(goal: Goal) -> str:
    """Of a goal that is running."""
    found = _told(goal)
    parts = [_done(found)]
    if found["late"]:
        parts.append(_late(found))
    elif found["soon"] > 1 and goal.status == Goal.Status.AT_RISK:
        text = ngettext(
            "%(soon)s falls due within a week.", "%(soon)s fall due within a week, half of all or more.", found["soon"]
        )
        parts.append(text % found)
    elif found["done"] > found["expected"]:
        parts.append(_("That is ahead of its days."))
    else:
        parts.append(_("None is late."))
    return " ".join(parts)


def all_done(goal: Goal) -> str:
    found = _told(goal)
    finished = date.fromisoformat(found["finished"])
    words = found | {"finished": date_format(finished, "DATE_FORMAT"), "due": date_format(goal.due, "DATE_FORMAT")}
    if finished <= goal.due:
        return _("All %(total)s milestones are done, the last one on %(finished)s; due was %(due)s.") % words
    words["days"] = (finished - goal.due).days
    text = ngettext(
        "All %(total)s milestones are done, but the last one on %(finished)s, %(days)s day after it was due.",
        "All %(total)s milestones are done, but the last one on %(finished)s, %(days)s days after it was due.",
        words["days"],
    )
    return text % words


def not_all_done(goal: Goal) -> str:
    words = _told(goal) | {"due": date_format(goal.due, "DATE_FORMAT")}
    return _("%(done)s of %(total)s milestones were done when it was due on %(due)s.") % words


def closed_early(goal: Goal) -> str:
    """Of one that was ended before its time was over, or that would be."""
    return _("%(done)s of %(total)s milestones are done.") % _told(goal)


def ended(goal: Goal, *, is_cancelled: bool = False) -> str:
    """How many were done when it ended."""
    if not _told(goal).get("total"):
        return none_yet(goal)
    if is_cancelled or goal.status not in (Goal.Status.ACHIEVED, Goal.Status.MISSED):
        return closed_early(goal)
    return {"all_done": all_done, "not_all_done": not_all_done}.get(goal.reason, closed_early)(goal)


def none_yet(_goal: Goal) -> str:
    return _("It has neither a KPI nor milestones, so there is nothing to judge it by.")


def _done(found: dict[str, Any]) -> str:
    return _("%(done)s of %(total)s milestones are done; %(expected)s were due by today.") % found


def _late(found: dict[str, Any]) -> str:
    words = found | {"due": _day(found["late_due"]), "more": found["late"] - 1}
    text = ngettext(
        "“%(late_name)s” was due on %(due)s and is late by %(late_days)s day.",
        "“%(late_name)s” was due on %(due)s and is late by %(late_days)s days.",
        found["late_days"],
    )
    if found["late"] == 1:
        return text % words
    more = ngettext("%(more)s more is late.", "%(more)s more are late.", words["more"])
    return f"{text} {more}" % words


def told(one: Milestone) -> str:
    """A milestone in one line."""
    words = {"name": one.name}
    if one.done_on is not None:
        words |= {"day": date_format(one.done_on, "DATE_FORMAT"), "person": str(one.done_by or "")}
        return (_("%(name)s: done on %(day)s, %(person)s") if one.done_by else _("%(name)s: done on %(day)s")) % words
    if one.due is None:
        return _("%(name)s: without a day") % words
    return _("%(name)s: due on %(due)s") % (words | {"due": date_format(one.due, "DATE_FORMAT")})


# --- What happened to them ----------------------------------------------------------------------------------------
def change(found: MilestoneChange) -> str:
    """“Reviewed” done on 3 November 2026."""
    words = {
        "name": found.name,
        "was": found.was,
        "before": date_format(found.before, "DATE_FORMAT") if found.before else _("no day"),
        "after": date_format(found.after, "DATE_FORMAT") if found.after else _("no day"),
    }
    texts = {
        Kind.DONE: _("“%(name)s” was done on %(after)s"),
        Kind.UNDONE: _("“%(name)s” is not done after all; it was told as done on %(before)s"),
        Kind.ADDED: _("“%(name)s” was added, due on %(after)s"),
        Kind.REMOVED: _("“%(name)s” was taken out; it was due on %(before)s"),
        Kind.RENAMED: _("“%(was)s” is called “%(name)s” now"),
        Kind.MOVED: _("“%(name)s” was moved from %(before)s to %(after)s"),
    }
    return texts[Kind(found.kind)] % words


def _told(goal: Goal) -> dict[str, Any]:
    return dict(goal.outlook.get("milestones", {}))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""
