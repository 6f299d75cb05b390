"""What kind of goal it is. Nobody is asked: it follows from how the KPI adds up and from where the figure stood; a goal
without a KPI has milestones."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from metrics.kpi import Shape, Text, Total
from metrics.queries import find


class Kind(StrEnum):
    """Reach: a level by a day. Maintain: a level that must not be lost. Accumulate: a number of things each period.
    Complete: everything on a list of milestones."""

    REACH = "reach"
    MAINTAIN = "maintain"
    ACCUMULATE = "accumulate"
    COMPLETE = "complete"


NAMES: Final[Mapping[Kind, Text]] = {
    Kind.REACH: _("reach a level"),
    Kind.MAINTAIN: _("keep a level"),
    Kind.ACCUMULATE: _("reach a number in each period"),
    Kind.COMPLETE: _("complete milestones"),
}


def kind(shape: type[Shape] | None, *, was_met: bool) -> Kind:
    """Whatever the baseline already met is kept; a number of things is gathered; anything else is a level."""
    if was_met:
        return Kind.MAINTAIN
    return Kind.ACCUMULATE if shape is not None and issubclass(shape, Total) else Kind.REACH


def of(goal: Goal) -> Kind:
    """Without a query. A KPI that is gone is not the same as none: what it measured was a level."""
    if not goal.has_kpi:
        return Kind.COMPLETE
    kpi = find(goal.kpi)
    return kind(kpi.shape if kpi else None, was_met=goal.was_met)
