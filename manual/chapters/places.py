"""Where things stand in the manual, so that chapters can point to each other."""

from kpiproject.documents import tree
from kpiproject.documents.tree import Link
from metrics.kpi import Kpi


def anchor_of(code: str) -> str:
    """Of the card of a KPI."""
    return f"kpi-{code.replace('_', '-')}"


def link_to(kpi: Kpi) -> Link:
    return tree.link(str(kpi.name), f"#{anchor_of(kpi.code)}")
