"""How wide the columns of a printed table are, by what stands in them."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from kpiproject.documents.tree import Inline, words_of

# A line of the page holds about so many signs at a size in points.
_SIZES: Final = ((9.0, 92), (8.0, 103), (7.0, 118))
_SHORT: Final = 16
_SHORT_NUMBER: Final = 26
_LONGEST: Final = 60
_UNBROKEN: Final = 22
_DISTANCE: Final = 3
# Eyes do not find the way along a line of two short columns across a whole page.
_NARROWEST: Final = 50


class Layout(NamedTuple):
    """The share of each column, 0 for one as wide as what it holds; the size of the letters in points; percent."""

    shares: list[int]
    size: float
    width: int = 100


def laid_out(columns: Sequence[Any], rows: Sequence[Sequence[Sequence[Inline]]]) -> Layout:
    """Columns that all fit share the width; of others, those of long texts share what the short ones leave."""
    contents = [_contents(column, [row[n] for row in rows]) for n, column in enumerate(columns)]
    longest = [max(map(len, content)) + _DISTANCE for content in contents]
    least = [min(_UNBROKEN, max(map(_longest_word, content))) + _DISTANCE for content in contents]
    size, room = next(((size, room) for size, room in _SIZES if sum(least) <= room), _SIZES[-1])
    if sum(longest) <= room:
        return Layout(longest, size, min(100, max(_NARROWEST, round(160 * sum(longest) / room))))
    is_fixed = [
        width <= (_SHORT_NUMBER if column["is_numeric"] else _SHORT)
        for column, width in zip(columns, longest, strict=True)
    ]
    shares = [0 if fixed else min(width, _LONGEST) for fixed, width in zip(is_fixed, longest, strict=True)]
    needed = sum(width if fixed else low for fixed, width, low in zip(is_fixed, longest, least, strict=True))
    if needed <= room and any(shares):
        return Layout(shares, size)
    return Layout([max(low, min(width, _LONGEST)) for low, width in zip(least, longest, strict=True)], size)


def lines_of(layout: Layout, rows: Sequence[Sequence[Sequence[Inline]]]) -> int:
    """Lines of print, roughly."""
    cells = [[len(words_of(cell)) for cell in row] for row in rows]
    room = dict(_SIZES)[layout.size] * layout.width / 100
    room -= sum(
        max(row[n] for row in cells) + _DISTANCE for n, share in enumerate(layout.shares) if not share and cells
    )
    total = sum(layout.shares)
    signs = [max(1, int(room * share / total) - _DISTANCE) if share else 0 for share in layout.shares]
    return sum(
        max(1 + max(0, length - 1) // sign if sign else 1 for length, sign in zip(row, signs, strict=True))
        for row in cells
    )


def _contents(column: Any, cells: Sequence[Sequence[Inline]]) -> list[str]:
    return [column["title"], *(words_of(cell) for cell in cells)]


def _longest_word(words: str) -> int:
    return max(map(len, words.split()), default=0)
