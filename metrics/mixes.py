"""The members of a dimension over time, as a table: which share each has in every piece of time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import ngettext

from kpiproject.lib.periods import Grain
from metrics import presentation, queries
from metrics.kpi import Share, Total
from metrics.lines import day
from metrics.queries import Figures, Point, Question

MOST_MEMBERS: Final = 6
LEVELS: Final = 9
"""Cells are coloured in so many steps, from 0 on."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`level` is how strongly it is coloured, 0 to LEVELS."""

    text: str
    level: int
    n: str
    is_small: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    label: str
    n: str
    cells: list[Cell]


@dataclass(frozen=True, kw_only=True)
class Mix:
    """`members` are the heads of the columns; the last one is the rest where there are too many."""

    members: list[str]
    rows: list[Row]
    are_shares: bool


def mix(
    question: Question, dimension: str, grain: Grain, names: Callable[[str, Sequence[str]], Mapping[str, str]]
) -> Mix:
    """Of numbers of rows and of shares, the share of each member; of other figures, the figure of each."""
    figures = queries.told(replace(question, grain=grain, by=dimension))
    behind: dict[str, int] = {}
    for point in figures.points:
        behind[point.member or ""] = behind.get(point.member or "", 0) + point.n
    ordered = sorted(behind, key=lambda member: (-behind[member], member))
    are_shares = figures.kpi.shape in (Share, Total)
    most = MOST_MEMBERS + 1 if len(ordered) == MOST_MEMBERS + 1 else MOST_MEMBERS
    shown, folded = ordered[:most], ordered[most:] if are_shares else []
    called = names(dimension, shown)
    heads = [presentation.member(member, called) for member in shown]
    if folded:
        heads.append(ngettext("%(count)s other", "%(count)s others", len(folded)) % {"count": len(folded)})
    rows = [_row(figures, start, points, shown, folded, grain) for start, points in _by_start(figures).items()]
    return Mix(members=heads, rows=rows, are_shares=are_shares)


def level(share: float) -> int:
    """How strongly a part (0 to 1) is coloured."""
    return max(0, min(LEVELS, round(share * LEVELS)))


def _by_start(figures: Figures) -> dict[date, dict[str, Point]]:
    found: dict[date, dict[str, Point]] = {}
    for point in figures.points:
        found.setdefault(day(point), {})[point.member or ""] = point
    return found


def _row(
    figures: Figures,
    start: date,
    points: Mapping[str, Point],
    shown: Sequence[str],
    folded: Sequence[str],
    grain: Grain,
) -> Row:
    total = sum(point.n for point in points.values())
    if figures.kpi.shape in (Share, Total):
        counts = [points[member].n if member in points else 0 for member in shown]
        counts += [total - sum(counts)] if folded else []
        cells = [_share(count, total) for count in counts]
    else:
        cells = [_figure(figures, points.get(member)) for member in shown]
        total = max((point.n for point in points.values()), default=0)
    return Row(label=presentation.period(start, grain), n=presentation.number(total), cells=cells)


def _share(count: int, total: int) -> Cell:
    if not total:
        return Cell(text="–", level=0, n="0")
    return Cell(
        text=presentation.percent(100 * count / total), level=level(count / total), n=presentation.number(count)
    )


def _figure(figures: Figures, point: Point | None) -> Cell:
    if point is None or point.value is None:
        return Cell(text="–", level=0, n="0")
    return Cell(text=presentation.figure(point, figures.kpi, figures.clock), level=0, n=presentation.number(point.n))
