"""One KPI, exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from kpiproject.lib.periods import instant
from metrics.kpi import Kpi, Mean, Quantile, Ratio
from metrics.queries import computed, points, stored
from metrics.queries.computed import Part
from metrics.queries.questions import Asked, Figures, Point, Question, check
from metrics.queries.stored import EARLIER, Gathered
from metrics.sums import Sum

EXACT_UP_TO: Final = 200_000
"""So many values are read again from facts where rollups have only histograms."""


@dataclass(frozen=True, kw_only=True)
class RowBehind:
    """One of the rows behind a figure. `value` is 1 or 0 for a share, -1 to 1 for points, seconds for a duration."""

    source: str
    reference: str  # the ticket's external id, or the survey's short name
    at: datetime
    value: float | None
    members: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RowsBehind:
    """A page of the rows behind a figure; `total` is the figure's n."""

    kpi: Kpi
    clock: str | None
    total: int
    rows: list[RowBehind]


def figures(question: Question) -> Figures:
    """The answer from rollups, or from facts where rollups do not hold it exactly (two dimensions at once, quantiles
    out of histograms of up to 200,000 values). Raises BadQuestion."""
    return _figures(check(question))


def rows(question: Question, *, first: int = 0, limit: int = 100) -> RowsBehind:
    """The very rows behind the overall figure of a question's whole period, oldest first. Raises BadQuestion."""
    asked = check(question).overall
    total = _figures(asked).points[0].n if asked.slices or asked.at else 0
    found: list[RowBehind] = []
    for row in _rows(asked, skip=first):
        if len(found) == limit:
            break
        found.append(row)
    return RowsBehind(kpi=asked.kpi, clock=asked.clock or None, total=total, rows=found)


def _figures(asked: Asked) -> Figures:
    found = _at_instant(asked) if asked.at is not None else _over_period(asked)
    return Figures(
        kpi=asked.kpi, clock=asked.clock or None, zone=asked.zone, as_of=asked.now, period=asked.period, points=found
    )


def _at_instant(asked: Asked) -> list[Point]:
    gathered = computed.gather_at(asked)
    place = Point(start=asked.at or asked.now, end=None)
    return _points(asked, gathered, [(EARLIER, place)])


def _over_period(asked: Asked) -> list[Point]:
    if len({*asked.where, asked.by} - {""}) > 1:
        return _placed(asked, computed.gather(asked))
    gathered = stored.gather(asked)
    found = _placed(asked, gathered)
    if any(point.approximate for point in found) and sum(point.n for point in found) <= EXACT_UP_TO:
        return _placed(asked, computed.gather(asked))
    return found


def _placed(asked: Asked, gathered: Gathered) -> list[Point]:
    if asked.kpi.is_stock:
        gathered = gathered.levels(len(asked.slices))
    places = [
        (position, Point(start=part.period.start, end=part.period.end, complete=part.complete))
        for position, part in enumerate(asked.slices)
    ]
    return _points(asked, gathered, places)


def _points(asked: Asked, gathered: Gathered, places: list[tuple[int, Point]]) -> list[Point]:
    members = gathered.members if asked.by else [""]
    found = []
    for position, place in places:
        for member in members:
            sure = gathered.sums.get((position, member), Sum())
            recent = gathered.recent.get((position, member), Sum())
            found.append(points.point(asked.kpi, _of_member(place, member, asked), sure, recent))
    return found


def _of_member(place: Point, member: str, asked: Asked) -> Point:
    return replace(place, member=member) if asked.by else place


def _rows(asked: Asked, *, skip: int) -> Iterator[RowBehind]:
    """The rows in order, without the first ones."""
    for part in computed.parts(asked):
        positions = part.events.rows
        if skip >= len(positions):
            skip -= len(positions)
            continue
        order = np.lexsort((part.frame["id"].to_numpy()[positions], part.judged.at[positions]))
        for position in positions[order][skip:].tolist():
            yield _row(asked, part, position)
        skip = 0


def _row(asked: Asked, part: Part, position: int) -> RowBehind:
    row = part.frame.iloc[position]
    return RowBehind(
        source=str(row["source"]),
        reference=str(row["external_id"]),
        at=instant(int(part.judged.at[position])),
        value=_value(asked, part, position),
        members={dimension: str(row[dimension]) for dimension in asked.kpi.dimensions},
    )


def _value(asked: Asked, part: Part, position: int) -> float | None:
    shape = part.judged.shape
    if isinstance(shape, Ratio):
        return float(np.asarray(shape.part)[position])
    if isinstance(shape, Mean):
        return float(np.asarray(shape.value)[position])
    if isinstance(shape, Quantile):
        return float(np.asarray(shape.seconds[asked.clock])[position])
    return None
