"""Which aim of the business each goal serves."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals.lines import GoalLine
from goals.models import Objective
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule
from manual.chapters.goals import for_single_people, goal_lines, left_out_for


def build(context: Context) -> Built:
    objectives = queries.objectives()
    if not objectives:
        return Built(blocks=[tree.paragraph(_("No business objective has been written down yet."))])
    found = goal_lines(context)
    blocks = [block for each in objectives for block in _objective(each, found, left_out_for(context))]
    return Built(blocks=blocks, figures=_figures(objectives))


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
    template = _("%(kpi)s to %(target)s by %(due)s") if found.goal.has_kpi else _("%(target)s by %(due)s")
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
