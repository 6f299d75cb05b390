"""What the rows of a KPI add up to, by bucket (a day, or a period asked for) and member of a dimension.

Everything here adds up: the sums of two buckets are the sums of both together. Meaning of `part` and `square`: of a
ratio, the rows in the share; of a mean or a duration, the sums of the values and of their squares; of a rate, the sums
of both amounts; of a stock, what came and what left, with `whole` the difference.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpiproject.lib.periods import Seconds
from metrics.kpi import Column, Frame, Kpi, Mean, Quantile, Rate, Ratio, Shape, Stock
from metrics.spreads import Values

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

NOWHERE: Final = -1
"""The bucket of a row that is not asked for."""

_LARGEST = int(np.iinfo(np.int32).max)


@dataclass(kw_only=True)
class Sum:
    """Sums of some rows. `scales` names the scales on which the scores of `score` were given."""

    whole: int = 0
    part: float = 0.0
    square: float = 0.0
    excluded: dict[str, int] = field(default_factory=dict)
    score: float = 0.0
    scales: set[str] = field(default_factory=set)
    exact: list[Values] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)

    def add(self, other: "Sum") -> None:
        self.whole += other.whole
        self.part += other.part
        self.square += other.square
        self.score += other.score
        self.scales |= other.scales
        self.exact += other.exact
        self.stored += other.stored
        for reason, count in other.excluded.items():
            self.excluded[reason] = self.excluded.get(reason, 0) + count


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a KPI says of the rows of a frame; `reasons` holds for every row 0 if it counts, NOWHERE if it does not
    concern the KPI, else the position in `names` of the reason for which it was left out."""

    shape: Shape
    at: Seconds
    reasons: npt.NDArray[np.int8]
    names: list[str]

    @property
    def counts(self) -> Truths:
        is_counted: Truths = self.reasons == 0
        return is_counted


def judge(kpi: Kpi, frame: Frame) -> Judged:
    """Let a KPI say of every row whether it counts. The frame's own reasons for exclusion come first."""
    shape = kpi.function(frame)
    reasons = np.where(_plain(shape.whole), 0, NOWHERE).astype(np.int8)
    names = ["", *shape.excluded]
    for position, (_, column) in enumerate(shape.excluded.items(), start=1):
        reasons[_plain(column)] = position
    because = frame["excluded_because"].cat
    for code, name in enumerate(because.categories):
        if name:
            reasons[(because.codes.to_numpy() == code) & (reasons != NOWHERE)] = len(names)
            names.append(name)
    return Judged(shape=shape, at=frame[kpi.at].to_numpy(dtype=np.int64), reasons=reasons, names=names)


class Events(NamedTuple):
    """Rows to be added up: positions in the frame, bucket, reason, weight (-1 for what leaves a stock)."""

    rows: npt.NDArray[np.intp]
    buckets: Numbers
    reasons: npt.NDArray[np.int8]
    weights: Numbers


def events(judged: Judged, buckets: Numbers, buckets_left: Numbers) -> Events:
    """The rows that fall into a bucket. `buckets_left` are those of a stock's `until`, else empty."""
    concerned = judged.reasons != NOWHERE
    rows = np.flatnonzero(concerned & (buckets != NOWHERE))
    left = np.flatnonzero(concerned & (buckets_left != NOWHERE)) if len(buckets_left) else rows[:0]
    return Events(
        np.concatenate([rows, left]),
        np.concatenate([buckets[rows], buckets_left[left]]),
        judged.reasons[np.concatenate([rows, left])],
        np.repeat(np.array([1, -1], dtype=np.int64), [len(rows), len(left)]),
    )


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Sums of all groups of rows with anything in them: one entry per bucket and member, in that order. The values of
    group i are those from ends[i] to ends[i + 1]."""

    buckets: Numbers
    members: Numbers
    whole: Numbers
    part: Floats
    square: Floats
    excluded: dict[str, Numbers]
    score: Floats
    scales: list[list[str]]
    values: Values
    ends: Numbers

    def __len__(self) -> int:
        return len(self.buckets)

    @property
    def has_values(self) -> bool:
        """Whether these are durations."""
        return len(self.ends) > 0

    def values_of(self, i: int) -> Values:
        found: Values = self.values[self.ends[i] : self.ends[i + 1]]
        return found

    def sums(self) -> Iterator[tuple[int, int, Sum]]:
        """Bucket, member and sum of each group."""
        for i in range(len(self)):
            yield int(self.buckets[i]), int(self.members[i]), self._sum(i)

    def _sum(self, i: int) -> Sum:
        return Sum(
            whole=int(self.whole[i]),
            part=float(self.part[i]),
            square=float(self.square[i]),
            excluded={reason: int(counts[i]) for reason, counts in self.excluded.items() if counts[i]},
            score=float(self.score[i]),
            scales=set(self.scales[i]) if self.scales else set(),
            exact=[self.values_of(i)] if self.has_values else [],
        )


def add_up(judged: Judged, rows: Events, members: Numbers, clock: str) -> Groups:
    """Add up by bucket and member; `members` holds the member of every row of the frame, or is empty for none."""
    return group(measure(judged, rows, clock), members)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the rows of a KPI say, before they are grouped, to be found out once for all dimensions. `counted` are the
    positions of the events that count; `squares` is None where they are the amounts themselves."""

    judged: Judged
    rows: Events
    counted: npt.NDArray[np.intp]
    amounts: Floats
    squares: Floats | None
    seconds: Numbers | None

    @property
    def mine(self) -> npt.NDArray[np.intp]:
        return self.rows.rows[self.counted]


