"""Which members there are, asked of the database without a frame; and those of dimensions that no frame has."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from metrics.frames.cases import case_rows
from metrics.frames.columns import fetch, words
from metrics.frames.tables import TABLES
from metrics.frames.tags import TAGS, all_tags, with_tags
from metrics.frames.tickets import MEMBERS, SHARED, counted, rated
from metrics.frames.versions import made_of
from metrics.kpi import Frame
from metrics.models import Among
from surveys import queries


def with_member(frame: Frame, dimension: str) -> Frame:
    """A frame made of tickets with the member of each row's ticket, where that is no column of it yet. By tags, with a
    row for each of them."""
    if dimension in frame:
        return frame
    if dimension == TAGS:
        return with_tags(frame)
    rows = counted().filter(Among("pk", frame["id"].unique().tolist()))
    found: dict[int, Any] = dict(fetch(rows, ["pk", MEMBERS[dimension]]))
    return frame.assign(**{dimension: words([found.get(pk) for pk in frame["id"].tolist()])})


def members_of(dimension: str) -> list[str]:
    """The members of a dimension that any ticket has."""
    if dimension == TAGS:
        return all_tags()
    found = counted().order_by().values_list(MEMBERS[dimension], flat=True).distinct()
    return sorted({name or "" for name in found})


def stored_members(name: str, dimensions: Collection[str]) -> dict[str, set[str]]:
    """By dimension the members that the rows of a frame name, for the frames of figures that cannot be added up."""
    found: dict[str, set[str]] = {}
    for rows, paths in _places(name):
        known = [dimension for dimension in dimensions if dimension in paths]
        for row in rows.order_by().values_list(*(paths[one] for one in known)).distinct() if known else ():
            for dimension, member in zip(known, row, strict=True):
                found.setdefault(dimension, set()).add(member or "")
    return found


def _places(name: str) -> "list[tuple[QuerySet[Any, Any], Mapping[str, str]]]":
    """The rows that a frame is made of, with where their members are stored."""
    if name == "answers":
        of_tickets = {dimension: MEMBERS[dimension] for dimension in SHARED}
        return [(queries.every_answer(), {dimension: dimension for dimension in SHARED}), (rated(), of_tickets)]
    if name == "cases":
        records, tickets = case_rows()
        return [(records, TABLES["records"].members), (tickets, MEMBERS)]
    table = TABLES[made_of(name)[0]]
    return [(table.rows.all(), table.members)]
