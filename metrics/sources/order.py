"""One look over the whole file before anything is written: how many rows, which of them speak of the same record."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from metrics.sources import repeats
from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.table import Line

Numbers = npt.NDArray[np.int64]

MOST_WAITING: Final = 20_000
"""So many rows are held until all of a file about their record is read: two exports in one file repeat every record
far apart."""


class Seen:
    """Texts that have occurred, eight bytes for each."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._sorted: Numbers | None = None

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def add(self, text: str) -> None:
        self._hashes.append(hash(text))
        self._sorted = None

    def __contains__(self, text: str) -> bool:
        if self._sorted is None:
            self._sorted = np.unique(np.array(self._hashes, dtype=np.int64))
        place = int(np.searchsorted(self._sorted, hash(text)))
        return place < self._sorted.size and int(self._sorted[place]) == hash(text)


@dataclass(frozen=True, slots=True)
class Latest:
    """`is_last[n]`: row n is the last one of its record in the file."""

    is_last: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, keys: Iterable[str]) -> "Latest":
        return cls(repeats.last_ones(keys))

    def __iter__(self) -> Iterator[bool]:
        return repeats.each(self.is_last)


def newest(
    lines: Iterable[Line], latest: Latest, *, key: Callable[[Line], str], read: Callable[[Line], Row | Fault]
) -> Iterator[Row | Fault | Superseded]:
    """Of each record the row with the highest version; without versions the last one. Where two rows have the same
    version their cells decide, so that the order of the lines does not matter.

    Where too many records wait for another row of theirs, the one that waits longest comes at once, and that other row
    later: whoever stores both of them in this order has the same in the end.
    """
    best: dict[str, Row] = {}
    for line, is_last in zip(lines, latest, strict=True):
        name, row = key(line), read(line)
        if isinstance(row, Fault):
            yield row
        elif (before := best.get(name)) is None:
            best[name] = row
        else:
            best[name], older = (row, before) if is_newer(row, before) else (before, row)
            yield Superseded(older.line)
        if is_last and name in best:
            yield best.pop(name)
        elif len(best) > MOST_WAITING:
            yield best.pop(next(iter(best)))


def is_newer(row: Row, before: Row) -> bool:
    """Whether a row read later takes the place of one read before."""
    if row.version is None or before.version is None:
        return True
    return (row.version, list(row.cells)) > (before.version, list(before.cells))


def occurrences(rows: Iterable[tuple[str, str]]) -> Numbers:
    """For (key, content) of every row: which of the rows with its key it is, from 0, counted in the order of their
    content. So another order of the rows gives every row the same number."""
    keys, contents = array("q"), array("q")
    for key, content in rows:
        keys.append(hash(key))
        contents.append(int.from_bytes(blake2b(content.encode(), digest_size=8).digest(), "big", signed=True))
    first, second = np.frombuffer(keys, dtype=np.int64), np.frombuffer(contents, dtype=np.int64)
    order = np.lexsort((second, first))
    ordered = first[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if ordered.size else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, ordered.size])
    result = np.empty(ordered.size, dtype=np.int64)
    result[order] = np.arange(ordered.size) - np.repeat(starts, lengths)
    return result
