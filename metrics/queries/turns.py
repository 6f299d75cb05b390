"""Days from which on figures mean something else: another definition, other opening hours, other service targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from django.db.models import Q

from kpiproject.lib.periods import local_day
from kpiproject.models import EarlierHours
from metrics.definitions import once
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
    for code, revision, since in once("redefinitions", _redefinitions):
        if code == figures.kpi.code:
            yield Turn(since, Cause.DEFINITION, str(revision))


def _hours(figures: Figures) -> Iterator[Turn]:
    """Hours measure durations in business time; everything else is the same whatever they are."""
    if figures.clock == BUSINESS:
        for until, calendar in once("earlier hours", _earlier_hours):
            yield Turn(until, Cause.HOURS, calendar)


def _targets(figures: Figures) -> Iterator[Turn]:
    metric = _PROMISED.get(figures.kpi.at)
    if metric is not None:
        for of, at, name in once("other targets", _other_targets):
            if of == metric:
                yield Turn(local_day(at, figures.zone), Cause.TARGETS, name)


def _redefinitions() -> list[tuple[str, int, date]]:
    return list(Redefinition.objects.values_list("kpi", "revision", "since"))


def _earlier_hours() -> list[tuple[date, str]]:
    is_used = Q(calendar__is_default=True) | Q(calendar__uses__isnull=False)
    return list(EarlierHours.objects.filter(is_used).values_list("until", "calendar__name").distinct())


def _other_targets() -> list[tuple[str, datetime, str]]:
    """Metric, since when other terms count, and the name of the target."""
    changed = EarlierTarget.objects.values_list("target__metric", "valid_until", "target__name")
    new = ServiceTarget.objects.filter(version=1).values_list("metric", "valid_from", "name")
    return [*changed, *((metric, at, name) for metric, at, name in new if at is not None)]
