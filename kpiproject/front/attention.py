"""What waits for somebody today: one line per matter, most urgent first, each with the place where it is settled.

Every source costs a fixed number of queries and is asked only for those who may settle the matter.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from kpiproject.front import alarm_matters, manual_matters, matters, reader_matters
from kpiproject.front.matters import Matter
from kpiproject.lib.periods import day_start, local_day
from kpiproject.models import User
from kpiproject.queries import organisation

MOST: Final = 7
_URGENCY: Final = {"bad": 0, "warn": 1, "": 2}


@dataclass(frozen=True)
class Needs:
    """`more` counts the matters that there was no room for."""

    matters: list[Matter]
    more: int = 0


Source = Callable[[matters.Moment], Iterator[Matter]]

# whoever lacks the permission could not settle the matter, and is not told; in the order of equally urgent ones
_SOURCES: Final[tuple[tuple[str, Source], ...]] = (
    ("goals.change_goal", matters.goals),
    ("goals.view_alert", matters.follow_ups),
    ("goals.view_alarm", alarm_matters.alarms),
    ("goals.change_review", matters.reviews),
    ("goals.change_action", matters.actions),
    ("kpiproject.change_mail", matters.mails),
    ("goals.view_report", matters.overdue_reports),
    ("goals.view_reportrun", matters.reports),
    ("metrics.add_importrun", matters.imports),
    ("manual.add_edition", matters.manual),
    ("manual.change_readingquestion", reader_matters.questions),
    ("manual.view_acknowledgement", reader_matters.readers),
    ("manual.change_feedback", reader_matters.unclear),
    ("manual.change_approval", manual_matters.approval),
    ("manual.change_section", manual_matters.sections),
    ("surveys.change_survey", matters.surveys),
    ("metrics.change_adoption", matters.choice),
)


def settles_matters(user: User) -> bool:
    """Whether this person can settle anything, that is, is led by what waits rather than by how things stand."""
    return any(user.has_perm(permission) for permission, _source in _SOURCES)


def needs(user: User, *, most: int | None = MOST, zone: str = "") -> Needs:
    """What waits for this person now; `most` is None for all of it. Who knows the organisation's time zone saves asking
    for it."""
    moment = _moment(timezone.now(), zone or organisation().time_zone)
    found = [matter for permission, source in _SOURCES if user.has_perm(permission) for matter in source(moment)]
    found.sort(key=lambda matter: _URGENCY[matter.tone])
    return Needs(matters=found[:most], more=len(found) - len(found[:most]))


def own(user: User, *, zone: str = "") -> Needs | None:
    """What waits for a person because it is theirs, whatever their role; None if there is nothing."""
    found = list(manual_matters.own_sections(user, _moment(timezone.now(), zone or organisation().time_zone)))
    return Needs(matters=found) if found else None


def _moment(now: datetime, zone: str) -> matters.Moment:
    today = local_day(now, zone)
    return matters.Moment(now=now, today=today, yesterday_at=day_start(today - timedelta(days=1), zone), zone=zone)
