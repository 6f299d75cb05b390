"""Days from which on figures mean something else: another definition, other opening hours, other service targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from django.db.models import Q

from kpiproject.lib.periods import local_day
from kpiproject.models import EarlierHours
from metrics.frames.promises import DUE
from metrics.kpi import BUSINESS
from metrics.models import EarlierTarget, Redefinition, ServiceTarget
from metrics.queries.questions import Figures

_PROMISED: Final = {"target_at": "resolution"} | {column: metric for metric, column in DUE.items()}


class Cause(Enum):
    DEFINITION = "definition"
    HOURS = "hours"
    TARGETS = "targets"


@dataclass(frozen=True, order=True)
class Turn:
    """The first local day of the other meaning. `name` is the revision, or of which calendar or target."""

    start: date
    cause: Cause
    name: str


def turns(figures: Figures) -> list[Turn]:
    """What changed after the first and before the last day of a course, in order of time."""
    if figures.period is None:
        return []
    first, after = figures.period.start, figures.period.end
    found = [*_definitions(figures), *_hours(figures), *_targets(figures)]
    return sorted({turn for turn in found if first < turn.start < after}, key=lambda turn: (turn.start, turn.name))


def _definitions(figures: Figures) -> Iterator[Turn]:
    for row in Redefinition.objects.filter(kpi=figures.kpi.code):
        yield Turn(row.since, Cause.DEFINITION, str(row.revision))


def _hours(figures: Figures) -> Iterator[Turn]:
    """Hours measure durations in business time; everything else is the same whatever they are."""
    if figures.clock != BUSINESS:
        return
    is_used = Q(calendar__is_default=True) | Q(calendar__uses__isnull=False)
    for row in EarlierHours.objects.filter(is_used).select_related("calendar").distinct():
        yield Turn(row.until, Cause.HOURS, row.calendar.name)


def _targets(figures: Figures) -> Iterator[Turn]:
    metric = _PROMISED.get(figures.kpi.at)
    if metric is None:
        return
    for row in EarlierTarget.objects.filter(target__metric=metric).select_related("target"):
        yield Turn(local_day(row.valid_until, figures.zone), Cause.TARGETS, row.target.name)
    for target in ServiceTarget.objects.filter(metric=metric, version=1):
        if target.valid_from is not None:
            yield Turn(local_day(target.valid_from, figures.zone), Cause.TARGETS, target.name)
