"""Where things stand in the manual, so that chapters can point to each other."""

from typing import Final

from kpiproject.documents import tree
from kpiproject.documents.tree import Link
from manual import queries
from manual.chapters.context import Context
from manual.passages import card_anchor
from metrics import adoption
from metrics.kpi import Kpi
from metrics.models import Adoption, ServiceTarget
from surveys.models import Survey

CARD: Final = "kpi:"
"""What stands before the code of a KPI where its card is meant and not a section."""


def anchor_of(code: str) -> str:
    """Of the card of a KPI."""
    return card_anchor(code)


def link_to(kpi: Kpi, context: Context) -> Link | str:
    """To its card; a KPI that the organisation does not work with has none, and only its name stands there."""
    has_card = kpi.code in context.once(_with_card)
    return tree.link(str(kpi.name), f"#{anchor_of(kpi.code)}") if has_card else str(kpi.name)


def _with_card(context: Context) -> set[str]:
    return {kpi.code for kpi, _row in adoptions(context)}


def adoptions(context: Context) -> list[tuple[Kpi, Adoption]]:
    """The KPIs that the organisation works with, in the order of the catalogue; all chapters read them once."""
    return context.once(_adoptions)


def adopted(context: Context) -> list[Kpi]:
    return [kpi for kpi, _row in adoptions(context)]


def _adoptions(_context: Context) -> list[tuple[Kpi, Adoption]]:
    return adoption.rows()


def service_targets(context: Context) -> list[ServiceTarget]:
    """The promises in force; chapters and the fields of the prose tell of them."""
    return context.once(_targets)


def _targets(_context: Context) -> list[ServiceTarget]:
    return queries.service_targets()


def open_surveys(context: Context) -> list[Survey]:
    """What is asked at present; two chapters tell of it."""
    return context.once(_surveys)


def _surveys(_context: Context) -> list[Survey]:
    return queries.open_surveys()
