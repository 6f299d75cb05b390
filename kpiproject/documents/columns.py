"""How wide the columns of a printed table are, by what stands in them."""

from collections.abc import Sequence
from typing import Any, Final

from kpiproject.documents.tree import Inline, words_of

# A line of the page holds about so many signs at a size in points.
_SIZES: Final = ((9.0, 92), (8.0, 103), (7.0, 118))
_SHORT: Final = 16
_SHORT_NUMBER: Final = 26
_LONGEST: Final = 60
_UNBROKEN: Final = 22
_DISTANCE: Final = 3


def laid_out(columns: Sequence[Any], rows: Sequence[Sequence[Sequence[Inline]]]) -> tuple[list[int], float]:
    """The share of each column, 0 for one as wide as what it holds, and the size of the letters in points."""
    contents = [_contents(column, [row[n] for row in rows]) for n, column in enumerate(columns)]
    longest = [max(map(len, content)) + _DISTANCE for content in contents]
    least = [min(_UNBROKEN, max(map(_longest_word, content))) + _DISTANCE for content in contents]
    size, room = next(((size, room) for size, room in _SIZES if sum(least) <= room), _SIZES[-1])
    if sum(longest) <= room:
        return longest, size
    is_fixed = [
        width <= (_SHORT_NUMBER if column["is_numeric"] else _SHORT)
        for column, width in zip(columns, longest, strict=True)
    ]
    shares = [0 if fixed else min(width, _LONGEST) for fixed, width in zip(is_fixed, longest, strict=True)]
    needed = sum(width if fixed else low for fixed, width, low in zip(is_fixed, longest, least, strict=True))
    if needed <= room and any(shares):
        return shares, size
    return [max(low, min(width, _LONGEST)) for low, width in zip(least, longest, strict=True)], size


def _contents(column: Any, cells: Sequence[Sequence[Inline]]) -> list[str]:
    return [column["title"], *(words_of(cell) for cell in cells)]


def _longest_word(words: str) -> int:
    return max(map(len, words.split()), default=0)
