"""Members of the dimensions of tickets that are no columns of frames: read when somebody asks for them."""

from typing import Any

from metrics.frames.columns import fetch, words
from metrics.frames.tags import TAGS, all_tags, with_tags
from metrics.frames.tickets import MEMBERS, counted
from metrics.kpi import Frame
from metrics.models import Among


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
