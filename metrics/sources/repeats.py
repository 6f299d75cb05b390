"""Which keys of a file occur more than once, found in memory that hardly grows with its length.

A flag of one byte is kept for every key; their hashes wait in a file and are sorted in parts.
"""

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_AT_ONCE: Final = 1 << 20  # hashes: eight bytes each
_IN_A_PART: Final = 1 << 21


def last_ones(keys: Iterable[str]) -> Flags:
    """Of every key whether it is the last one like it."""
    with TemporaryFile() as file:
        last = np.zeros(_kept(keys, file), dtype=np.bool_)
        for positions, hashes in _parts(file, len(last)):
            # np.unique gives the first place of every value; seen from the end that is the last.
            places = len(hashes) - 1 - np.unique(hashes[::-1], return_index=True)[1]
            last[positions[places]] = True
    return last


def repeated(keys: Iterable[str]) -> Flags:
    """Of every key whether there are others like it."""
    with TemporaryFile() as file:
        found = np.zeros(_kept(keys, file), dtype=np.bool_)
        for positions, hashes in _parts(file, len(found)):
            order = np.argsort(hashes, kind="stable")
            is_same = hashes[order][1:] == hashes[order][:-1]
            found[positions[order[1:][is_same]]] = found[positions[order[:-1][is_same]]] = True
    return found


def each(flags: Flags) -> Iterator[bool]:
    """The flags as plain truths, one after the other: a list of them would be eight times as large."""
    return map(bool, flags.data)


def _kept(keys: Iterable[str], file: IO[bytes]) -> int:
    """Write the hashes; how many there are."""
    hashes, count = map(hash, keys), 0
    while chunk := array("q", islice(hashes, _AT_ONCE)):
        chunk.tofile(file)
        count += len(chunk)
    return count


def _parts(file: IO[bytes], count: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Positions and hashes; equal hashes are in the same part, in the order of the file."""
    number = 1 + count // _IN_A_PART
    for part in range(number):
        file.seek(0)
        found = [_of_part(part, number, chunk, place) for place, chunk in _chunks(file)]
        if found:
            yield np.concatenate([positions for positions, _ in found]), np.concatenate([own for _, own in found])


def _chunks(file: IO[bytes]) -> Iterator[tuple[int, Numbers]]:
    place = 0
    while content := file.read(8 * _AT_ONCE):
        chunk = np.frombuffer(content, dtype=np.int64)
        yield place, chunk
        place += len(chunk)


def _of_part(part: int, number: int, hashes: Numbers, place: int) -> tuple[Numbers, Numbers]:
    mine = np.flatnonzero(hashes % number == part)
    return mine + place, hashes[mine]
