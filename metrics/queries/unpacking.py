"""Sums out of rows that hold all members of a dimension: many rows at once, as arrays."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from metrics import spreads
from metrics.packing import Integers, unpack
from metrics.sums import Floats, Numbers, Sum

_SHORT: Final = 32


class Row(NamedTuple):
    """A rollup as it is stored, and the number of the place where its sums are wanted."""

    place: int
    members: str
    extra: str
    packed: bytes


@dataclass
class _Names:
    """Members by number, read once for all rows that name the same ones. None but those in `wanted` have a number;
    without `by` they all have the same."""

    by: bool
    wanted: Collection[str] | None
    numbers: dict[str, int] = field(default_factory=dict)
    _given: dict[str, int] = field(default_factory=dict)
    _known: dict[str, Numbers] = field(default_factory=dict)

    def read(self, text: str) -> Numbers:
        if text not in self._known:
            names = json.loads(text)
            found = [*map(self._given.get, names)]
            if None in found:
                found = [self._number(name) for name in names]
            self._known[text] = np.array(found, dtype=np.int64)
        return self._known[text]

    def _number(self, name: str) -> int:
        if self.wanted is not None and name not in self.wanted:
            number = -1
        else:
            number = self.numbers.setdefault(name if self.by else "", len(self.numbers))
        self._given[name] = number
        return number


def add_up(rows: Sequence[Row], *, by: bool, wanted: Collection[str] | None) -> Iterator[tuple[int, str, Sum]]:
    """Place, member and sum of everything in these rows; without `by`, of all members together as ""."""
    names = _Names(by, wanted)
    members = [names.read(row.members) for row in rows]
    if not names.numbers:
        return
    unpacked = [unpack(row.packed, len(own)) for row, own in zip(rows, members, strict=True)]
    member = np.concatenate(members)
    place = np.repeat([row.place for row in rows], [len(own) for own in members])
    width = len(names.numbers)
    groups = np.where(member < 0, -1, place * width + member)
    sums = np.concatenate([own for own, _, _ in unpacked], axis=1)
    kept = groups >= 0
    n = int(groups.max()) + 1
    added = [np.bincount(groups[kept], weights=one[kept], minlength=n) for one in sums]
    excluded, scales = _extras(rows, members, groups, n)
    values = _values(unpacked, groups, n)
    found = np.flatnonzero(np.bincount(groups[kept], minlength=n))
    listed = list(names.numbers)
    columns = zip(found.tolist(), *(one[found].tolist() for one in added), strict=True)
    for group, whole, part, square, score in columns:
        total = Sum(whole=int(whole), part=part, square=square, score=score)
        if excluded:
            total.excluded = {reason: int(counts[group]) for reason, counts in excluded.items() if counts[group]}
        total.scales = scales.get(group, set())
        values.give(group, total)
        yield group // width, listed[group % width], total


def _extras(
    rows: Sequence[Row], members: Sequence[Numbers], groups: Numbers, n: int
) -> tuple[dict[str, Floats], dict[int, set[str]]]:
    """Counts by reason and group, and the scales of each group."""
    places: dict[str, list[Numbers]] = {}
    counts: dict[str, list[list[int]]] = {}
    scales: dict[int, set[str]] = {}
    ends = np.cumsum([len(own) for own in members]).tolist()
    told = [position for position, row in enumerate(rows) if row.extra != "{}"]
    # All at once: reading a text takes less long than beginning with it.
    for position, more in zip(told, json.loads(f"[{','.join(rows[n].extra for n in told)}]"), strict=True):
        own = groups[ends[position] - len(members[position]) : ends[position]]
        for reason, left_out in more.get("excluded", {}).items():
            places.setdefault(reason, []).append(own)
            counts.setdefault(reason, []).append(left_out)
        for group, named in zip(own.tolist() if "scales" in more else (), more.get("scales", ()), strict=True):
            scales.setdefault(group, set()).update(named)
    return {reason: _counted(places[reason], counts[reason], n) for reason in places}, scales


def _counted(places: Sequence[Numbers], counts: Sequence[list[int]], n: int) -> Floats:
    where = np.concatenate(places)
    weights = np.fromiter(chain.from_iterable(counts), dtype=np.float64, count=len(where))
    if (where < 0).any():
        where, weights = where[where >= 0], weights[where >= 0]
    return np.bincount(where, weights=weights, minlength=n).astype(np.float64)


class _Values:
    """The values of each group in order, and its histograms."""

    def __init__(self, values: Numbers | Integers, ends: Numbers, histograms: Mapping[int, list[bytes]]) -> None:
        self._values = values
        self._ends = ends
        self._histograms = histograms

    def give(self, group: int, total: Sum) -> None:
        if len(self._ends):
            total.exact = [self._values[self._ends[group] : self._ends[group + 1]]]
            total.stored = self._histograms.get(group, [])


def _values(unpacked: Sequence[tuple[Floats, Integers, Integers]], groups: Numbers, n: int) -> _Values:
    counts = np.concatenate([counts for _, counts, _ in unpacked]).astype(np.int64)
    nothing = np.zeros(0, dtype=np.int64)
    if not len(counts):
        return _Values(nothing, nothing, {})
    numbers = np.concatenate([numbers for _, _, numbers in unpacked])
    lengths = np.where(counts < 0, -2 * counts, counts)
    histograms = _histograms(counts, lengths, numbers, groups) if (counts < 0).any() else {}
    groups = np.where(counts < 0, -1, groups)
    if (groups < 0).any():
        numbers = numbers[np.repeat(groups >= 0, lengths)]
        lengths, groups = lengths[groups >= 0], groups[groups >= 0]
    ends = np.concatenate([[0], np.cumsum(np.bincount(groups, weights=lengths, minlength=n).astype(np.int64))])
    return _Values(_ordered(numbers, groups, lengths, n), ends, histograms)


def _ordered(numbers: Integers, groups: Numbers, lengths: Numbers, n: int) -> Numbers | Integers:
    """All values of the first group in order, then those of the second, and so on. None of them is negative."""
    bits = int(numbers.max(initial=0)).bit_length()
    # Group and value are sorted as one number, which takes half as long where both fit into a short one.
    kind = np.dtype(np.uint32 if bits + n.bit_length() <= _SHORT else np.int64)
    packed = np.repeat((groups << bits).astype(kind), lengths)
    packed |= numbers.view(np.uint32).astype(kind, copy=False)
    packed.sort()
    packed &= (1 << bits) - 1
    return packed


def _histograms(counts: Numbers, lengths: Numbers, numbers: Integers, groups: Numbers) -> dict[int, list[bytes]]:
    found: dict[int, list[bytes]] = {}
    ends = np.cumsum(lengths)
    for position in np.flatnonzero((counts < 0) & (groups >= 0)).tolist():
        pairs = numbers[ends[position] - lengths[position] : ends[position]]
        found.setdefault(int(groups[position]), []).append(spreads.encoded(pairs))
    return found
