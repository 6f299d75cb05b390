"""Goals that are complete when their milestones are done: where they stand, judged by days alone. Own definition.

* Off track: one of those that are late is late by more than 14 days, or by at least as many days as are left until the
  goal is due; or two or more are late, and they are more than half of those that should be done.
* At risk: anything is late; or two or more that are open fall due within a week, and they are half of all or more.
* On track otherwise. Achieved as soon as all are done, if the last one was done by the day on which the goal is due;
  missed when that day is over and they were not.

A day is a day: nothing of this is chance, so that no status waits for a second judgement to confirm it, and there is no
forecast: people who say “done” give no spread from which a chance could be computed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from goals.models import Goal, Milestone
from goals.status import Band

Status = Goal.Status
MOST_LATE_DAYS: Final = 14
SOON: Final = timedelta(days=7)
_SEVERAL: Final = 2


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Of so many milestones. `expected` are those due by today, done or not; `late` those whose day is over and that
    are not done, `late_days` how long the first of them has been; `soon` the open ones of the next seven days.
    `finished` is the day of the last one, where all are done, and `upcoming` the first that is open."""

    total: int
    done: int
    expected: int
    late: int
    late_days: int
    soon: int
    finished: date | None
    first_late: Milestone | None
    upcoming: Milestone | None


@dataclass(frozen=True, kw_only=True)
class Written:
    """A milestone as somebody has written it down; `pk` is None for a new one."""

    pk: int | None
    name: str
    due: date | None


def of(goal: Goal) -> list[Milestone]:
    """In their order; without a query where they came with the goal."""
    return sorted(goal.milestones.all(), key=lambda one: (one.position, one.pk))


def ordered(written: Iterable[Written]) -> list[Written]:
    """By their days; what has none comes last, and among equals the order is that in which they were written."""
    return sorted(written, key=lambda one: one.due or date.max)


def as_written(goal: Goal) -> list[Written]:
    """The milestones that a goal has."""
    if goal.pk is None:
        return []
    return [Written(pk=one.pk, name=one.name, due=one.due) for one in of(goal)]


def standing(found: Sequence[Milestone], *, due: date, today: date) -> Standing:
    """One without a day is due with the goal."""
    days = [(one.due or due, one) for one in found]
    waiting = sorted((day, place) for place, (day, one) in enumerate(days) if one.done_on is None)
    late = [(day, place) for day, place in waiting if day < today]
    done = [one.done_on for one in found if one.done_on is not None]
    return Standing(
        total=len(found),
        done=len(done),
        expected=sum(day <= today for day, _one in days),
        late=len(late),
        late_days=(today - late[0][0]).days if late else 0,
        soon=sum(today <= day < today + SOON for day, _place in waiting),
        finished=max(done) if found and not waiting else None,
        first_late=days[late[0][1]][1] if late else None,
        upcoming=days[waiting[0][1]][1] if waiting else None,
    )


def band(found: Standing, *, left: int) -> Band:
    """Where it stands while it runs; `left` are the days until the goal is due."""
    is_long = found.late_days > MOST_LATE_DAYS or found.late_days >= max(left, 1)
    is_much = found.late >= _SEVERAL and 2 * found.late > found.expected
    if found.late and (is_long or is_much):
        return Band.OFF_TRACK
    is_crowded = found.soon >= _SEVERAL and 2 * found.soon >= found.total
    return Band.AT_RISK if found.late or is_crowded else Band.ON_TRACK


def judge(goal: Goal, today: date) -> None:
    """Write the judgement into the goal; nothing is saved."""
    found = standing(of(goal), due=goal.due, today=today)
    goal.status, goal.reason = _decided(goal, found, today)
    goal.candidate, goal.probability, goal.course = "", None, []
    goal.value, goal.value_n = (float(found.done), found.total) if found.total else (None, 0)
    goal.value_low = goal.value_high = goal.value_start = goal.value_end = None
    goal.progress = found.done / found.total if found.total else None
    goal.outlook = {"milestones": _told(found)}


def _decided(goal: Goal, found: Standing, today: date) -> tuple[str, str]:
    if not found.total:
        return Status.GATHERING.value, "no_milestones"
    if found.finished is not None or today > goal.due:
        return _ended(goal, found)
    if today < goal.start:
        return Status.SCHEDULED.value, "scheduled"
    return str(band(found, left=(goal.due - today).days)), "milestones"


def _ended(goal: Goal, found: Standing) -> tuple[str, str]:
    if found.finished is None:
        return Status.MISSED.value, "not_all_done"
    return (Status.ACHIEVED if found.finished <= goal.due else Status.MISSED).value, "all_done"


def _told(found: Standing) -> dict[str, Any]:
    """What the words need, so that a list of goals reads no milestones."""
    told: dict[str, Any] = {name: getattr(found, name) for name in ("total", "done", "expected", "late", "late_days")}
    told["soon"] = found.soon
    told["finished"] = found.finished.isoformat() if found.finished else ""
    for name, one in (("late", found.first_late), ("next", found.upcoming)):
        told[f"{name}_name"] = one.name if one else ""
        told[f"{name}_due"] = one.due.isoformat() if one and one.due else ""
    return told
