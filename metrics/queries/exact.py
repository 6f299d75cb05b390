"""One KPI, exactly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from kpiproject.lib.periods import Grain, Period, Slice, instant, local_day
from metrics.dimensions import overlap
from metrics.kpi import Column, Frame, Kpi, Mean, Quantile, Rate, Ratio, Shape, Share
from metrics.models import Ticket
from metrics.queries import besides, computed, points, stored, unscheduled, wholes
from metrics.queries.computed import Part
from metrics.queries.questions import (
    Asked,
    BadQuestion,
    Figures,
    Point,
    Question,
    check,
    refuse_too_many,
    refuse_without_dimension,
)
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
    asked = check(question)
    refuse_without_dimension(asked)
    return _figures(asked)


def in_a_row(question: Question, periods: Sequence[Period]) -> Figures:
    """The answer over adjoining periods of any length, given in order, with a point for each. Raises BadQuestion."""
    whole = replace(question, start=periods[0].start, end=periods[-1].end, grain=Grain.ALL)
    asked = replace(check(whole), slices=[Slice(period, complete=True) for period in periods])
    refuse_without_dimension(asked)
    return _figures(asked)


def rows(question: Question, *, first: int = 0, limit: int | None = 100) -> RowsBehind:
    """The very rows behind the overall figure of a question's whole period, oldest first; all of them
    without a limit. Raises BadQuestion."""
    asked = _listed(question)
    if asked.is_ahead:
        return RowsBehind(kpi=asked.kpi, clock=asked.clock or None, total=0, rows=[])
    if not asked.kpi.adds_up:
        return _whole_rows(asked, first, limit)
    total = _figures(asked).points[0].n if asked.slices or asked.at else 0
    found = list(islice(_rows(asked, skip=first), limit))
    return RowsBehind(kpi=asked.kpi, clock=asked.clock or None, total=total, rows=found)


def every_row(question: Question) -> Iterator[RowBehind]:
    """The same rows one after the other, for files: never all of them at once. Raises BadQuestion."""
    asked = _listed(question)
    if asked.is_ahead:
        return iter(())
    if not asked.kpi.adds_up:
        return iter(_whole_rows(asked, 0, None).rows)
    return _rows(asked, skip=0)


def _listed(question: Question) -> Asked:
    asked = check(question).overall
    if not asked.kpi.has_rows:
        raise BadQuestion(_("What employees answered is never listed, so that nobody can be found by it."))
    return asked


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


def _whole_rows(asked: Asked, first: int, limit: int | None) -> RowsBehind:
    found = wholes.rows(asked)
    if found is None:
        return RowsBehind(kpi=asked.kpi, clock=asked.clock or None, total=0, rows=[])
    page = slice(first, None if limit is None else first + limit)
    frame, dimensions = found.frame.iloc[page], [name for name in asked.kpi.dimensions if name in found.frame]
    values = [None] * len(frame) if found.values is None else np.asarray(found.values, dtype=float)[page].tolist()
    columns = zip(
        frame["source"],
        frame["external_id"],
        wholes.instants(found)[page],
        values,
        frame["id"].tolist(),
        *(frame[dimension] for dimension in dimensions),
        strict=True,
    )
    listed = [
        RowBehind(
            source=source,
            reference=reference,
            at=at,
            value=value,
            pk=pk,
            members=dict(zip(dimensions, members, strict=True)),
        )
        for source, reference, at, value, pk, *members in columns
    ]
    return RowsBehind(kpi=asked.kpi, clock=asked.clock or None, total=len(found.frame), rows=listed)


def _figures(asked: Asked) -> Figures:
    found = _measured(asked)
    return replace(found, points=[_unknown(point) for point in found.points]) if asked.is_ahead else found


def _unknown(point: Point) -> Point:
    """A level at an instant that has not come yet."""
    note = _("This instant has not come yet, so there is no figure for it.")
    return Point(start=point.start, end=point.end, complete=False, member=point.member, notes=(note,))


def _measured(asked: Asked) -> Figures:
    if asked.kpi.shape is Share:
        return _shares(asked)
    if not asked.kpi.adds_up:
        return _answer(asked, wholes.figures(asked))
    found = _at_instant(asked, asked.at) if asked.at is not None else _over_period(asked)
    return _answer(asked, found)


def _answer(asked: Asked, found: list[Point]) -> Figures:
    if said := overlap(asked.by):
        found = [replace(point, notes=(*point.notes, said)) for point in found]
    return Figures(
        kpi=asked.kpi,
        clock=asked.clock or None,
        zone=asked.zone,
        as_of=asked.now,
        period=asked.period,
        points=unscheduled.noted(asked, besides.added(asked, found)),
        by=asked.by,
    )


def _shares(asked: Asked) -> Figures:
    """Of all members, so that each has its share of the whole; then only of those asked for."""
    wanted = asked.where.get(asked.by)
    everybody = replace(asked, where={name: members for name, members in asked.where.items() if name != asked.by})
    gathered = stored.gather(everybody) if everybody.is_simple else computed.gather(everybody)
    if asked.by:
        gathered.put_in_proportion()
    points_ = _placed(everybody, gathered)
    return _answer(asked, [point for point in points_ if wanted is None or point.member in wanted])


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
    found, nothing = [], Sum()
    for position, place in places:
        for member in members:
            sure = gathered.sums.get((position, member), nothing)
            recent = gathered.recent.get((position, member), nothing)
            name = member if asked.by else None
            found.append(points.point(asked.kpi, place, sure, recent, member=name))
    return found


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
    if "scale_max" not in frame:
        return [("", False)] * len(frame)
    columns = zip(frame["score"], frame["scale_max"], frame["survey"], strict=True)
    return [(_("%(score)s of %(highest)s") % {"score": a, "highest": b}, survey == "") for a, b, survey in columns]


def _values(shape: Shape, positions: npt.NDArray[np.intp], clock: str) -> list[float | None]:
    column: Column = None
    if isinstance(shape, (Ratio, Rate)):
        column = shape.part
    elif isinstance(shape, Mean):
        column = shape.value
    elif isinstance(shape, Quantile):
        column = shape.seconds[clock]
    if column is None:
        return [None] * len(positions)
    found: list[float | None] = np.asarray(column)[positions].astype(np.float64).tolist()
    return found
