"""What people did in the past of the demonstration company, step by step, through the functions that everybody uses.

Those functions ask what time it is, so each step is made while the clock of this process stands at its instant.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from kpiproject.front.demo import company
from kpiproject.lib.periods import resolve_local


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that was done at an instant, which it is told."""

    at: datetime
    do: Callable[[datetime], object]


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """`timezone.now()` gives this instant, and so do the fields that begin with it: they hold the function itself.
    Only for a process that does nothing else meanwhile."""
    real = timezone.now
    dated = [field for model in apps.get_models() for field in model._meta.fields if field.default is real]
    timezone.now = lambda: moment
    _begin_with(dated, timezone.now)
    try:
        yield
    finally:
        timezone.now = real
        _begin_with(dated, real)


def _begin_with(fields: list[Any], default: Callable[[], datetime]) -> None:
    for field in fields:
        field.default = default
        vars(field).pop("_get_default", None)  # what Django remembers of it


def play(steps: Iterable[Step], progress: Callable[[float], None]) -> None:
    """In order of time, up to now; those of the same instant in the order in which they were given."""
    now = timezone.now()
    known = sorted((step for step in steps if step.at <= now), key=lambda step: step.at)
    for done, step in enumerate(known, start=1):
        with standing_at(step.at):
            step.do(step.at)
        progress(done / len(known))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of the company."""
    return resolve_local(datetime.combine(day, time(hour, minute)), company.ZONE)


def monday(today: date, weeks: int) -> date:
    """The Monday of this week, or of the one so many weeks before (negative) or after."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
