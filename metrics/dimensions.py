"""By what a KPI can be asked for: what its rollups hold, and what is only read from facts when somebody asks."""

from typing import Final

from metrics.kpi import DIMENSIONS, Kpi

FURTHER: Final = ("language", "segment", "country", "status", "source", "company", "customer")
"""Further dimensions of tickets. They are in no rollup: there may be as many members as customers. Tags are none of
them, because a ticket may have several."""

PERSONAL: Final = frozenset({"company", "customer"})
"""Who asked: only for those who may see tickets."""


def further(kpi: Kpi) -> tuple[str, ...]:
    """The dimensions whose members only facts know; of what counts the rows of tickets, whatever their member."""
    of_tickets = DIMENSIONS["tickets"]
    return FURTHER if kpi.adds_up and kpi.dimensions == of_tickets == DIMENSIONS[kpi.frame] else ()


def askable(kpi: Kpi) -> tuple[str, ...]:
    """All dimensions by which a KPI can be broken down and filtered."""
    return (*kpi.dimensions, *further(kpi))
