"""Until when an unhappy customer is to be contacted, and who is asked first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from kpiproject.calendars import default_worktime
from kpiproject.lib.periods import MISSING, epoch, instant
from kpiproject.lib.worktime import WorkTime
from kpiproject.models import User
from surveys.models import Answer, FollowUp, FollowUpRoute, FollowUpRules

WORKING_DAY_HOURS: Final = 8
_DAY_HOURS: Final = 24
PERMISSION: Final = "surveys.change_followup"
"""Whoever lacks it is given no follow-up."""


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """Counted in opening hours; in calendar time where there are none, in which a working day is a whole day."""

    due_at: datetime
    one_day_at: datetime
    escalate_at: datetime
    clock: str


def rules() -> FollowUpRules:
    """Those in force; those of a new organisation where nobody has changed them."""
    return FollowUpRules.objects.first() or FollowUpRules(pk=1)


def deadlines(starts: Sequence[datetime], found: FollowUpRules) -> list[Deadlines]:
    """Of follow-ups that begin at these instants."""
    worktime = default_worktime()
    columns = [_after(starts, hours, worktime) for hours in (found.due_hours, WORKING_DAY_HOURS, found.escalate_hours)]
    return [
        Deadlines(
            due_at=due[0],
            one_day_at=one_day[0],
            escalate_at=escalation[0],
            clock=FollowUp.Clock.BUSINESS if due[1] else FollowUp.Clock.CALENDAR,
        )
        for due, one_day, escalation in zip(*columns, strict=True)
    ]


def _after(starts: Sequence[datetime], hours: int, worktime: WorkTime | None) -> list[tuple[datetime, bool]]:
    """When so many working hours have passed since each start, and whether they are hours of opening time."""
    calendar = timedelta(hours=hours * _DAY_HOURS / WORKING_DAY_HOURS)
    if worktime is None:
        return [(start + calendar, False) for start in starts]
    begins = np.array([epoch(start) for start in starts], dtype=np.int64)
    ends = worktime.due_at(begins, np.full(len(begins), hours * 3600, dtype=np.int64))
    # A calendar may close for ever, after its last exceptional day.
    return [
        (start + calendar, False) if end == MISSING else (instant(end), True)
        for start, end in zip(starts, ends.tolist(), strict=True)
    ]


class Owners:
    """Who is asked first, with everything that decides it read once."""

    def __init__(self) -> None:
        self._routes = list(FollowUpRoute.objects.select_related("owner").order_by("position", "id"))
        self._may: dict[int, bool] = {}

    def of(self, answer: Answer) -> User | None:
        """The owner of the first route that fits, else of the survey; None where all managers are to be asked."""
        owners = [route.owner for route in self._routes if _fits(route, answer)]
        owners += [answer.survey.owner] if answer.survey.owner else []
        return next((owner for owner in owners if self.may_take_care(owner)), None)

    def may_take_care(self, person: User) -> bool:
        if person.pk not in self._may:
            self._may[person.pk] = may_take_care(person)
        return self._may[person.pk]


def may_take_care(person: User) -> bool:
    return person.is_active and person.has_perm(PERMISSION)


def _fits(route: FollowUpRoute, answer: Answer) -> bool:
    if route.survey_id is not None and route.survey_id != answer.survey_id:
        return False
    return _is_same(route.team, answer.team) and _is_same(route.channel, answer.channel)


def _is_same(wanted: str, given: str) -> bool:
    """An empty wish fits everything."""
    return not wanted.strip() or wanted.strip().casefold() == given.strip().casefold()


def routes() -> list[FollowUpRoute]:
    """In the order in which they are tried, without those whose owner cannot take care any more."""
    rows = FollowUpRoute.objects.select_related("survey", "owner").order_by("position", "id")
    return [route for route in rows if may_take_care(route.owner)]
