"""What of answers of employees can be shown so that nobody is found by it. Pure functions.

Three rules, of which everything on a page or in a file is made:

1. Answers are released in blocks of whole days, each with at least LEAST answers (`blocks`). A block is closed by the
   answers that came first and never changes by later ones, so any two views of a survey differ by whole blocks.
2. Groups are compared within one span of blocks (a month that is over), and a group with fewer than LEAST answers is
   never shown. Where those that are hidden could be computed from the total and the groups that are shown, the
   smallest of these is hidden as well (`hidden`). Longer times add up what each of their spans shows.
3. Nothing is shown by two dimensions at once, and nothing can be searched for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

LEAST: Final = 5


@dataclass(frozen=True)
class Block:
    """Days from the first to the last, both included, on which at least LEAST people answered."""

    first: date
    last: date
    n: int


def blocks(counts: Mapping[date, int], least: int = LEAST) -> list[Block]:
    """Answers by day, put together until there are enough. The youngest, too few for a block, are left out."""
    found: list[Block] = []
    first, n = None, 0
    for day in sorted(day for day, count in counts.items() if count > 0):
        first, n = first or day, n + counts[day]
        if n >= least:
            found.append(Block(first, day, n))
            first, n = None, 0
    return found


def spans(found: Iterable[Block], *, today: date) -> list[list[Block]]:
    """Blocks by the month in which they end, without the month that is not over."""
    months: dict[tuple[int, int], list[Block]] = {}
    for block in found:
        months.setdefault((block.last.year, block.last.month), []).append(block)
    return [month for key, month in sorted(months.items()) if key < (today.year, today.month)]


def hidden(counts: Mapping[str, int], least: int = LEAST) -> set[str]:
    """The groups that must not be shown beside the total; groups of nobody are not among them.

    Those below the least; and while the hidden ones together are fewer than that, or as many as so many small groups
    can be at most, which would tell the size of each, the smallest of the others with them. Groups of equal size are
    hidden together: which of them was taken would tell about the small ones.
    """
    sizes = {name: count for name, count in counts.items() if count > 0}
    small = {name for name, count in sizes.items() if count < least}
    gone = set(small)
    for size in sorted({sizes[name] for name in sizes.keys() - small}) if small else ():
        together = sum(sizes[name] for name in gone)
        tells_each = gone == small and together == (least - 1) * len(gone)
        if together >= least and not tells_each:
            break
        gone |= {name for name, count in sizes.items() if count == size}
    return gone
