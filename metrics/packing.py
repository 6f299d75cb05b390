"""All members of a dimension on one day in one row: a row a member would be too many to write and to read.

The names of n members stand in `members`; in the same order, `packed` holds n numbers each of `whole`, `part`, `square`
and `score`, then of durations how many values each member has, and the values in order. Instead of many values there
is minus the number of buckets of a histogram, and pairs of bucket and count. `extra` holds n numbers by reason of
exclusion, and the scales of each member.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from metrics import spreads
from metrics.sums import Floats, Groups

Integers = npt.NDArray[np.int32]

_SUMS: Final = 4
_FLOAT, _INTEGER = np.dtype("<f8"), np.dtype("<i4")


class Packed(NamedTuple):
    """The rollup of all members of a dimension in one bucket."""

    bucket: int
    whole: int
    members: str
    extra: str
    packed: bytes


def pack(groups: Groups, names: Sequence[str]) -> Iterator[Packed]:
    """One for every bucket; `names` are the members by their number."""
    if not len(groups):
        return
    starts = np.flatnonzero(np.diff(groups.buckets, prepend=-1))
    wholes = np.add.reduceat(groups.whole, starts).tolist()
    buckets, firsts = groups.buckets[starts].tolist(), [*starts.tolist(), len(groups)]
    sums = np.array([groups.whole, groups.part, groups.square, groups.score], dtype=_FLOAT)
    written: dict[bytes, str] = {}  # most days have the same members
    for position, bucket in enumerate(buckets):
        first, after = firsts[position], firsts[position + 1]
        numbers = groups.members[first:after]
        if (members := written.get(numbers.tobytes())) is None:
            members = json.dumps([names[member] for member in numbers.tolist()], ensure_ascii=False)
            written[numbers.tobytes()] = members
        packed = sums[:, first:after].tobytes() + (_spread(groups, first, after) if groups.has_values else b"")
        extra = _extra(groups, first, after)
        yield Packed(bucket, wholes[position], members, extra, packed)


def unpack(packed: bytes, n: int) -> tuple[Floats, Integers, Integers]:
    """The four sums of n members, how many numbers each has of those that follow, and these; the latter are empty
    of what is no duration."""
    sums = np.frombuffer(packed, dtype=_FLOAT, count=_SUMS * n).reshape(_SUMS, n)
    rest = np.frombuffer(packed, dtype=_INTEGER, offset=sums.nbytes)
    return sums, rest[:n], rest[n:]


def _spread(groups: Groups, first: int, after: int) -> bytes:
    ends = groups.ends[first : after + 1]
    counts = np.diff(ends).astype(_INTEGER)
    if counts.max(initial=0) <= spreads.EXACT_LIMIT:
        return counts.tobytes() + groups.values[ends[0] : ends[-1]].astype(_INTEGER).tobytes()
    found = []
    for position, count in enumerate(counts.tolist()):
        values = groups.values[ends[position] : ends[position + 1]]
        if count > spreads.EXACT_LIMIT:
            values = spreads.histogram(values)
            counts[position] = -len(values) // 2
        found.append(values.astype(_INTEGER).tobytes())
    return counts.tobytes() + b"".join(found)


def _extra(groups: Groups, first: int, after: int) -> str:
    found: dict[str, Any] = {}
    excluded = {reason: counts[first:after] for reason, counts in groups.excluded.items()}
    if some := {reason: counts.tolist() for reason, counts in excluded.items() if counts.any()}:
        found["excluded"] = some
    if any(groups.scales[first:after]):
        found["scales"] = groups.scales[first:after]
    return json.dumps(found) if found else "{}"
