"""Sums out of rollups."""

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from metrics.frames.columns import fetch
from metrics.kpi import Kpi
from metrics.models import Rollup
from metrics.queries.questions import Asked
from metrics.sums import Sum

Key = tuple[int, str]
"""A bucket (the position of a period; -1 for whatever is earlier) and a member ("" overall)."""

EARLIER = -1
_COLUMNS = ("kpi", "day", "member", "whole", "part", "square", "extra", "values")


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
    last_mature = asked.last_mature_day
    for _, day, member, total in read(rows):
        found.add((bucket(day), member if asked.by else ""), total, is_recent=day > last_mature)
    return found


def gather_before(asked: Asked, day: date) -> Gathered:
    """The level of a stock at the beginning of a day, as what was earlier."""
    found = Gathered()
    for _, _, member, total in read(_rows(asked).filter(day__lt=day)):
        found.add((EARLIER, member if asked.by else ""), total, is_recent=False)
    return found


def _rows(asked: Asked) -> "QuerySet[Rollup]":
    dimension = asked.by or next(iter(asked.where), "")
    rows = Rollup.objects.filter(kpi=asked.kpi.code, dimension=dimension, clock=asked.clock)
    return rows.filter(member__in=asked.where[dimension]) if asked.where else rows


def read(rows: "QuerySet[Rollup]") -> Iterable[tuple[str, date, str, Sum]]:
    """KPI, day, member and sum of each rollup, past the ORM's conversions."""
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
    """The members that any rollup of a KPI names."""
    rows = Rollup.objects.filter(kpi=kpi.code, dimension=dimension).order_by("member")
    return list(rows.values_list("member", flat=True).distinct())


def _copy(found: Sum) -> Sum:
    copy = Sum()
    copy.add(found)
    return copy
