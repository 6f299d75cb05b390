"""The goals in force, each with its baseline, its target and how it stands; without a KPI with its milestones.

Goals for single people are left out: everybody in the house reads the manual, and so do people outside of it.
"""

from collections.abc import Callable, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import milestone_words, milestones
from goals.lines import GoalLine, line
from goals.queries import active_goals
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context, Figure, is_personal, rule, value
from manual.chapters.places import link_to


def build(context: Context) -> Built:
    found, left_out = goal_lines(context), left_out_for(context)
    blocks: list[Block] = []
    figures: dict[str, Figure] = {}
    if not found and not left_out:
        sentence = _("No goal is in force. As long as there is none, the KPIs are watched and nothing is promised.")
        blocks.append(tree.paragraph(sentence))
    for each in found:
        blocks += _goal(each, context)
        figures |= _figures(each, context)
    if left_out:
        blocks.append(tree.paragraph(for_single_people()))
    return Built(blocks=blocks, figures=figures)


def goal_lines(context: Context) -> list[GoalLine]:
    """The goals that were there at the instant and are not for a single person, the next due first."""
    return context.once(_all_goals)[0]


def left_out_for(context: Context) -> frozenset[int]:
    """The objectives that goals for single people serve."""
    return context.once(_all_goals)[1]


def for_single_people() -> str:
    return _("Goals for single people are not part of the manual.")


def _all_goals(context: Context) -> tuple[list[GoalLine], frozenset[int]]:
    there = [goal for goal in active_goals().prefetch_related("milestones") if goal.created_at <= context.as_of]
    found = [line(goal) for goal in there if not is_personal(goal.dimension)]
    return found, frozenset(goal.objective_id for goal in there if is_personal(goal.dimension))


def _goal(found: GoalLine, context: Context) -> Iterator[Block]:
    yield tree.heading(1, found.statement, f"goal-{found.goal.pk}")
    if is_judged(found, context) and found.status_name:
        yield tree.note(found.tone, tree.paragraph(tree.strong(_sentence(found.status_name)), " ", found.reason))
    yield tree.facts(
        (_("Measured by"), _kpi(found, context)),
        (_("Only for"), found.scope),
        (_("Measured in"), found.clock),
        (_("Baseline"), _with_note(found.baseline, found.baseline_note)),
        (_("Target"), tree.inlines(tree.strong(found.target))),
        (_("Now"), _now(found, context)),
        (_("Forecast"), "" if found.goal.has_kpi else milestone_words.no_forecast()),
        (_("Progress"), found.progress if is_judged(found, context) and found.progress else ""),
        (_("From"), date_format(found.start, "DATE_FORMAT")),
        (_("Due"), date_format(found.due, "DATE_FORMAT")),
        (_("Owner"), str(found.owner)),
        (_("Serves"), str(found.objective)),
    )
    if not found.goal.has_kpi:
        yield tree.bullets(_milestones(found))


def _milestones(found: GoalLine) -> Iterator[list[Inline]]:
    """Each with its day, and whether it is done."""
    for one in milestones.of(found.goal):
        words = {"due": date_format(one.due or found.due, "DATE_FORMAT")}
        said = _("due on %(due)s") % words
        if one.done_on is not None:
            said = _("done on %(day)s") % {"day": date_format(one.done_on, "DATE_FORMAT")}
        yield tree.inlines(tree.strong(one.name), f": {said}")


def is_judged(found: GoalLine, context: Context) -> bool:
    """Whether what is stored of the goal was measured before the instant."""
    ends = found.goal.value_end
    return ends is None or ends <= context.today


def _sentence(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}."


def _kpi(found: GoalLine, context: Context) -> list[Inline]:
    if not found.goal.has_kpi:
        return tree.inlines(_("milestones, each of them done or not"))
    if found.kpi is None:
        return tree.inlines(_("%(kpi)s, which is no longer measured") % {"kpi": found.kpi_name})
    return tree.inlines(link_to(found.kpi, context))


def _with_note(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words


def _now(found: GoalLine, context: Context) -> str:
    return _with_note(found.value, found.value_note) if is_judged(found, context) else _("no data")


def _figures(found: GoalLine, context: Context) -> dict[str, Figure]:
    """Named by what is measured, so that a reader of a difference needs no number of a goal."""
    scope = f", {found.scope}" if found.scope else ""
    is_known = is_judged(found, context)
    said: dict[str, tuple[str, Callable[[str, str], Figure], str]] = {
        "target": (_("target"), rule, found.target),
        "baseline": (_("baseline"), rule, found.baseline),
        "start": (_("start"), rule, date_format(found.start, "DATE_FORMAT")),
        "due": (_("due date"), rule, date_format(found.due, "DATE_FORMAT")),
        "owner": (_("owner"), rule, str(found.owner)),
        "value": (_("value"), value, _now(found, context)),
        "status": (_("status"), value, found.status_name if is_known else ""),
    }
    whole = _("Goal “%(goal)s” (%(kpi)s)") % {"goal": found.statement, "kpi": f"{found.kpi_name}{scope}"}
    figures: dict[str, Figure] = {}
    if not found.goal.has_kpi:
        del said["baseline"]
    for name, (what, kind, words) in said.items():
        names = {"kpi": f"{found.kpi_name}{scope}", "what": what, "goal": found.statement}
        figure = kind(_("%(kpi)s, %(what)s of the goal “%(goal)s”") % names, words)
        figure["whole"], figure["part"] = whole, what
        figures[f"goal:{found.goal.pk}.{name}"] = figure
    return figures
