"""Where tickets get stuck: how long they stand in which status, and how often they are handed over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import Q

from kpiproject.lib.periods import MISSING, epoch
from metrics.frames import Context, context
from metrics.frames.columns import Epoch, between, fetch, transposed, whole_numbers
from metrics.frames.context import plain
from metrics.frames.read import is_member
from metrics.frames.stays import ENDED, groups, stays
from metrics.frames.tags import TAGS
from metrics.frames.tickets import MEMBERS, counted
from metrics.frames.trails import Trail, trail
from metrics.kpi import Frame
from metrics.queries.questions import Question, check

MOST_TICKETS: Final = 20_000
_COLUMNS: Final = ("id", "created_at", "solved_at", "closed_at")
_STATUSES: Final = ("status", "reopen", "merge")
_MOVES: Final = ("team", "assignee")
_MOST_ROUTES: Final = 10


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A status: how many tickets stood in it, how long (seconds, all stays of a ticket together), and which share of
    the time of all of them went there. `group` is whom they wait for in it; see metrics.frames.stays."""

    status: str
    group: str
    tickets: int
    median: float
    p90: float
    share: float


@dataclass(frozen=True, kw_only=True)
class Handed:
    """Tickets that were handed over so many times (the last class: or more). `median` is their time until the end."""

    times: int
    tickets: int
    ended: int
    median: float | None


@dataclass(frozen=True, kw_only=True)
class Route:
    """From one team to another; `median` is how long the tickets had been with the first."""

    before: str
    after: str
    count: int
    median: float


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """`tickets` were looked at, of `found`: the newest where there are too many. `told` have events that name a status.
    Everything is in calendar time."""

    found: int
    tickets: int
    told: int
    stages: list[Stage] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)

    @property
    def has_moves(self) -> bool:
        """Whether any ticket was handed over, as far as events are known."""
        return any(one.tickets for one in self.handed if one.times)


def stuck(question: Question) -> Stuck:
    """Of the tickets created in the period of a question, with its filters. Raises BadQuestion."""
    asked = check(question)
    if asked.period is None:
        return Stuck(found=0, tickets=0, told=0)
    which = between("created_at", epoch(asked.period.start_at), epoch(asked.period.end_at)) & _members(asked.where)
    which &= Q(is_spam=False, is_deleted=False, is_test=False, merged_into="")
    found = counted().filter(which).count()
    if found > MOST_TICKETS:
        which &= Q(created_at__gte=_since(which))
    frame = _tickets(which)
    events = trail(frame, (*_STATUSES, *_MOVES))
    stages, told = _stages(frame, events.of_kinds(_STATUSES), context())
    moves = _moves(events)
    return Stuck(
        found=found,
        tickets=len(frame),
        told=told,
        stages=stages,
        handed=_handed(frame, moves),
        routes=_routes(frame, moves.only(moves.kinds == "team")),
    )


def _members(where: Mapping[str, Collection[str]]) -> Q:
    return is_member({name: members for name, members in where.items() if name in (*MEMBERS, TAGS)})


def _since(which: Q) -> Any:
    """The creation of the last of the newest tickets that are looked at."""
    newest = counted().filter(which).order_by("-created_at").values_list("created_at", flat=True)
    return newest[MOST_TICKETS - 1]


def _tickets(which: Q) -> Frame:
    rows = fetch(counted().filter(which), ["id", Epoch("created_at"), Epoch("solved_at"), Epoch("closed_at")])
    columns = transposed(rows, len(_COLUMNS))
    frame = pd.DataFrame({name: whole_numbers(found) for name, found in zip(_COLUMNS, columns, strict=True)})
    frame["done_at"] = np.where(frame["solved_at"] != MISSING, frame["solved_at"], frame["closed_at"])
    return frame


def _stages(frame: Frame, events: Trail, now: Context) -> tuple[list[Stage], int]:
    """By status, the one that takes most of the time first; and how many tickets have such events."""
    found = stays(frame["created_at"].to_numpy(dtype=np.int64), events)
    if not len(found.rows):
        return [], 0
    ends = np.where(found.ends == MISSING, now.now_seconds, found.ends)
    table = pd.DataFrame(
        {
            "row": found.rows,
            "status": [plain(str(status)) for status in found.statuses],
            "shown": found.statuses.astype(str),
            "group": groups(found, now.pause_statuses).astype(str),
            "seconds": np.maximum(ends - found.starts, 0),
        }
    )
    told = int(table["row"].nunique())
    table = table[table["group"] != ENDED]
    per_ticket = table.groupby(["status", "row"], as_index=False).agg(
        seconds=("seconds", "sum"), group=("group", "first"), shown=("shown", "first")
    )
    total = float(per_ticket["seconds"].sum()) or 1.0
    stages = [_stage(rows, total) for _, rows in per_ticket.groupby("status")]
    return sorted(stages, key=lambda stage: (-stage.share, stage.status)), told


def _stage(rows: Frame, total: float) -> Stage:
    seconds = rows["seconds"].to_numpy(dtype=np.float64)
    return Stage(
        status=str(rows["shown"].mode().iloc[0]),
        group=str(rows["group"].iloc[0]),
        tickets=len(rows),
        median=float(np.median(seconds)),
        p90=float(np.quantile(seconds, 0.9)),
        share=100 * float(seconds.sum()) / total,
    )


def _moves(events: Trail) -> Trail:
    """From somebody to somebody else: an assignment of what nobody had is no hand-over."""
    is_move = np.isin(events.kinds.astype(str), _MOVES)
    return events.only(is_move & (events.before != "") & (events.after != "") & (events.before != events.after))


def _handed(frame: Frame, moves: Trail) -> list[Handed]:
    """By the number of hand-overs; a new team and a new agent at the same instant are one."""
    if not len(frame):
        return []
    once = np.unique(np.stack([moves.rows.astype(np.int64), moves.times]), axis=1)
    times = np.minimum(np.bincount(once[0], minlength=len(frame)), 3)
    taken = (frame["done_at"] - frame["created_at"]).to_numpy(dtype=np.int64)
    is_done = (frame["done_at"] != MISSING).to_numpy() & (frame["done_at"] >= frame["created_at"]).to_numpy()
    return [_class(number, times == number, is_done, taken) for number in range(4)]


def _class(number: int, mine: Any, is_done: Any, taken: Any) -> Handed:
    ended = taken[mine & is_done]
    median = float(np.median(ended)) if len(ended) else None
    return Handed(times=number, tickets=int(mine.sum()), ended=len(ended), median=median)


def _routes(frame: Frame, moves: Trail) -> list[Route]:
    """The most frequent ones between teams."""
    if not len(moves.rows):
        return []
    since = np.concatenate([[0], moves.times[:-1]])
    is_first = np.concatenate([[True], moves.rows[1:] != moves.rows[:-1]])
    created = frame["created_at"].to_numpy(dtype=np.int64)[moves.rows]
    had = moves.times - np.where(is_first, created, since)
    table = pd.DataFrame({"before": moves.before.astype(str), "after": moves.after.astype(str), "had": had})
    found = [
        Route(before=str(before), after=str(after), count=len(rows), median=float(rows["had"].median()))
        for (before, after), rows in table.groupby(["before", "after"])
    ]
    return sorted(found, key=lambda route: (-route.count, route.before, route.after))[:_MOST_ROUTES]
