"""The goals in force, each with its sheet; then those that have ended, and whether the forecasts come true.

Goals for single people are left out: everybody in the house reads the manual, and so do people outside of it.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from goals.lines import GoalLine, line
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual import queries
from manual.chapters import ended_goals, goal_sheet
from manual.chapters.context import Built, Context, Figure, is_personal


def build(context: Context) -> Built:
    found, left_out = goal_lines(context), left_out_for(context)
    told = queries.told_of_goals([each.goal.pk for each in found], context.as_of)
    blocks: list[Block] = [*_nothing(found, left_out)]
    figures: dict[str, Figure] = {}
    for each in found:
        blocks += goal_sheet.sheet(each, told[each.goal.pk], context)
        figures |= goal_sheet.figures(each, told[each.goal.pk], context)
    if left_out:
        blocks.append(tree.paragraph(for_single_people()))
    ended = ended_goals.build(context)
    return Built(blocks=[*blocks, *ended.blocks], figures=figures | ended.figures)


def goal_lines(context: Context) -> list[GoalLine]:
    """The goals that were there at the instant and are not for a single person, the next due first."""
    return context.once(_all_goals)[0]


def left_out_for(context: Context) -> frozenset[int]:
    """The objectives that goals for single people serve."""
    return context.once(_all_goals)[1]


def for_single_people() -> str:
    return _("Goals for single people are not part of the manual.")


def _nothing(found: list[GoalLine], left_out: frozenset[int]) -> Iterator[Block]:
    if not found and not left_out:
        sentence = _("No goal is in force. As long as there is none, the KPIs are watched and nothing is promised.")
        yield tree.paragraph(sentence)


def _all_goals(context: Context) -> tuple[list[GoalLine], frozenset[int]]:
    there = [goal for goal in queries.goals() if goal.created_at <= context.as_of]
    found = [line(goal) for goal in there if not is_personal(goal.dimension)]
    return found, frozenset(goal.objective_id for goal in there if is_personal(goal.dimension))
