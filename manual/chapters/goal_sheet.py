"""The sheet of one goal: what was agreed, what was measured, what guards it, and what was said of it.

Of a check-in the sheet tells the day, the view and the figures. Its words stay with the goal: they may name customers
and colleagues, and people outside read the manual, too.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from goals import check_ins, guardrail_words, kinds, milestone_words, milestones, paths, staleness, target_words
from goals.guardrail_words import GOODHART
from goals.lines import GoalLine
from goals.models import Goal
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.lib.periods import local_day
from manual.chapters.context import Context, Figure, part_of, passing, rule, value
from manual.chapters.places import link_to
from manual.queries import ToldOfGoal
from metrics import presentation

MOST_PERIODS: Final = 13


def sheet(found: GoalLine, told: ToldOfGoal, context: Context) -> Iterator[Block]:
    goal = found.goal
    yield tree.heading(1, found.statement, f"goal-{goal.pk}")
    known = is_judged(found, context)
    if known and found.status_name:
        yield tree.note(found.tone, tree.paragraph(tree.strong(_sentence(found.status_name)), " ", found.reason))
    if known and goal.guardrail_breached and goal.guardrail:
        yield _breach(goal)
    yield tree.facts(*_agreed(found, context), *_measured(found, context), *_looked_after(found))
    yield from _more(goal, context)
    if known and goal.course:
        yield from _path(goal, told, context)
    if told.changes:
        yield _moved(goal, told, context)
    if told.check_ins:
        yield _said(goal, told, context)
    if stale := _stale(goal, context):
        yield tree.paragraph(stale)


def _agreed(found: GoalLine, context: Context) -> Iterator[tuple[str, str | Sequence[Inline]]]:
    goal = found.goal
    yield _("Aim"), capfirst(_aim(goal))
    yield _("Measured by"), [*measured_by(found, context), *tree.inlines(*_by(found))]
    yield _("Only for"), found.scope
    yield _("Baseline"), _with_note(found.baseline, found.baseline_note) if goal.kpi else ""
    yield _("Target"), tree.inlines(tree.strong(_target(found)))


def _by(found: GoalLine) -> Iterator[str]:
    """“, by week, in business time”."""
    if found.goal.kpi:
        yield _(", by %(grain)s") % {"grain": found.goal.get_grain_display()}
    if found.clock:
        yield _(", in %(clock)s") % {"clock": found.clock}


def _aim(goal: Goal) -> str:
    """“reach a level, higher is better”; of a range that it is one."""
    side = _("within a range") if goal.target_high is not None else goal.get_direction_display()
    return ", ".join(filter(None, [str(kinds.NAMES[kinds.of(goal)]), side if goal.kpi else ""]))


def _target(found: GoalLine) -> str:
    """Of a range both ends, and that they belong to it."""
    if found.goal.target_high is None:
        return found.target
    return _("%(range)s, both ends included") % {"range": found.target}


def _guardrail(goal: Goal) -> str:
    """“CSAT at least 85 %”."""
    found = guardrail_words.guardrail(goal)
    return f"{found.name} {found.limit}".strip() if found else ""


def _measured(found: GoalLine, context: Context) -> Iterator[tuple[str, str]]:
    goal, known = found.goal, is_judged(found, context)
    yield _("Now"), _now(found, context) if goal.kpi or known else ""
    yield _("Progress"), found.progress or "" if known and not goal.was_met else ""
    chance = found.probability if goal.has_kpi else milestone_words.no_forecast()
    yield _("Chance to reach it"), chance or "" if known else ""
    if goal.guardrail:
        now = _guardrail_now(goal) if known else _("not measured")
        yield _("Guardrail"), _("%(guardrail)s; now %(now)s") % {"guardrail": _guardrail(goal), "now": now}


def _looked_after(found: GoalLine) -> Iterator[tuple[str, str]]:
    yield _("Time"), presentation.days(found.start, found.due)
    yield _("Owner"), str(found.owner)
    yield _("Reviewer"), str(found.goal.reviewer) if found.goal.reviewer else _("nobody yet")
    yield _("Check-ins"), _rhythm(found.goal)
    yield _("Serves"), str(found.objective)


def _rhythm(goal: Goal) -> str:
    often = goal.get_check_in_cadence_display()
    if not goal.review_cadence:
        return often
    words = {"check_ins": often, "reviews": goal.get_review_cadence_display()}
    return _("%(check_ins)s; reviewed %(reviews)s") % words


def _guardrail_now(goal: Goal) -> str:
    """“90.0 % (300 answers): it holds”."""
    found = guardrail_words.guardrail(goal)
    if found is None or goal.guardrail_value is None or goal.guardrail_breached is None:
        return _("not measured")
    state = _("breached") if goal.guardrail_breached else _("it holds")
    return f"{_with_note(found.value, found.note)}: {state}"


def _more(goal: Goal, context: Context) -> Iterator[Block]:
    if not goal.has_kpi:
        yield tree.bullets(_milestones(goal, context))
    if goal.has_incentive:
        warning = tree.strong(_("Money or praise depends on this goal."))
        yield tree.note("warn", tree.paragraph(warning, " ", str(GOODHART)))


def _milestones(goal: Goal, context: Context) -> Iterator[list[Inline]]:
    """Each with its day, and whether it is done."""
    for one in milestones.of(goal):
        said = _("due on %(day)s") % {"day": date_format(one.due or goal.due, "DATE_FORMAT")}
        if one.done_on is not None and one.done_on <= context.today:
            said = _("done on %(day)s") % {"day": date_format(one.done_on, "DATE_FORMAT")}
        yield tree.inlines(tree.strong(one.name), f": {said}")


def _breach(goal: Goal) -> Block:
    found = guardrail_words.guardrail(goal)
    name = _sentence(guardrail_words.standing(goal))
    return tree.note("bad", tree.paragraph(tree.strong(name), " ", found.text if found else ""))


def _path(whole: Goal, told: ToldOfGoal, context: Context) -> Iterator[Block]:
    """The way of late and where it leads, as a picture and in numbers; the goal's own page shows all of it."""
    goal = copy(whole)
    goal.course = whole.course[-MOST_PERIODS:]
    title = _("The way of “%(goal)s”") % {"goal": goal.statement}
    yield {"is": "chart", "title": title, "spec": paths.spec(goal, told.changes, zone=context.zone, title=title)}
    caption, rows = _("%(title)s, in numbers") % {"title": title}, paths.rows(goal)
    if paths.has_bounds(goal):
        heads = [_("Period"), f"#{_('Value')}", f"#{_('Cases')}"]
        yield tree.table(caption, heads, [[row.label, _with_note(row.value, row.interval), row.n] for row in rows])
    else:
        yield tree.table(caption, [_("Period"), f"#{_('Value')}"], [[row.label, row.value] for row in rows])


