"""Which aim of the business each goal serves, and what is not given up for it."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from goals.guardrail_words import guardrail, standing
from goals.lines import GoalLine
from goals.models import Objective
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule
from manual.chapters.goal_sheet import guardrail_figure, is_judged
from manual.chapters.goals import for_single_people, goal_lines, left_out_for


def build(context: Context) -> Built:
    objectives, found = queries.objectives(), goal_lines(context)
    blocks = [block for each in objectives for block in _objective(each, found, left_out_for(context))]
    if not objectives:
        blocks.append(tree.paragraph(_("No business objective has been written down yet.")))
    figures = _figures(objectives)
    for each in found:
        figures |= guardrail_figure(each)
    return Built(blocks=[*blocks, *_not_traded(found, context)], figures=figures)


def _not_traded(found: Sequence[GoalLine], context: Context) -> Iterator[Block]:
    """Every pair of a goal and the figure that must not suffer for it."""
    guarded = [(each, guard) for each in found if (guard := guardrail(each.goal))]
    if not guarded:
        return
    yield tree.heading(1, _("What we will not trade away"), "not-traded")
    yield tree.paragraph(
        _(
            "Each of these goals has a guardrail: a figure that may not get worse for it. A target that is reached at "
            "the guardrail’s expense is a hollow win, and does not count."
        )
    )
    heads = [_("While we want"), _("we keep"), _("State")]
    rows: list[list[str | list[Inline]]] = [
        [
            tree.inlines(tree.link(each.statement, f"#goal-{each.goal.pk}"), f" ({_wanted(each)})"),
            f"{guard.name} {guard.limit}".strip(),
            capfirst(standing(each.goal)) if is_judged(each, context) else _("no data"),
        ]
        for each, guard in guarded
    ]
    yield tree.table(_("Goals and their guardrails"), heads, rows)


def _wanted(found: GoalLine) -> str:
    if not found.goal.kpi:
        return _("milestones")
    return _("%(kpi)s: %(target)s") % {"kpi": found.kpi_name, "target": found.target}


def _objective(objective: Objective, found: Sequence[GoalLine], left_out: Collection[int]) -> Iterator[Block]:
    yield tree.heading(1, objective.name, f"objective-{objective.pk}")
    if objective.description:
        yield tree.paragraph(objective.description)
    mine = [each for each in found if each.objective == objective]
    if mine:
        yield tree.bullets(_goal(each) for each in mine)
    elif objective.pk in left_out:
        yield tree.paragraph(for_single_people())
    else:
        yield tree.paragraph(_("No goal of customer service serves it at present."))


def _goal(found: GoalLine) -> list[Inline]:
    if not found.goal.kpi:
        done = _("all milestones by %(due)s") % {"due": date_format(found.due, "DATE_FORMAT")}
        return tree.inlines(tree.link(found.statement, f"#goal-{found.goal.pk}"), f": {done}")
    is_range = found.goal.target_high is not None
    template = _("%(kpi)s within %(target)s by %(due)s") if is_range else _("%(kpi)s to %(target)s by %(due)s")
    said = template % {
        "kpi": f"{found.kpi_name}{f' ({found.scope})' if found.scope else ''}",
        "target": found.target,
        "due": date_format(found.due, "DATE_FORMAT"),
    }
    return tree.inlines(tree.link(found.statement, f"#goal-{found.goal.pk}"), f": {said}")


def _figures(objectives: Sequence[Objective]) -> dict[str, Figure]:
    return {
        f"objective:{objective.pk}": rule(
            _("Business objective"), ": ".join(filter(None, [objective.name, objective.description]))
        )
        for objective in objectives
    }