def measure(judged: Judged, rows: Events, clock: str) -> Measured:
    counted = np.flatnonzero(rows.reasons == 0)
    mine, shape = rows.rows[counted], judged.shape
    amounts, squares = _amounts(shape, mine, rows.weights[counted], clock)
    seconds = np.minimum(_plain(shape.seconds[clock])[mine], _LARGEST) if isinstance(shape, Quantile) else None
    return Measured(judged=judged, rows=rows, counted=counted, amounts=amounts, squares=squares, seconds=seconds)


def group(measured: Measured, members: Numbers) -> Groups:
    """Add up by bucket and member; `members` holds the member of every row of the frame, or is empty for none."""
    judged, rows = measured.judged, measured.rows
    of_event = members[rows.rows] if len(members) else 0
    width = int(members.max(initial=0)) + 1
    keys, groups = _numbered(rows.buckets * width + of_event)
    n = len(keys)
    where = groups[measured.counted]
    part = np.bincount(where, weights=measured.amounts, minlength=n).astype(np.float64)
    squares = measured.squares
    values, ends = _values(measured.seconds, where, n)
    return Groups(
        buckets=keys // width,
        members=keys % width,
        whole=_whole(measured, where, n),
        part=part,
        square=part if squares is None else np.bincount(where, weights=squares, minlength=n).astype(np.float64),
        excluded=_excluded(judged, rows, groups, n),
        score=_scores(judged.shape, measured.mine, where, n),
        scales=_scales(judged.shape, measured.mine, where, n),
        values=values,
        ends=ends,
    )


def _whole(measured: Measured, groups: Numbers, n: int) -> Numbers:
    if not isinstance(measured.judged.shape, Stock):
        return np.bincount(groups, minlength=n)
    return np.bincount(groups, weights=measured.rows.weights[measured.counted], minlength=n).astype(np.int64)


def _numbered(keys: Numbers) -> tuple[Numbers, Numbers]:
    """The keys that occur, and for every key its position among them; by counting, because keys are dense."""
    if not len(keys):
        return keys, keys
    occurs = np.bincount(keys) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[keys]


def _amounts(shape: Shape, rows: npt.NDArray[np.intp], weights: Numbers, clock: str) -> tuple[Floats, Floats | None]:
    """What each row adds to `part` and to `square`; None where that is the same."""
    if isinstance(shape, Stock):
        return (weights > 0).astype(np.float64), (weights < 0).astype(np.float64)
    if isinstance(shape, Rate):
        return (_plain(shape.part)[rows].astype(np.float64), _plain(shape.base)[rows].astype(np.float64))
    if not isinstance(shape, (Mean, Quantile)):
        return (_plain(shape.part)[rows].astype(np.float64) if isinstance(shape, Ratio) else np.ones(len(rows))), None
    amounts = _plain(shape.value if isinstance(shape, Mean) else shape.seconds[clock])[rows].astype(np.float64)
    return amounts, amounts * amounts


def _excluded(judged: Judged, rows: Events, groups: Numbers, n: int) -> dict[str, Numbers]:
    found = {}
    for position in np.unique(rows.reasons[rows.reasons > 0]).tolist():
        is_it = rows.reasons == position
        counts = np.bincount(groups[is_it], weights=rows.weights[is_it], minlength=n).astype(np.int64)
        found[judged.names[position]] = counts
    return found


def _scores(shape: Shape, rows: npt.NDArray[np.intp], groups: Numbers, n: int) -> Floats:
    if not isinstance(shape, Ratio) or shape.score is None:
        return np.zeros(n)
    return np.bincount(groups, weights=_plain(shape.score)[rows], minlength=n).astype(np.float64)


def _scales(shape: Shape, rows: npt.NDArray[np.intp], groups: Numbers, n: int) -> list[list[str]]:
    """The scales that occur in each group, in alphabetical order."""
    if not isinstance(shape, Ratio) or shape.scale is None:
        return []
    codes, names = pd.factorize(np.asarray(shape.scale, dtype=object)[rows], sort=True)
    found: list[list[str]] = [[] for _ in range(n)]
    for pair in np.unique(groups * max(len(names), 1) + codes).tolist():
        group, code = divmod(pair, max(len(names), 1))
        found[group].append(str(names[code]))
    return found


def _values(seconds: Numbers | None, groups: Numbers, n: int) -> tuple[Values, Numbers]:
    """The sorted values of all groups, and where each begins and ends: group and value are sorted as one number."""
    if seconds is None or not n:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    packed = np.sort((groups << 32) | seconds)
    ends = np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=n))])
    return (packed & 0xFFFFFFFF).astype(np.int32), ends


def _plain(column: Column) -> npt.NDArray[Any]:
    return np.asarray(column)
