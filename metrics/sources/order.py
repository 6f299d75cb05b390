"""One look over the whole file before anything is written: how many rows, which of them speak of the same record.

Only two numbers a row are kept, so that a file of millions fits into memory.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.table import Line

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Latest:
    """`is_last[n]`: row n is the last one of its record in the file."""

    is_last: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, keys: Iterable[str]) -> "Latest":
        hashes = np.frombuffer(array("q", map(hash, keys)), dtype=np.int64)
        last = np.zeros(hashes.size, dtype=np.bool_)
        # np.unique gives the first place of every value; seen from the end that is the last.
        last[hashes.size - 1 - np.unique(hashes[::-1], return_index=True)[1]] = True
        return cls(last)


def newest(
    lines: Iterable[Line], latest: Latest, *, key: Callable[[Line], str], read: Callable[[Line], Row | Fault]
) -> Iterator[Row | Fault | Superseded]:
    """Of each record the row with the highest version; without versions the last one. Where two rows have the same
    version their cells decide, so that the order of the lines does not matter."""
    best: dict[str, Row] = {}
    for line, is_last in zip(lines, latest.is_last.tolist(), strict=True):
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
