"""By what a KPI can be asked for: what its rollups hold, and what is only read from facts when somebody asks."""

from typing import Final

from django.utils.translation import gettext as _

from metrics.kpi import DIMENSIONS, Kpi, Share

TAGS: Final = "tags"
FURTHER: Final = ("language", "segment", "country", "status", "source", TAGS, "company", "customer")
"""Further dimensions of tickets. They are in no rollup: there may be as many members as customers."""

PERSONAL: Final = frozenset({"company", "customer"})
"""Who asked: only for those who may see tickets."""

OVERLAPPING: Final = frozenset({TAGS})
"""Those of which a ticket may have several members, so that the parts do not add up to the whole."""


def further(kpi: Kpi) -> tuple[str, ...]:
    """The dimensions whose members only facts know; of what counts the rows of tickets, whatever their member."""
    of_tickets = DIMENSIONS["tickets"]
    return FURTHER if kpi.adds_up and kpi.dimensions == of_tickets == DIMENSIONS[kpi.frame] else ()


def askable(kpi: Kpi) -> tuple[str, ...]:
    """All dimensions by which a KPI can be filtered."""
    return (*kpi.dimensions, *further(kpi))


def divisible(kpi: Kpi) -> tuple[str, ...]:
    """All dimensions by which a KPI can be broken down. Shares of one whole add up to it, so those whose members
    overlap have none."""
    found = askable(kpi)
    return tuple(name for name in found if name not in OVERLAPPING) if kpi.shape is Share else found


def overlap(dimension: str) -> str:
    """What must be said of parts that overlap; nothing of others."""
    if dimension not in OVERLAPPING:
        return ""
    return _("A ticket counts once in each of its tags, so the parts do not add up to the whole.")
