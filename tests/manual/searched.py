"""Editions that can be searched, for tests."""

from typing import Any, Final

from kpiproject.documents import tree
from kpiproject.lib import charts
from manual import indexing
from manual.models import Edition
from tests.manual.documents import edition, section

_SPEC: Final = charts.bars([charts.Bar(label="May", value=8.0, text="8 h")], title="Resolution time", unit="h")
_CHART: Final[tree.Chart] = {"is": "chart", "title": "Resolution time, by month", "spec": _SPEC}
FIGURES: Final = {"kpi:resolution_time.value": {"label": "Resolution time", "words": "8 h", "kind": "value"}}
KPIS: Final = section(
    "our-kpis",
    tree.paragraph("What we measure."),
    tree.heading(1, "Speed", "kpis-speed"),
    tree.heading(2, "Resolution time", "kpi-resolution-time"),
    tree.paragraph("How long it takes."),
    tree.facts(("Formula", "solved − asked")),
    _CHART,
    tree.table("By month", ["Month", "#Value"], [["May", "8 h"]]),
    number="2",
    title="Our KPIs",
)


def content(*sections: tree.Section, language: str = "en") -> dict[str, Any]:
    return {"language": language, "sections": list(sections)}


def searchable(*sections: tree.Section, **fields: Any) -> Edition:
    """As it is published: with its index."""
    made = edition(*sections, **{"figures": FIGURES, **fields})
    indexing.index(made)
    return made
