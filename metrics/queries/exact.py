"""One KPI, exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from kpiproject.lib.periods import Slice, instant, local_day
from metrics.kpi import Column, Frame, Kpi, Mean, Quantile, Ratio, Shape
from metrics.models import Ticket
from metrics.queries import computed, points, stored
from metrics.queries.computed import Part
from metrics.queries.questions import Asked, Figures, Point, Question, check, refuse_too_many
from metrics.queries.stored import EARLIER, Gathered
from metrics.sums import Sum
from surveys.models import Answer

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
    pk: int
    score: str = ""  # of answers, as “4 of 5”
    is_rating: bool = False  # the score came with a ticket, not with an answer to a survey


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


def rows(question: Question, *, first: int = 0, limit: int | None = 100) -> RowsBehind:
    """The very rows behind the overall figure of a question's whole period, oldest first; all of them
    without a limit. Raises BadQuestion."""
    asked = check(question).overall
    total = _figures(asked).points[0].n if asked.slices or asked.at else 0
    found = list(islice(_rows(asked, skip=first), limit))
    return RowsBehind(kpi=asked.kpi, clock=asked.clock or None, total=total, rows=found)


def comments(found: RowsBehind) -> dict[tuple[int, bool], str]:
    """What was written with the answers among these rows, by their `pk` and `is_rating`. Only to surveys of
    customers: no KPI counts what employees answer."""
    if found.kpi.frame != "answers":
        return {}
    ids = {rating: [row.pk for row in found.rows if row.is_rating is rating] for rating in (False, True)}
    given = Answer.objects.filter(pk__in=ids[False], survey__kind=found.kpi.code)
    rated = Ticket.objects.filter(pk__in=ids[True])
    return {(pk, False): text for pk, text in given.values_list("pk", "comment")} | {
        (pk, True): text for pk, text in rated.values_list("pk", "satisfaction_comment")
    }


def _figures(asked: Asked) -> Figures:
    found = _at_instant(asked, asked.at) if asked.at is not None else _over_period(asked)
    return Figures(
        kpi=asked.kpi, clock=asked.clock or None, zone=asked.zone, as_of=asked.now, period=asked.period, points=found
    )


def _at_instant(asked: Asked, at: datetime) -> list[Point]:
    if asked.is_simple:
        gathered = stored.gather_before(asked, local_day(at, asked.zone))
        computed.add_up_to(gathered, asked, at)
    else:
        gathered = computed.gather_at(asked, at)
    return _points(asked, gathered, [(EARLIER, Point(start=at, end=None))])


def _over_period(asked: Asked) -> list[Point]:
    if not asked.is_simple:
        return _placed(asked, computed.gather(asked))
    gathered = stored.gather(asked)
    found = _placed(asked, gathered)
    if any(point.approximate for point in found) and sum(point.n for point in found) <= EXACT_UP_TO:
        return _placed(asked, computed.gather(asked))
    return found


def _placed(asked: Asked, gathered: Gathered) -> list[Point]:
    if asked.kpi.is_stock:
        gathered = gathered.levels(len(asked.slices))
    today = local_day(asked.now, asked.zone)
    places = [(position, _place(part, today)) for position, part in enumerate(asked.slices)]
    return _points(asked, gathered, places)


def _place(part: Slice, today: date) -> Point:
    """A piece of time is complete when nothing is cut off and it is over."""
    return Point(start=part.period.start, end=part.period.end, complete=part.complete and part.period.end <= today)


def _points(asked: Asked, gathered: Gathered, places: list[tuple[int, Point]]) -> list[Point]:
    members = gathered.members if asked.by else [""]
    if len(places) > 1:
        refuse_too_many(len(places) * len(members))
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
        yield from _behind(asked, part, positions[order][skip:])
        skip = 0


def _behind(asked: Asked, part: Part, positions: npt.NDArray[np.intp]) -> Iterator[RowBehind]:
    frame = part.frame.take(positions)
    dimensions = asked.kpi.dimensions
    columns = zip(
        frame["source"],
        frame["external_id"],
        part.judged.at[positions].tolist(),
        _values(part.judged.shape, positions, asked.clock),
        frame["id"].tolist(),
        _scores(frame),
        *(frame[dimension] for dimension in dimensions),
        strict=True,
    )
    for source, reference, at, value, pk, (score, is_rating), *members in columns:
        yield RowBehind(
            source=source,
            reference=reference,
            at=instant(at),
            value=value,
            members=dict(zip(dimensions, members, strict=True)),
            pk=pk,
            score=score,
            is_rating=is_rating,
        )


def _scores(frame: Frame) -> list[tuple[str, bool]]:
    if "score" not in frame:
        return [("", False)] * len(frame)
    columns = zip(frame["score"], frame["scale_max"], frame["survey"], strict=True)
    return [(_("%(score)s of %(highest)s") % {"score": a, "highest": b}, survey == "") for a, b, survey in columns]


def _values(shape: Shape, positions: npt.NDArray[np.intp], clock: str) -> list[float | None]:
    column: Column = None
    if isinstance(shape, Ratio):
        column = shape.part
    elif isinstance(shape, Mean):
        column = shape.value
    elif isinstance(shape, Quantile):
        column = shape.seconds[clock]
    if column is None:
        return [None] * len(positions)
    found: list[float | None] = np.asarray(column)[positions].astype(np.float64).tolist()
    return found
