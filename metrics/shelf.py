"""The catalogue as it is looked through: what the organisation works with first, the others quiet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpiproject.lib.periods import Grain, Period
from metrics import cards, definitions, parts, presentation, queries
from metrics.kpi import FAMILY_NAMES, Kpi, Stock, Text, Total
from metrics.presentation import Change
from metrics.queries import Freshness, Glance


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`value` is the latest figure, of a KPI that is worked with only."""

    kpi: Kpi
    definition: str
    value: str = ""
    has_value: bool = False
    n: str = ""
    is_small: bool = False
    change: Change | None = None


@dataclass(frozen=True, kw_only=True)
class Board:
    """The KPIs of one family."""

    name: Text
    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    adopted: list[Board]
    others: list[Board]
    count: int


def shelf(period: Period, fresh: Freshness, *, words: str) -> Shelf:
    """Those in which every word occurs. The figures of those worked with are over the period."""
    adopted = definitions.adopted()
    codes = {kpi.code for kpi in adopted}
    found = [kpi for kpi in definitions.kpis().values() if _fits(kpi, words)]
    shown = [kpi for kpi in found if kpi.code in codes]
    glances = queries.glance(period, grain=Grain.ALL, codes=[kpi.code for kpi in shown]) if shown else []
    by_code = {glance.kpi.code: glance for glance in glances}
    return Shelf(
        adopted=_boards(_entry(kpi, by_code.get(kpi.code), period, fresh) for kpi in shown),
        others=_boards(Entry(kpi=kpi, definition=_first(kpi)) for kpi in found if kpi.code not in codes),
        count=len(found),
    )


def _fits(kpi: Kpi, words: str) -> bool:
    said = (kpi.code, kpi.code.replace("_", " "), kpi.name, kpi.text, kpi.formula, FAMILY_NAMES[kpi.family])
    text = " ".join(str(part) for part in said).casefold()
    return all(word in text for word in words.casefold().split())


def _entry(kpi: Kpi, glance: Glance | None, period: Period, fresh: Freshness) -> Entry:
    if glance is None or kpi.needs_dimension:
        return Entry(kpi=kpi, definition=_first(kpi))
    point = fresh.known(glance.current, kpi, period)
    counted = presentation.counted(point.n, kpi) if point.n else ""
    counts_itself = bool(counted) and kpi.shape in (Total, Stock)
    return Entry(
        kpi=kpi,
        definition=_first(kpi),
        value=counted if counts_itself else presentation.figure(point, kpi, glance.clock),
        has_value=point.value is not None,
        n="" if counts_itself else counted,
        is_small=parts.is_small(kpi, point),
        change=cards.change(
            glance, point, fresh.known(glance.previous, kpi, period.previous()), period=period, fresh=fresh
        ),
    )


def _first(kpi: Kpi) -> str:
    """One line of its definition: the first paragraph."""
    return str(kpi.text).split("\n\n")[0]


def _boards(entries: Iterable[Entry]) -> list[Board]:
    by_family: Mapping[str, list[Entry]] = {family: [] for family in FAMILY_NAMES}
    for entry in entries:
        by_family[entry.kpi.family].append(entry)
    ordered: Sequence[tuple[str, list[Entry]]] = list(by_family.items())
    return [Board(name=FAMILY_NAMES[family], entries=found) for family, found in ordered if found]  # type: ignore[index]  # the keys are families
