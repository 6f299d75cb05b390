"""Escalation: who is told next, and when, as long as nobody has acknowledged an alarm.

A chain is frozen as JSON when its alarm is told of, so that whoever changes the chain meanwhile changes nothing about
an alarm that runs: `{"steps": [{"wait_minutes": 60, "by_hours": true, "role": "managers", "people": [7]}, …],
"repeats": 2, "hours": {…}}`. The first step is told at once; each later one waits so many minutes after the step
before it, in opening hours where `by_hours` says so. After the last one the whole chain begins again, `repeats` times;
then the first step waits as well. A level is the number of a step, counted through all rounds.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from kpiproject.lib.periods import MISSING, epoch, instant
from kpiproject.lib.worktime import WorkTime

Frozen = Mapping[str, Any]
OWNER: Final = "owner"
MANAGERS: Final = "managers"
PEOPLE: Final = "people"
OUTSIDE: Final = "outside"
MOST_STEPS: Final = 8
MOST_REPEATS: Final = 5
_LEAST_WAIT: Final = 1
"""Minutes before a chain begins again, also where its first step was frozen without any."""
MOST_WAIT_MINUTES: Final = 14 * 24 * 60


def step(*, role: str, people: Sequence[int] = (), wait_minutes: int = 0, by_hours: bool = False) -> dict[str, Any]:
    """One step as it is frozen. `people` are users, or stakeholders where the role says so."""
    return {"wait_minutes": wait_minutes, "by_hours": by_hours, "role": role, "people": sorted(people)}


def frozen(
    steps: Sequence[Mapping[str, Any]], hours: Mapping[str, Any] | None = None, *, repeats: int = 0
) -> dict[str, Any]:
    """A chain as it is now. `hours` is the description of the calendar in which waiting is counted."""
    rounds = {"repeats": min(repeats, MOST_REPEATS)} if repeats else {}
    return {"steps": [dict(one) for one in steps], "hours": dict(hours) if hours else None, **rounds}


def steps(chain: Frozen) -> list[dict[str, Any]]:
    """Whom it tells, in order, round after round. What was never frozen tells the owner alone."""
    return _one_round(chain) * rounds(chain)


def rounds(chain: Frozen) -> int:
    """How often it runs, unless somebody acknowledges."""
    return 1 + int(chain.get("repeats", 0))


def round_of(chain: Frozen, level: int) -> int:
    """In which round the step of this level is, from 1 on."""
    return level // len(_one_round(chain)) + 1


def _one_round(chain: Frozen) -> list[dict[str, Any]]:
    return list(chain.get("steps", ())) or [step(role=OWNER)]


def next_at(chain: Frozen, level: int, told_at: datetime, hours: WorkTime | None) -> datetime | None:
    """When the step after the one of this level is due, if that was told at `told_at`; None after the last one.

    Hours that never open, or are gone, count as round the clock: nobody must wait for ever.
    """
    left = steps(chain)[level + 1 :]
    if not left:
        return None
    minutes = max(int(left[0]["wait_minutes"]), _LEAST_WAIT)
    if left[0].get("by_hours") and hours is not None and not hours.is_never_open:
        due = int(hours.due_at(np.array([epoch(told_at)]), np.array([60 * minutes]))[0])
        if due != MISSING:
            return instant(due)
    return told_at + timedelta(minutes=minutes)


def timeline(
    chain: Frozen, started_at: datetime, *, hours: WorkTime | None = None, acknowledged_at: datetime | None = None
) -> list[tuple[datetime, dict[str, Any]]]:
    """Every step with the instant at which it is told, up to the acknowledgement."""
    found: list[tuple[datetime, dict[str, Any]]] = []
    at: datetime | None = started_at
    for level, one in enumerate(steps(chain)):
        if at is None or (acknowledged_at is not None and at >= acknowledged_at):
            break
        found.append((at, one))
        at = next_at(chain, level, at, hours)
    return found
