"""The only way others read figures.

    figures(Question(code="csat", start=…, end=…, grain=Grain.MONTH, by="channel"))   exact, one KPI
    told(question), told_in_a_row(question, periods)         the same for readers: nothing that rests on a few answers
                                                             about one person
    in_a_row(question, [Period(…), Period(…)])               exact, over adjoining periods of any length
    glance(period, grain=Grain.DAY)                          every KPI at once from rollups, for the dashboard
    rows(question, first=0, limit=50)                        the very rows behind a figure; their number is its n
    every_row(question)                                      the same one after the other, for files
    within(question, seconds)                                the share of durations that were no longer
    kept(metric, period, now)                                how service targets were kept; clocks.py: which run out
    members(kpi, "channel")                                  what can be asked for in `where`
    all_members(kpis, ["channel", "team"])                   the same of several at once
    with_unknown_members(figures, question)                  with a note for each member that no fact has
    turns(figures)                                           days from which on a course means something else
    extent(kpi, zone)                                        the local days that have facts
    freshness(zone)                                          how far the figures reach, and what still waits
    as_known(figures)                        without numbers before the first fact
    as_document(figures), as_entry(kpi)                      the same as the contract writes it, for JSON
    as_table(document)                                       a document for a spreadsheet

Raises BadQuestion with one sentence for the reader when something asked for does not exist.
"""

from metrics.catalogue import CATALOGUE
from metrics.definitions import adopted, find, is_adopted, kpis
from metrics.kpi import FAMILY_NAMES, Better, Family, Kpi, Unit
from metrics.queries.documents import POINT_KEYS, as_document, as_entry, as_table
from metrics.queries.exact import RowBehind, RowsBehind, comments, every_row, figures, in_a_row, rows
from metrics.queries.glances import Glance, glance
from metrics.queries.kept import Kept, kept
from metrics.queries.personal import LEAST_ANSWERS, told, told_in_a_row
from metrics.queries.questions import BadQuestion, Figures, Point, Question, check, extent, find_kpi
from metrics.queries.recency import Freshness, as_known, freshness
from metrics.queries.stored import all_members, members
from metrics.queries.strangers import unknown_members, with_unknown_members
from metrics.queries.turns import Turn, turns
from metrics.queries.within import within

__all__ = [
    "CATALOGUE",
    "FAMILY_NAMES",
    "LEAST_ANSWERS",
    "POINT_KEYS",
    "BadQuestion",
    "Better",
    "Family",
    "Figures",
    "Freshness",
    "Glance",
    "Kept",
    "Kpi",
    "Point",
    "Question",
    "RowBehind",
    "RowsBehind",
    "Turn",
    "Unit",
    "adopted",
    "all_members",
    "as_document",
    "as_entry",
    "as_known",
    "as_table",
    "check",
    "comments",
    "every_row",
    "extent",
    "figures",
    "find",
    "find_kpi",
    "freshness",
    "glance",
    "in_a_row",
    "is_adopted",
    "kept",
    "kpis",
    "members",
    "rows",
    "told",
    "told_in_a_row",
    "turns",
    "unknown_members",
    "with_unknown_members",
    "within",
]
