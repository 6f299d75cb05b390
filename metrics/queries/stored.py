"""Sums out of rollups."""

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from metrics import frames
from metrics.dimensions import further
from metrics.frames.columns import fetch
from metrics.kpi import Kpi
from metrics.models import Rollup
from metrics.queries import wholes
from metrics.queries.questions import Asked
from metrics.queries.unpacking import Row as Packed
from metrics.queries.unpacking import add_up
from metrics.sums import Sum

Key = tuple[int, str]
"""A bucket (the position of a period; -1 for whatever is earlier) and a member ("" overall)."""

EARLIER = -1
_COLUMNS = ("kpi", "day", "member", "whole", "part", "square", "extra", "values")
_PACKED = ("day", "members", "extra", "packed")


@dataclass
class Gathered:
    """Sums by bucket and member. `recent` holds those of days that may still change."""

    sums: dict[Key, Sum] = field(default_factory=dict)
    recent: dict[Key, Sum] = field(default_factory=dict)

    def add(self, key: Key, found: Sum, *, is_recent: bool) -> None:
        into = self.recent if is_recent else self.sums
        if key in into:
            into[key].add(found)
        else:
            into[key] = found

    @property
    def members(self) -> list[str]:
        return sorted({member for _, member in [*self.sums, *self.recent]})

    def put_in_proportion(self) -> None:
        """For a share: beside the rows of each member, those of all members of the same bucket in `square`."""
        totals: dict[int, int] = {}
        for (bucket, _), found in self.sums.items():
            totals[bucket] = totals.get(bucket, 0) + found.whole
        for bucket, total in totals.items():
            for member in self.members:
                # Who has none of the rows has no share of them, which is a figure.
                self.sums.setdefault((bucket, member), Sum()).square = total

    def levels(self, buckets: int) -> "Gathered":
        """For a stock: every sum with all earlier ones of the same member, so that `whole` is the level."""
        found = Gathered()
        for member in self.members:
            level = Sum()
            for bucket in range(EARLIER, buckets):
                level = _copy(level)
                level.add(self.sums.get((bucket, member), Sum()))
                found.sums[bucket, member] = level
        return found


def gather(asked: Asked) -> Gathered:
    """The sums of a question that names one dimension at most; of a stock, also whatever was earlier."""
    found = Gathered()
    if asked.period is None:
        return found
    rows = _rows(asked).filter(day__lt=asked.period.end)
    if not asked.kpi.is_stock:
        rows = rows.filter(day__gte=asked.period.start)
    bucket = bucket_of([part.period.start for part in asked.slices])
    _collect(found, asked, rows, bucket)
    return found


def gather_before(asked: Asked, day: date) -> Gathered:
    """The level of a stock at the beginning of a day, as what was earlier."""
    found = Gathered()
    _collect(found, asked, _rows(asked).filter(day__lt=day), bucket_of([day]))
    return found


def _collect(found: Gathered, asked: Asked, rows: "QuerySet[Rollup]", bucket: Callable[[date], int]) -> None:
    """Add what is in these rows; those of a dimension hold all its members, or one each."""
    last_mature = asked.last_mature_day
    wanted = asked.where.get(_dimension(asked))
    for _, day, member, total in read(rows):
        if wanted is None or member in wanted:
            found.add((bucket(day), member if asked.by else ""), total, is_recent=day > last_mature)
    if not _dimension(asked):
        return
    packed = [
        Packed(2 * (bucket(day) + 1) + (day > last_mature), members, extra, bytes(content))
        for day, members, extra, content in _with_days(fetch(rows.filter(packed__isnull=False), _PACKED))
    ]
    for place, member, total in add_up(packed, by=bool(asked.by), wanted=wanted) if packed else ():
        position, is_recent = divmod(place, 2)
        found.add((position - 1, member), total, is_recent=bool(is_recent))


def _dimension(asked: Asked) -> str:
    return asked.by or next(iter(asked.where), "")


def _rows(asked: Asked) -> "QuerySet[Rollup]":
    return Rollup.objects.filter(kpi=asked.kpi.code, dimension=_dimension(asked), clock=asked.clock)


def _with_days(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows that begin with a day, which SQLite gives as a text."""
    for day, *rest in rows:
        yield (day if isinstance(day, date) else date.fromisoformat(day), *rest)


def read(rows: "QuerySet[Rollup]") -> Iterable[tuple[str, date, str, Sum]]:
    """KPI, day, member and sum of each rollup about one member, past the ORM's conversions."""
    rows = rows.filter(packed__isnull=True)
    for code, day, member, whole, part, square, extra, values in fetch(rows, _COLUMNS):
        more: dict[str, Any] = {} if extra == "{}" else json.loads(extra)
        found = Sum(
            whole=whole,
            part=part,
            square=square,
            excluded=more.get("excluded", {}),
            score=more.get("score", 0.0),
            scales=set(more.get("scales", ())),
            stored=[] if values is None else [bytes(values)],
        )
        yield code, day if isinstance(day, date) else date.fromisoformat(day), member, found


def bucket_of(starts: Collection[date]) -> Callable[[date], int]:
    """In which of adjoining periods, given by their first days, a day lies; EARLIER before the first."""
    ordered = sorted(starts)

    def find(day: date) -> int:
        return bisect_right(ordered, day) - 1

    return find


def members(kpi: Kpi, dimension: str) -> list[str]:
    """The members that the facts of a KPI name."""
    if dimension in further(kpi):
        return frames.members_of(dimension)
    return sorted(all_members([kpi], [dimension])[dimension])


def all_members(kpis: Collection[Kpi], dimensions: Collection[str]) -> dict[str, set[str]]:
    """By dimension the members that the facts of any of these KPIs name, of what rollups hold: a query for all of them,
    and one for each KPI that cannot be added up."""
    found: dict[str, set[str]] = {dimension: set() for dimension in dimensions}
    rolled = {code for kpi in kpis if (code := _rolled_up(kpi))}
    rows = Rollup.objects.filter(kpi__in=rolled, dimension__in=found).values_list("dimension", "member", "members")
    for dimension, member, several in rows.distinct() if rolled else ():
        found[dimension] |= {*json.loads(several)} if several else {member}
    for kpi in kpis:
        if not _rolled_up(kpi):
            for dimension, own in wholes.members(kpi, [name for name in kpi.dimensions if name in found]).items():
                found[dimension] |= own
    return found


def _rolled_up(kpi: Kpi) -> str:
    """The code of the KPI whose rollups name the members; of tickets they are known, where to read all of them would
    take long."""
    if kpi.adds_up:
        return kpi.code
    return "ticket_volume" if frames.made_of(kpi.frame) == frames.made_of("tickets") else ""


def _copy(found: Sum) -> Sum:
    copy = Sum()
    copy.add(found)
    return copy
