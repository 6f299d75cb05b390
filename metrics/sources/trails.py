"""Histories out of snapshots: some systems export the whole record after every change, so the differences of
consecutive snapshots are what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from metrics.sources.rows import Row


class Snapshot(NamedTuple):
    """A record after its `modified`-th change. `clock` is the time as written: with `modified` it tells snapshots of
    one record apart, whatever zone they are read in."""

    modified: int
    clock: str
    at: datetime
    actor: str
    status: str
    team: str
    assignee: str
    priority: str
    category: str
    reopens: int


class Change(NamedTuple):
    at: datetime
    kind: str
    from_value: str
    to_value: str
    actor: str
    clock: str  # of the snapshot that shows it
    modified: int


@dataclass(slots=True)
class Trail:
    """The snapshots of one ticket that a file holds, by line, and the newest as a ticket."""

    ticket: Row
    snapshots: dict[int, Snapshot]


_COMPARED: Final = ("status", "team", "assignee", "priority", "category")
_NOTHING: Final = dict.fromkeys(_COMPARED, "")


def changes(snapshots: Iterable[Snapshot], created_at: datetime) -> list[Change]:
    """What happened, from the snapshots of one ticket in any order. The first change is always its creation; what
    a ticket is born with is no change."""
    ordered = sorted(snapshots)
    if not ordered:
        return []
    first = ordered[0]
    born_as = first.status if first.modified == 0 else ""
    found = [Change(created_at, "created", "", born_as, first.actor if born_as else "", first.clock, first.modified)]
    if first.modified:
        # Its beginning is not in the file, so all that is known starts with this snapshot.
        found += _differences(_NOTHING, first)
    for before, after in pairwise(ordered):
        found += _differences(before._asdict(), after)
        if after.reopens > before.reopens:
            found.append(
                Change(after.at, "reopen", before.status, after.status, after.actor, after.clock, after.modified)
            )
    return found


def _differences(before: Mapping[str, object], after: Snapshot) -> list[Change]:
    values = after._asdict()
    return [
        Change(after.at, name, str(before[name]), values[name], after.actor, after.clock, after.modified)
        for name in _COMPARED
        if before[name] != values[name]
    ]


def merged(stored: Sequence[Snapshot], found: Iterable[Snapshot]) -> list[Snapshot]:
    """All of them; a snapshot read again replaces the one stored."""
    known = {(one.modified, one.clock): one for one in stored}
    known.update({(one.modified, one.clock): one for one in found})
    return sorted(known.values())
