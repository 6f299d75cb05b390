"""Frame "shifts": what each agent could have done and did on each local day.

Several contacts at once are counted once in `handled_seconds` and each for itself in `workload_seconds`. Only what was
done while the agent was available is in the first; the rest is in `outside_seconds`.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpiproject.lib.periods import Seconds, day_of, day_start, epoch, local_days
from metrics.frames.columns import words
from metrics.frames.context import Context
from metrics.kpi import UNKNOWN, Frame
from metrics.models import AgentTime

_AVAILABLE: Final = ("available",)
_AWAY: Final = ("break", "training", "absence")
_BUSY: Final = ("handling", "related")


class _Pieces(NamedTuple):
    """Stretches of time within one agent's one day; `groups` numbers agent and day."""

    groups: npt.NDArray[np.intp]
    starts: Seconds
    ends: Seconds
    kinds: npt.NDArray[np.object_]


def shifts(work: Frame, context: Context) -> Frame:
    """A row per agent and local day out of the frame "work"."""
    pieces, owners, days = _pieces(work, context)
    n = len(owners)
    available = _only(pieces, _AVAILABLE)
    away = _only(pieces, _AWAY)
    busy = _only(pieces, _BUSY)
    net = _covered([(available, 1), (away, -2)], n)
    handled = _covered([(busy, 1)], n)
    # Busy or free while available: what is left of the union of both are the times outside.
    either = _covered([(available, 1), (away, -2), (_flat(busy), 4)], n)
    outside = either - net
    agents, teams = work["agent"].astype(object), work["team"].astype(object)
    first = _first_rows(work, owners)
    return pd.DataFrame(
        {
            "id": owners,
            "day_at": np.array([epoch(day_start(day_of(day), context.zone)) for day in days.tolist()], dtype=np.int64),
            "available_seconds": net,
            "handled_seconds": handled - outside,
            "outside_seconds": outside,
            "workload_seconds": _lengths(busy, n),
            "source": words(work["source"].astype(object).to_numpy()[first].tolist()),
            "external_id": agents.to_numpy()[first],
            "team": words(teams.to_numpy()[first].tolist()),
            "agent": words(agents.to_numpy()[first].tolist()),
            "excluded_because": words([""] * n),
        }
    )


def tickets_of_work(ids: Sequence[int]) -> list[int]:
    """The tickets on which these pieces of work were spent."""
    rows = AgentTime.objects.filter(pk__in=ids, ticket__isnull=False).order_by("ticket")
    return list(rows.values_list("ticket", flat=True).distinct())


def _first_rows(work: Frame, owners: Seconds) -> npt.NDArray[np.intp]:
    """A row of each agent."""
    known, first = np.unique(work["agent_id"].to_numpy(dtype=np.int64), return_index=True)
    return first[np.searchsorted(known, owners)] if len(owners) else first[:0]


def _pieces(work: Frame, context: Context) -> tuple[_Pieces, Seconds, Seconds]:
    """Every stretch cut at local midnights; with agent and day of each group."""
    starts, ends = (work[name].to_numpy(dtype=np.int64) for name in ("starts_at", "ends_at"))
    agents = work["agent_id"].to_numpy(dtype=np.int64)
    kinds = np.asarray(work["kind"].astype(object), dtype=object)
    sound = (ends > starts) & (agents != UNKNOWN)
    starts, ends, agents, kinds = starts[sound], ends[sound], agents[sound], kinds[sound]
    first = local_days(starts, context.zone).astype(np.int64)
    counts = local_days(ends - 1, context.zone).astype(np.int64) - first + 1
    rows = np.repeat(np.arange(len(starts)), counts)
    days = first[rows] + np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    known, which = np.unique(days, return_inverse=True)
    begins = np.array([epoch(day_start(day_of(int(day)), context.zone)) for day in known], dtype=np.int64)
    after = np.array([epoch(day_start(day_of(int(day) + 1), context.zone)) for day in known], dtype=np.int64)
    pairs, groups = np.unique(np.stack([agents[rows], days], axis=1), axis=0, return_inverse=True)
    cut = _Pieces(
        groups.reshape(-1).astype(np.intp),
        np.maximum(starts[rows], begins[which] if len(known) else days),
        np.minimum(ends[rows], after[which] if len(known) else days),
        kinds[rows],
    )
    return cut, pairs[:, 0], pairs[:, 1]


def _only(pieces: _Pieces, kinds: tuple[str, ...]) -> _Pieces:
    which = np.isin(pieces.kinds.astype(str), kinds)
    return _Pieces(pieces.groups[which], pieces.starts[which], pieces.ends[which], pieces.kinds[which])


def _lengths(pieces: _Pieces, n: int) -> Seconds:
    found = np.zeros(n, dtype=np.int64)
    np.add.at(found, pieces.groups, pieces.ends - pieces.starts)
    return found


def _covered(layers: list[tuple[_Pieces, int]], n: int) -> Seconds:
    """The seconds of each group in which the sum of the layers is above zero; several pieces of one layer at once
    count as one."""
    flat = [(_flat(pieces), weight) for pieces, weight in layers]
    groups = np.concatenate([np.concatenate([one.groups, one.groups]) for one, _ in flat])
    at = np.concatenate([np.concatenate([one.starts, one.ends]) for one, _ in flat])
    steps = np.concatenate([np.repeat([weight, -weight], len(one.groups)) for one, weight in flat])
    order = np.lexsort((at, groups))
    groups, at, level = groups[order], at[order], np.cumsum(steps[order])
    found = np.zeros(n, dtype=np.int64)
    if len(at):
        # Every group begins and ends at level zero, so that nothing is counted from one group into the next.
        is_on = level[:-1] > 0
        np.add.at(found, groups[:-1][is_on], np.diff(at)[is_on])
    return found


def _flat(pieces: _Pieces) -> _Pieces:
    """The union of the pieces of each group as pieces that do not overlap."""
    if not len(pieces.groups):
        return pieces
    groups = np.concatenate([pieces.groups, pieces.groups])
    at = np.concatenate([pieces.starts, pieces.ends])
    steps: Any = np.repeat([1, -1], len(pieces.groups))
    order = np.lexsort((-steps, at, groups))
    groups, at, level = groups[order], at[order], np.cumsum(steps[order])
    before = np.concatenate([[0], level[:-1]])
    begins, ends = (before == 0) & (level > 0), (before > 0) & (level == 0)
    return _Pieces(groups[begins], at[begins], at[ends], np.full(int(begins.sum()), "", dtype=object))
