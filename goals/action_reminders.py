"""Actions that are due: their owner is told on the day, and once they are overdue whoever led the review, once.

One mail per person and moment, however many actions there are.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import translation

from goals import actions
from goals.models import Action, ActionReminder
from kpiproject import mail
from kpiproject.lib.periods import local_day, resolve_local
from kpiproject.models import Mail, Organisation, User
from kpiproject.queries import active_managers, organisation

logger = logging.getLogger(__name__)
Moment = ActionReminder.Moment

ON_THE_DAY_AT: Final = time(7)
OVERDUE_AT: Final = time(8)
CATCH_UP: Final = timedelta(days=14)
"""What has been overdue for longer when Plumbline looks again (it was switched off, say) is only shown."""
MOST_IN_MAIL: Final = 20
_DAY: Final = timedelta(days=1)


def remind(now: datetime) -> int:
    """Put the mails into the outbox that are due and were not written yet; how many are new."""
    house = organisation()
    return sum(_tell_all(found, moment, now, house) for moment, found in _due(now, house))


def _due(now: datetime, house: Organisation) -> list[tuple[Moment, "QuerySet[Action]"]]:
    """The open actions of which nobody was told at the moments that have come."""
    today = local_day(now, house.time_zone)
    found: list[tuple[Moment, QuerySet[Action]]] = []
    if now >= resolve_local(datetime.combine(today, ON_THE_DAY_AT), house.time_zone):
        found.append((Moment.ON_THE_DAY, _untold(Moment.ON_THE_DAY, Q(due=today))))
    last = today - (_DAY if now >= resolve_local(datetime.combine(today, OVERDUE_AT), house.time_zone) else 2 * _DAY)
    found.append((Moment.OVERDUE, _untold(Moment.OVERDUE, Q(due__range=(today - CATCH_UP, last)))))
    return found


def _untold(moment: Moment, days: Q) -> "QuerySet[Action]":
    told = ActionReminder.objects.filter(action=OuterRef("pk"), on=OuterRef("due"), moment=moment)
    return actions.open_actions().filter(days).exclude(Exists(told))


def _tell_all(waiting: "QuerySet[Action]", moment: Moment, now: datetime, house: Organisation) -> int:
    if not waiting.exists():
        return 0
    with transaction.atomic():
        ours = list(waiting.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
        # Looked up again now that they are ours: another sweep may have told of them while we waited.
        rows = waiting.filter(pk__in=ours).select_related("owner", "review__owner", "created_by", "goal")
        found = _by_person(rows, moment)
        return sum(_tell_alone(person, group, moment, now, house) for person, group in found)


def _by_person(rows: Iterable[Action], moment: Moment) -> list[tuple[User, list[Action]]]:
    managers = active_managers()
    people: dict[int, User] = {}
    found: dict[int, list[Action]] = {}
    for action in rows:
        for person in _recipients(action, moment, managers):
            people[person.pk] = person
            found.setdefault(person.pk, []).append(action)
    return [(people[pk], group) for pk, group in found.items()]


def _recipients(action: Action, moment: Moment, managers: Sequence[User]) -> Sequence[User]:
    """On the day whoever does it; else whoever led the review, or wrote the action down, or every manager."""
    if moment == Moment.ON_THE_DAY and action.owner.is_active:
        return [action.owner]
    leaders = (action.review.owner if action.review else None, action.created_by)
    first = next((person for person in leaders if person is not None and person.is_active), None)
    return [first] if first is not None else managers


def _tell_alone(person: User, group: Sequence[Action], moment: Moment, now: datetime, house: Organisation) -> int:
    """Whoever cannot be told is noted without a mail, and keeps nobody else from being told."""
    try:
        with transaction.atomic():
            _note(person, group, moment, _mail(person, group, moment, now, house), now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of %s actions.", person.pk, len(group))
        _note(person, group, moment, None, now)
        return 0
    return 1


def _mail(person: User, group: Sequence[Action], moment: Moment, now: datetime, house: Organisation) -> Mail:
    today = local_day(now, house.time_zone)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = _context(person, group, moment, today)
    return mail.compose(
        "action_reminder",
        key=f"action_reminder:{moment}:{group[0].pk}:{group[0].due}:{person.pk}",
        kind="action_reminder",
        to=person.email,
        context={"organisation": house, **context},
        language=person.language,
    )


def _context(person: User, group: Sequence[Action], moment: Moment, today: date) -> dict[str, Any]:
    shown = group[:MOST_IN_MAIL]
    return {
        "person": person,
        "is_overdue": moment == Moment.OVERDUE,
        "first": group[0],
        "count": len(group),
        "lines": [(actions.line(action, today), url(action)) for action in shown],
        "more": len(group) - len(shown),
        "url": settings.BASE_URL + reverse("goals:action_list"),
    }


def url(action: Action) -> str:
    return settings.BASE_URL + reverse("goals:action", args=[action.pk])


def _note(person: User, group: Sequence[Action], moment: Moment, letter: Mail | None, now: datetime) -> None:
    ActionReminder.objects.bulk_create(
        [
            ActionReminder(action=action, on=action.due, moment=moment, recipient=person, mail=letter, at=now)
            for action in group
        ]
    )


def told_of(action: Action) -> "QuerySet[ActionReminder]":
    """Who was told of the action, the first first."""
    return action.reminders.filter(on=F("action__due")).select_related("recipient").order_by("at", "id")