def _moved(goal: Goal, told: ToldOfGoal, context: Context) -> Block:
    """Moving the target is told for ever."""
    rows = [
        [_day(change.at, context), *target_words.both(goal, change), change.reason or _("no reason was given")]
        for change in told.changes
    ]
    heads = [_("Day"), _("Before"), _("After"), _("Reason")]
    return tree.table(_("How the target of “%(goal)s” was moved") % {"goal": goal.statement}, heads, rows)


def _said(goal: Goal, told: ToldOfGoal, context: Context) -> Block:
    found = [check_ins.line(each, goal, None) for each in told.check_ins]
    rows = [
        [_day(each.check_in.at, context), each.person, each.machine or _("not judged yet"), each.value]
        for each in found
    ]
    heads = [_("Day"), _("A person’s view"), _("Judged by the figures"), f"#{_('Value')}"]
    return tree.table(_("The last check-ins of “%(goal)s”") % {"goal": goal.statement}, heads, rows)


def _stale(goal: Goal, context: Context) -> str:
    found = staleness.words(goal, context.today)
    return _("Check-ins are missing: %(words)s.") % {"words": found} if found else ""


def _day(at: object, context: Context) -> str:
    return date_format(local_day(at, context.zone), "DATE_FORMAT")  # type: ignore[arg-type]  # always an instant


def is_judged(found: GoalLine, context: Context) -> bool:
    """Whether what is stored of the goal was measured before the instant."""
    ends = found.goal.value_end
    return ends is None or ends <= context.today


def measured_by(found: GoalLine, context: Context) -> list[Inline]:
    if not found.goal.kpi:
        return tree.inlines(_("milestones that are done"))
    if found.kpi is None:
        return tree.inlines(_("%(kpi)s, which is no longer measured") % {"kpi": found.kpi_name})
    return tree.inlines(link_to(found.kpi, context))


def _sentence(name: str) -> str:
    return f"{capfirst(name)}."


def _with_note(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words


def _now(found: GoalLine, context: Context) -> str:
    return _with_note(found.value, found.value_note) if is_judged(found, context) else _("no data")


# --- Figures ------------------------------------------------------------------------------------------------------
def figures(found: GoalLine, told: ToldOfGoal, context: Context) -> dict[str, Figure]:
    """Named by what is measured, so that a reader of a difference needs no number of a goal."""
    goal, known = found.goal, is_judged(found, context)
    days = {name: date_format(day, "DATE_FORMAT") for name, day in (("start", found.start), ("due", found.due))}
    last = told.check_ins[0].get_confidence_display() if told.check_ins else ""
    said = {
        "target": (_("target"), rule, _target(found)),
        "baseline": (_("baseline"), rule, found.baseline),
        "start": (_("start"), rule, days["start"]),
        "due": (_("due date"), rule, days["due"]),
        "owner": (_("owner"), rule, str(found.owner)),
        "reviewer": (_("reviewer"), rule, str(goal.reviewer or "")),
        "rhythm": (_("check-ins and reviews"), rule, _rhythm(goal)),
        "incentive": (_("money or praise"), rule, _("depends on it") if goal.has_incentive else ""),
        "value": (_("value"), value, _now(found, context)),
        "status": (_("status"), value, found.status_name if known else ""),
        "chance": (_("chance"), passing, found.probability or "" if known else ""),
        "guardrail-now": (_("guardrail now"), value, _guardrail_now(goal) if known and goal.guardrail else ""),
        "view": (_("view of a person"), value, last),
    }
    named = {name: _named(found, what, kind(_label(found, what), words)) for name, (what, kind, words) in said.items()}
    guard = guardrail_figure(found)
    return {f"goal:{goal.pk}.{name}": figure for name, figure in named.items() if figure["words"]} | guard


def guardrail_figure(found: GoalLine) -> dict[str, Figure]:
    """What must not suffer; two chapters tell it."""
    goal, what = found.goal, _("guardrail")
    if not goal.guardrail:
        return {}
    return {f"goal:{goal.pk}.guardrail": _named(found, what, rule(_label(found, what), _guardrail(goal)))}


def _named(found: GoalLine, what: str, figure: Figure) -> Figure:
    whole = _("Goal “%(goal)s” (%(kpi)s)") % {"goal": found.statement, "kpi": _figure_of(found)}
    return part_of(whole, what, figure)


def _label(found: GoalLine, what: str) -> str:
    names = {"kpi": _figure_of(found), "what": what, "goal": found.statement}
    return _("%(kpi)s, %(what)s of the goal “%(goal)s”") % names


def _figure_of(found: GoalLine) -> str:
    return f"{found.kpi_name}, {found.scope}" if found.scope else found.kpi_name
