"""What waits for somebody today: one line per matter, most urgent first, each with the place where it is settled.

Every source costs a fixed number of queries and is asked only for those who may settle the matter.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from kpiproject.front import (
    alarm_matters,
    check_in_matters,
    goal_matters,
    manual_matters,
    matters,
    reader_matters,
    thanks_matters,
)
from kpiproject.front.matters import Matter, Moment
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


Source = Callable[[Moment], Iterator[Matter]]
Place = tuple[tuple[str, ...], Source]

# whoever lacks the permissions could not settle the matter, and is not told; in the order of equally urgent ones
_SOURCES: Final[tuple[Place, ...]] = (
    (("goals.change_goal",), goal_matters.goals),
    (("goals.view_alert",), matters.follow_ups),
    (("goals.view_alarm",), alarm_matters.alarms),
    (("goals.change_review",), matters.reviews),
    (("goals.change_action",), matters.actions),
    (("kpiproject.change_mail",), matters.mails),
    (("kpiproject.change_webhookdelivery",), matters.webhooks),
    (("goals.view_report",), matters.overdue_reports),
    (("goals.view_reportrun",), matters.reports),
    (("metrics.add_importrun",), matters.imports),
    (("goals.change_praise", "goals.change_supporthint"), thanks_matters.thanks),
    (("manual.add_edition",), matters.manual),
    (("manual.change_readingquestion",), reader_matters.questions),
    (("manual.view_acknowledgement",), reader_matters.readers),
    (("manual.change_feedback",), reader_matters.unclear),
    (("manual.change_share",), manual_matters.guesses),
    (("manual.change_approval",), manual_matters.approval),
    (("manual.change_section",), manual_matters.sections),
    (("surveys.change_survey",), matters.surveys),
    (("metrics.change_adoption",), matters.choice),
)
# computed anew from figures: for a page that is there to show all of it
_THOROUGH: Final[tuple[Place, ...]] = ((("goals.change_goal",), goal_matters.drafts),)


def settles_matters(user: User) -> bool:
    """Whether this person can settle anything, that is, is led by what waits rather than by how things stand."""
    return any(user.has_perms(permissions) for permissions, _source in _SOURCES)


def this_moment(zone: str = "") -> Moment:
    """Who knows the organisation's time zone saves asking for it."""
    now, zone = timezone.now(), zone or organisation().time_zone
    today = local_day(now, zone)
    return Moment(now=now, today=today, yesterday_at=day_start(today - timedelta(days=1), zone), zone=zone)


def needs(user: User, moment: Moment) -> Needs:
    """What waits for this person, without what is least urgent."""
    found = _found(_SOURCES, user, moment)
    return Needs(matters=found[:MOST], more=len(found[MOST:]))


def all_needs(user: User, moment: Moment) -> Needs:
    """Everything, also what takes longer to find out."""
    return Needs(matters=_found((*_SOURCES, *_THOROUGH), user, moment))


def own(user: User, moment: Moment) -> Needs | None:
    """What waits for a person because it is theirs, whatever their role; None if there is nothing."""
    found = _in_order([*check_in_matters.own(user, moment), *manual_matters.own_sections(user, moment)])
    return Needs(matters=found) if found else None


def _found(places: Iterable[Place], user: User, moment: Moment) -> list[Matter]:
    """What is this person's own stands before the others that are as urgent."""
    found = [matter for permissions, source in places if user.has_perms(permissions) for matter in source(moment)]
    return _in_order([*check_in_matters.own(user, moment), *found])


def _in_order(found: Iterable[Matter]) -> list[Matter]:
    return sorted(found, key=lambda matter: _URGENCY[matter.tone])
