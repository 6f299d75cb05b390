"""The only way others read figures.

    figures(Question(code="csat", start=…, end=…, grain=Grain.MONTH, by="channel"))   exact, one KPI
    glance(period, grain=Grain.DAY)                          every KPI at once from rollups, for the dashboard
    rows(question, first=0, limit=50)                        the very rows behind a figure; their number is its n
    within(question, seconds)                                the share of durations that were no longer
    members(kpi, "channel")                                  what can be asked for in `where`
    extent(kpi, zone)                                        the local days that have facts
    freshness(zone)                                          how far the figures reach, and what still waits
    as_document(figures), as_entry(kpi)                      the same as the contract writes it, for JSON
    as_table(document)                                       a document for a spreadsheet

Raises BadQuestion with one sentence for the reader when something asked for does not exist.
"""

from metrics.catalogue import CATALOGUE
from metrics.kpi import FAMILY_NAMES, Better, Family, Kpi, Unit
from metrics.queries.documents import POINT_KEYS, as_document, as_entry, as_table
from metrics.queries.exact import RowBehind, RowsBehind, comments, figures, rows
from metrics.queries.glances import Glance, glance
from metrics.queries.questions import BadQuestion, Figures, Point, Question, check, extent, find_kpi
from metrics.queries.recency import Freshness, freshness
from metrics.queries.stored import members
from metrics.queries.within import within

__all__ = [
    "CATALOGUE",
    "FAMILY_NAMES",
    "POINT_KEYS",
    "BadQuestion",
    "Better",
    "Family",
    "Figures",
    "Freshness",
    "Glance",
    "Kpi",
    "Point",
    "Question",
    "RowBehind",
    "RowsBehind",
    "Unit",
    "as_document",
    "as_entry",
    "as_table",
    "check",
    "comments",
    "extent",
    "figures",
    "find_kpi",
    "freshness",
    "glance",
    "members",
    "rows",
    "within",
]
