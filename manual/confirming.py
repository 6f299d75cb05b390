"""When a section waits for somebody to confirm it, and until when. Pure: numbers of editions and days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["third_day", "soon", "due"]
THIRD_DAY: Final = timedelta(days=3)
SOON: Final = timedelta(days=3)


@dataclass(frozen=True)
class Step:
    """What became of a section in one edition. It is new where the edition before did not have it."""

    number: int
    is_new: bool
    is_material: bool


def waits_since(steps: Iterable[Step], *, confirmed: int) -> int | None:
    """The edition since which a section waits; None where nothing waits. `confirmed` is the last confirmed edition, or
    0. `steps` come in order and end with the edition in force, which has the section.

    It waits since the first material change that was not confirmed, so that a further edition never gives more time.
    What was away and came back is another section: what was not confirmed before does not count.
    """
    found: int | None = None
    for step in steps:
        if step.is_new:
            found = None
        if found is None and step.is_material and step.number > confirmed:
            found = step.number
    return found


def begins_on(effective: date, since: date) -> date:
    """The first day of somebody's time for reading: that of the edition, or the one on which they came."""
    return max(effective, since)


def due_on(effective: date, since: date, *, days: int, fixed: date | None = None) -> date:
    """The last day for confirming. A `fixed` day holds for whoever was there; who comes later has as many days as
    everybody."""
    if fixed is None:
        return begins_on(effective, since) + timedelta(days=days)
    return fixed if since <= effective else max(fixed, since + timedelta(days=days))


def moments(begins: date, due: date) -> Iterator[tuple[date, Kind]]:
    """The days on which somebody is reminded, in order; none before the time for reading has begun."""
    if begins + THIRD_DAY < due:
        yield begins + THIRD_DAY, "third_day"
    if due - SOON > begins:
        yield due - SOON, "soon"
    yield due, "due"


def come(begins: date, due: date, *, today: date) -> list[Kind]:
    """The moments that have come, in the order of their days."""
    return [kind for day, kind in sorted(moments(begins, due), key=lambda moment: moment[0]) if day <= today]
