"""Once a week whoever owes a check-in, or is to read one, is told of all of them in one mail."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from goals import check_ins, staleness
from goals.models import CheckIn, Goal
from kpiproject import mail
from kpiproject.lib.periods import local_day, resolve_local
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import organisation

logger = logging.getLogger(__name__)

KIND: Final = "check_in_week"
AT: Final = time(7)
MOST_IN_MAIL: Final = 20


@dataclass
class Share:
    """What one person has to do."""

    person: User
    owed: list[Goal] = field(default_factory=list)
    unread: list[CheckIn] = field(default_factory=list)


def remind(now: datetime) -> int:
    """On Monday from seven o'clock, or as soon as Plumbline runs again on that day; how many mails are new.

    The key of a mail names its week, so that nobody gets a second one.
    """
    house = organisation()
    today = local_day(now, house.time_zone)
    if today.weekday() or now < resolve_local(datetime.combine(today, AT), house.time_zone):
        return 0
    keys = {_key(share.person, today): share for share in shares(today)}
    told = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_tell_alone(key, share, house, today) for key, share in keys.items() if key not in told)


def shares(today: date) -> list[Share]:
    """Everybody who has anything to do. In two queries, beside those for what each of them may see."""
    found: dict[int, Share] = {}
    running = Goal.objects.filter(state=Goal.State.ACTIVE, owner__is_active=True, start__lte=today)
    for goal in running.select_related("owner").defer("course").order_by("due", "id"):
        if staleness.is_late(goal, today):
            found.setdefault(goal.owner_id, Share(goal.owner)).owed.append(goal)
    for one in check_ins.waiting():
        for person in check_ins.readers(one, one.goal).values():
            found.setdefault(person.pk, Share(person)).unread.append(one)
    return [share for share in found.values() if share.person.has_perm("goals.view_goal")]


def _key(person: User, today: date) -> str:
    return f"{KIND}:{today:%G-%V}:{person.pk}"


def _tell_alone(key: str, share: Share, house: Organisation, today: date) -> int:
    """One who cannot be told keeps nobody else from being told."""
    person = share.person
    try:
        with transaction.atomic(), translation.override(person.language or settings.LANGUAGE_CODE):
            context = {"organisation": house, **_context(share, house, today)}
            mail.compose(KIND, key=key, kind=KIND, to=person.email, context=context, language=person.language)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of their check-ins.", person.pk)
        return 0
    return 1


def _context(share: Share, house: Organisation, today: date) -> dict[str, Any]:
    count = len(share.owed) + len(share.unread)
    unread = share.unread[: MOST_IN_MAIL - min(len(share.owed), MOST_IN_MAIL)]
    return {
        "person": share.person,
        "count": count,
        "owed": [(goal, staleness.silence(goal, today), _url(goal)) for goal in share.owed[:MOST_IN_MAIL]],
        "unread": [(one, local_day(one.at, house.time_zone), _url(one.goal)) for one in unread],
        "more": max(0, count - MOST_IN_MAIL),
        "url": settings.BASE_URL + reverse("goals:board"),
    }


def _url(goal: Goal) -> str:
    return f"{settings.BASE_URL}{reverse('goals:goal', args=[goal.pk])}#check-ins"
