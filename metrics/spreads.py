"""How values spread, in a form that adds up: the values themselves while they are few, a log histogram when many.

The histogram has a bucket for 0 and buckets whose bounds grow by a fixed factor, 400 of them from 1 second to 90 days
and on at the same pace for longer values. A value out of it is right within half a bucket, that is 2 %.
"""

from collections.abc import Iterable, Sequence
from typing import Final, overload

import numpy as np
import numpy.typing as npt

from kpiproject.lib import intervals
from kpiproject.lib.intervals import Interval

Values = npt.NDArray[np.int64] | npt.NDArray[np.int32] | npt.NDArray[np.uint32]

EXACT_LIMIT: Final = 2000
_STEP: Final = float(np.log(90 * 24 * 3600) / 400)
_LARGEST: Final = int(np.iinfo(np.int32).max)
_BUCKETS: Final = int(np.log(_LARGEST) / _STEP) + 2
_MIDDLES: Final = np.concatenate([[0.0], np.exp((np.arange(_BUCKETS - 1) + 0.5) * _STEP)])
_EXACT, _HISTOGRAM = b"e", b"h"
_NOTHING: Final = np.zeros(0, dtype=np.int64)
_ENTRY: Final = np.dtype([("bucket", "<u2"), ("count", "<u4")])


def encode(values: Values) -> bytes:
    """Sorted values, none of them negative, as they are stored."""
    if len(values) <= EXACT_LIMIT:
        return _EXACT + values.astype("<i4").tobytes()
    return encoded(histogram(values))


def histogram(values: Values) -> Values:
    """Buckets and how many values each has, in turns."""
    found: Values = np.stack(np.unique(_buckets(values), return_counts=True), axis=1).ravel()
    return found


def encoded(pairs: Values) -> bytes:
    """A histogram as it is stored."""
    entries = np.empty(len(pairs) // 2, dtype=_ENTRY)
    entries["bucket"], entries["count"] = pairs[0::2], pairs[1::2]
    return _HISTOGRAM + entries.tobytes()


class Spread(Sequence[float]):
    """Values in order; `is_exact` says whether they are the very values or the middles of their buckets."""

    def __init__(self, values: Iterable[Values] = (), stored: Iterable[bytes] = ()) -> None:
        blobs = list(stored)
        exact = [np.frombuffer(blob, dtype="<i4", offset=1) for blob in blobs if blob[:1] == _EXACT]
        entries = [np.frombuffer(blob, dtype=_ENTRY, offset=1) for blob in blobs if blob[:1] == _HISTOGRAM]
        given = [*values, *exact]
        known = np.concatenate(given) if len(given) > 1 else given[0] if given else _NOTHING
        self.is_exact = not entries
        if self.is_exact:
            # One array of values is in order already.
            self._values: npt.NDArray[np.float64] | Values = np.sort(known) if len(given) > 1 else known
            self._upto = _NOTHING
            self._count = len(self._values)
            return
        counts = np.bincount(_buckets(known), minlength=_BUCKETS)
        for entry in entries:
            counts[entry["bucket"]] += entry["count"]
        self._values = _MIDDLES[counts > 0]
        self._upto = np.cumsum(counts[counts > 0])
        self._count = int(self._upto[-1])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[float]: ...
    def __getitem__(self, index: int | slice) -> float | Sequence[float]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        return self._at(index)

    def _at(self, position: int) -> float:
        if self.is_exact:
            return float(self._values.item(position))
        return float(self._values[np.searchsorted(self._upto, position, side="right")])

    def up_to(self, limit: float) -> int:
        """How many are no more than that."""
        position = int(np.searchsorted(self._values, limit, side="right"))
        if self.is_exact or not position:
            return position
        return int(self._upto[position - 1])

    def quantile(self, share: float) -> float | None:
        """The value below which that share lies, interpolated linearly between neighbours; None of nothing."""
        last = self._count - 1
        if last < 0:
            return None
        place = last * share
        whole = int(place)
        low = self._at(whole)
        return low + (place - whole) * (self._at(min(whole + 1, last)) - low)

    def median_interval(self) -> Interval | None:
        """Order-statistic interval of the median (see `intervals.median`)."""
        if not self._count:
            return None
        outside = intervals.values_outside(self._count)
        return Interval(self._at(outside), self._at(self._count - 1 - outside))


def _buckets(values: Values) -> npt.NDArray[np.int64]:
    found = np.log(np.maximum(values, 1)) / _STEP
    return np.where(values == 0, 0, found.astype(np.int64) + 1)
