"""When the target of a KPI was what, and why: from its goals, of now and before, and from the service targets."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from goals import lines, target_words
from goals.models import CloseOut, Goal, TargetChange
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.periods import local_day
from manual.chapters.context import Context
from manual.chapters.judged import Judged
from metrics.models.target import Promise
from metrics.target_words import applies_to, promise

MOST_LINES: Final = 12


class Step(NamedTuple):
    """`day` is None for what counted from the beginning."""

    day: date | None
    target: str
    why: str


def table(found: Judged, context: Context) -> Iterator[Block]:
    """The last steps, the newest first; nothing where there never was a target."""
    steps = sorted([*_of_goals(found, context), *_of_promises(found, context)], key=_place, reverse=True)
    if not steps:
        return
    rows = [
        [date_format(step.day, "DATE_FORMAT") if step.day else _("from the beginning"), step.target, step.why]
        for step in steps[:MOST_LINES]
    ]
    caption = _("%(name)s: its targets over time") % {"name": found.kpi.name}
    yield tree.folded(tree.table(caption, [_("Day"), _("Target"), _("Why")], rows))


def _place(step: Step) -> date:
    return step.day or date.min


def _of_goals(found: Judged, context: Context) -> Iterator[Step]:
    """The first target of each goal, how it was moved, and the end."""
    ended = {each.goal_id: each for each in found.ended}
    for goal in [*(each.goal for each in found.goals), *(each.goal for each in found.ended)]:
        changes = [change for change in found.changes if change.goal_id == goal.pk]
        yield Step(_day(goal.created_at, context), _for_whom(goal, _first(goal, changes)), _set_with(goal))
        for change in changes:
            now = target_words.both(goal, change)[1]
            why = change.reason or _("no reason was given")
            yield Step(_day(change.at, context), _for_whom(goal, now), why)
        if goal.pk in ended:
            yield Step(_day(ended[goal.pk].at, context), _("none any more"), _end_of(ended[goal.pk]))


def _first(goal: Goal, changes: Sequence[TargetChange]) -> str:
    return target_words.both(goal, changes[0])[0] if changes else lines.target(goal)


def _for_whom(goal: Goal, target: str) -> str:
    scope = lines.scope(goal)
    return f"{target} ({scope})" if scope else target


def _set_with(goal: Goal) -> str:
    due = date_format(goal.due, "DATE_FORMAT")
    return _("set with the goal “%(goal)s”, due on %(due)s") % {"goal": goal.statement, "due": due}


def _end_of(found: CloseOut) -> str:
    words = {"goal": found.goal.statement, "outcome": found.get_outcome_display()}
    return _("the goal “%(goal)s” ended: %(outcome)s") % words


def _of_promises(found: Judged, context: Context) -> Iterator[Step]:
    for former in found.former:
        yield _promised(former, former.target.name, former.version, former.valid_from, context)
    for now in found.promises:
        yield _promised(now, now.name, now.version, now.valid_from, context)


def _promised(terms: Promise, name: str, version: int, since: datetime | None, context: Context) -> Step:
    why = _("version %(version)s of the service target “%(name)s”") % {"version": version, "name": name}
    said = f"{promise(terms)}, {applies_to(terms)}"
    return Step(_day(since, context) if since else None, capfirst(said), why)


def _day(at: datetime, context: Context) -> date:
    return local_day(at, context.zone)
