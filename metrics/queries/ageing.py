"""How old the tickets are that wait, in classes."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from kpiproject.lib.periods import MISSING, epoch
from metrics import frames
from metrics.queries.questions import Question, check

DAYS: Final = (1, 3, 7, 30)
"""The ends of the classes; the last one has none."""


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """Numbers of tickets by class of age, of all and of each member of a dimension; those with the most first."""

    total: list[int]
    members: dict[str, list[int]]


def ageing(question: Question, by: str) -> Ageing:
    """At the end of a question's period, or now where that is still to come. Age is counted from the creation of a
    ticket on, in calendar time. Raises BadQuestion."""
    asked = check(replace(question, by=by))
    end = epoch(asked.now) if asked.period is None else min(epoch(asked.period.end_at) - 1, epoch(asked.now))
    frame = frames.read_open(end, where=asked.where)
    opened, ended = (frame[name].to_numpy(dtype=np.int64) for name in ("opened_at", "ended_at"))
    is_open = (opened <= end) & ((ended > end) | (ended == MISSING)) & (frame["excluded_because"] == "").to_numpy()
    waiting = frame[is_open]
    ages = end - waiting["created_at"].to_numpy(dtype=np.int64)
    classes = np.searchsorted(np.array(DAYS, dtype=np.int64) * 86400, ages, side="right")
    names = waiting[by].astype(str).to_numpy()
    members = {str(name): _counts(classes[names == name]) for name in sorted(set(names.tolist()))}
    ordered = sorted(members.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
    return Ageing(total=_counts(classes), members=dict(ordered))


def _counts(classes: npt.NDArray[np.intp]) -> list[int]:
    found: list[int] = np.bincount(classes, minlength=len(DAYS) + 1).tolist()
    return found
