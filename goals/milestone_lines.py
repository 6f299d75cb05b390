"""The milestones of a goal on its page: where each stands, what may be done with it, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import check_ins, milestone_words
from goals.milestone_forms import TickForm, UndoForm
from goals.models import Goal, Milestone, MilestoneChange
from kpiproject.models import User

WRITES: Final = "goals.change_milestone"


@dataclass(frozen=True, kw_only=True)
class MilestoneLine:
    """`state` and `tone` are its badge, `words` the days; `form` is None where this person changes nothing."""

    milestone: Milestone
    state: str
    tone: str
    words: str
    form: forms.Form | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """`no_forecast` says why there is none; `changes` come last first."""

    lines: list[MilestoneLine]
    changes: list[tuple[MilestoneChange, str]]
    no_forecast: str


def may_write(user: User, goal: Goal) -> bool:
    """For its owner and for managers, as checking in is."""
    is_open = goal.state == Goal.State.ACTIVE and not goal.has_kpi
    return is_open and user.has_perm(WRITES) and check_ins.is_theirs(user, goal)


def page(goal: Goal, user: User, today: date, refused: Mapping[int, forms.Form] | None = None) -> Page | None:
    """In two queries; None for a goal that has a KPI. `refused` are forms that are shown again, by milestone."""
    if goal.has_kpi:
        return None
    found = goal.milestones.select_related("done_by")
    may = may_write(user, goal)
    return Page(
        lines=[
            _line(one, goal, today, (refused or {}).get(one.pk) or (_form(one, today) if may else None))
            for one in found
        ],
        changes=[(one, milestone_words.change(one)) for one in goal.milestone_changes.select_related("by")],
        no_forecast=milestone_words.no_forecast(),
    )


def _line(one: Milestone, goal: Goal, today: date, form: forms.Form | None) -> MilestoneLine:
    state, tone = _("open"), ""
    if one.done_on is not None:
        state, tone = _("done"), "good"
    elif one.is_late(today) and goal.state == Goal.State.ACTIVE:
        state, tone = _("late"), "bad"
    return MilestoneLine(milestone=one, state=state, tone=tone, words=_words(one, today), form=form)


def _words(one: Milestone, today: date) -> str:
    due = _("due on %(due)s") % {"due": date_format(one.due, "DATE_FORMAT")} if one.due else _("no day yet")
    if one.done_on is not None:
        words = {"day": date_format(one.done_on, "DATE_FORMAT"), "person": one.done_by}
        done = (_("done on %(day)s by %(person)s") if one.done_by else _("done on %(day)s")) % words
        return " · ".join(part for part in (done, due, _after(one)) if part)
    if one.due is not None and one.is_late(today):
        days = (today - one.due).days
        return f"{due} · {ngettext('%(days)s day late', '%(days)s days late', days) % {'days': days}}"
    return due


def _after(one: Milestone) -> str:
    if one.due is None or one.done_on is None or one.done_on <= one.due:
        return ""
    days = (one.done_on - one.due).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


def _form(one: Milestone, today: date) -> forms.Form:
    return undo_form(one) if one.done_on is not None else tick_form(one, today)


def tick_form(one: Milestone, today: date, data: Mapping[str, object] | None = None) -> TickForm:
    return TickForm(data, prefix=f"milestone-{one.pk}", today=today)


def undo_form(one: Milestone, data: Mapping[str, object] | None = None) -> UndoForm:
    return UndoForm(data, prefix=f"milestone-{one.pk}")
