"""Every KPI that can be measured, whether the organisation works with it or not: name, formula, and what it needs."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context, Figure, rule
from manual.chapters.places import link_to
from metrics import presentation, requirements
from metrics.kpi import FAMILY_NAMES, Family, Kpi
from metrics.queries import kpis


def build(context: Context) -> Built:
    found = list(kpis().values())
    blocks: list[Block] = [tree.paragraph(_explained())]
    for family in Family:
        mine = sorted((kpi for kpi in found if kpi.family is family), key=lambda kpi: str(kpi.name).casefold())
        blocks += _family(family, mine, context) if mine else []
    return Built(blocks=blocks, figures=_figures(found))


def _explained() -> str:
    return _(
        "Whatever is a link has a card in this manual, because we work with it. The others can be chosen under “Set "
        "up” as soon as what they need has been imported."
    )


def _family(family: Family, found: Sequence[Kpi], context: Context) -> Iterator[Block]:
    yield tree.heading(1, str(FAMILY_NAMES[family]), f"ref-kpis-{family}")
    rows: list[list[str | list[Inline]]] = [
        [tree.inlines(link_to(kpi, context)), str(kpi.formula), needs(kpi)] for kpi in found
    ]
    yield tree.table("", [_("KPI"), _("Formula"), _("Needs")], rows)


def needs(kpi: Kpi) -> str:
    """The kinds of facts that it is made of, and what of them must be filled in: “tickets; the column reopens”."""
    kinds = ", ".join(str(requirements.KIND_NAMES[kind]) for kind in requirements.lacking(kpi, frozenset()))
    filled = requirements.columns(kpi)
    return filled if filled.startswith(kinds) else "; ".join(part for part in (kinds, filled) if part)


def _figures(found: Sequence[Kpi]) -> dict[str, Figure]:
    return {"every:kpi": rule(_("KPIs that can be measured"), presentation.number(len(found)))}
