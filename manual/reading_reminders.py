"""Reminders of what is not confirmed yet: on the third day, three days before the deadline, on it, then to managers.

Each moment of a person and an edition is told once; moments that come together share one mail. Nobody is written to
at night, on a weekend or while they are absent, and nobody who waits for an answer. What was held back is told at the
first hour that is not quiet.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from goals.alarms.quiet import is_quiet
from kpiproject import mail
from kpiproject.lib.periods import local_day
from kpiproject.models import Mail, Organisation, User
from kpiproject.people import is_invited
from kpiproject.queries import active_managers, organisation
from manual import audiences, confirming, reading_list
from manual.models import Audience, Edition, ReadingReminder
from manual.reading_list import Reading, State, Waiting
from metrics.models import AgentTime

logger = logging.getLogger(__name__)
Kind = ReadingReminder.Kind
Told = frozenset[tuple[int, int, str, int]]
"""Person, number of the edition, kind and recipient of what was told."""

QUIET: Final = (("18:00", "08:00"),)
MOST_IN_MAIL: Final = 20
_DAY: Final = timedelta(days=1)
_READS_DIGESTS: Final = "manual.view_acknowledgement"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What waits for one person since one edition and is theirs to do; whoever waits for an answer is not reminded."""

    person: User
    number: int
    begins: date
    due: date
    waiting: list[Waiting]


def remind(now: datetime) -> int:
    """Put the mails into the outbox that are due and were not written yet; how many are new."""
    if not Audience.objects.exists():
        return 0
    house = organisation()
    today = local_day(now, house.time_zone)
    with transaction.atomic():
        audiences.follow(today)
    duties = [duty for reading in reading_list.everybody(now) for duty in duties_of(reading)]
    if not duties:
        return 0
    told = _told(duties)
    return _remind_readers(duties, told, now, house) + _tell_managers(duties, told, now, house)


def duties_of(reading: Reading) -> list[Duty]:
    """By the edition since which something waits, the first first."""
    groups: dict[int, list[Waiting]] = {}
    for item in reading.waiting:
        if item.state != State.ASKED:
            groups.setdefault(item.since, []).append(item)
    return [
        Duty(
            person=reading.person,
            number=number,
            begins=min(item.begins for item in items),
            due=min(item.due for item in items),
            waiting=items,
        )
        for number, items in sorted(groups.items())
    ]


def is_held_back(person: User, now: datetime, house: Organisation) -> bool:
    """Whether it is night or a weekend where this person is, or they have not accepted their invitation yet."""
    return is_invited(person) or is_quiet(QUIET, now, person.time_zone or house.time_zone, has_weekend=True)


def absent(people: Iterable[User], now: datetime) -> frozenset[int]:
    """The ids of those whose agent is absent at this instant, by the times of agents that were imported."""
    running = AgentTime.objects.filter(kind=AgentTime.Kind.ABSENCE, starts_at__lte=now, ends_at__gt=now)
    addresses = {str(email).strip().lower() for email in running.values_list("agent__email", flat=True)} - {""}
    return frozenset(person.pk for person in people if person.email in addresses)


# --- To readers ---------------------------------------------------------------------------------------------------
def _remind_readers(duties: Sequence[Duty], told: Told, now: datetime, house: Organisation) -> int:
    """One mail to each, about everything that has come for them."""
    today = local_day(now, house.time_zone)
    away = absent([duty.person for duty in duties], now)
    news: dict[User, list[tuple[Duty, list[Kind]]]] = {}
    for duty in duties:
        person = duty.person
        kinds = [Kind(kind) for kind in confirming.come(duty.begins, duty.due, today=today)]
        new = [kind for kind in kinds if (person.pk, duty.number, kind, person.pk) not in told]
        if new and person.pk not in away and not is_held_back(person, now, house):
            news.setdefault(person, []).append((duty, new))
    return sum(_tell(person, found, now, house) for person, found in news.items())


def _tell(person: User, news: Sequence[tuple[Duty, list[Kind]]], now: datetime, house: Organisation) -> int:
    rows = [(duty, kind) for duty, kinds in news for kind in kinds]
    first = news[0][0]
    context = _reader_context([duty for duty, _kinds in news], local_day(now, house.time_zone))
    key = f"reading_reminder:{person.pk}:{first.number}:{news[0][1][-1]}"
    return _tell_alone("reading_reminder", person, rows, context={**context, "organisation": house}, key=key, now=now)


def _reader_context(duties: Sequence[Duty], today: date) -> dict[str, Any]:
    items = sorted((item for duty in duties for item in duty.waiting), key=lambda item: (item.due, item.place))
    shown = items[:MOST_IN_MAIL]
    due = items[0].due
    return {
        "count": len(items),
        "lines": [(item, settings.BASE_URL + reverse("manual:reading_section", args=[item.slug])) for item in shown],
        "more": len(items) - len(shown),
        "due": due,
        "is_due": due == today,
        "is_late": due < today,
        "is_changed": all(item.confirmed for item in items),
        "url": settings.BASE_URL + reverse("manual:reading"),
    }


# --- To managers --------------------------------------------------------------------------------------------------
def _tell_managers(duties: Sequence[Duty], told: Told, now: datetime, house: Organisation) -> int:
    """From the day after the deadline on, one mail to each manager about all of whom they have not been told."""
    today = local_day(now, house.time_zone)
    late = [duty for duty in duties if duty.due < today]
    if not late:
        return 0
    managers = [one for one in active_managers() if one.has_perm(_READS_DIGESTS)]
    away = absent(managers, now)
    count = 0
    for manager in managers:
        new = [duty for duty in late if (duty.person.pk, duty.number, Kind.OVERDUE, manager.pk) not in told]
        if new and manager.pk not in away and not is_held_back(manager, now, house):
            rows = [(duty, Kind.OVERDUE) for duty in new]
            key = f"reading_digest:{manager.pk}:{new[0].person.pk}:{new[0].number}"
            context = {**_digest_context(new), "organisation": house}
            count += _tell_alone("reading_digest", manager, rows, context=context, key=key, now=now)
    return count


def _digest_context(duties: Sequence[Duty]) -> dict[str, Any]:
    shown = duties[:MOST_IN_MAIL]
    return {
        "count": len({duty.person.pk for duty in duties}),
        "duties": shown,
        "more": len(duties) - len(shown),
        "url": settings.BASE_URL + reverse("manual:readers") + "?state=overdue",
    }


# --- Once ---------------------------------------------------------------------------------------------------------
def _told(duties: Sequence[Duty]) -> Told:
    people, numbers = {duty.person.pk for duty in duties}, {duty.number for duty in duties}
    rows = ReadingReminder.objects.filter(person__in=people, edition__number__in=numbers)
    return frozenset(rows.values_list("person", "edition__number", "kind", "recipient"))


def _tell_alone(
    template: str,
    to: User,
    rows: Sequence[tuple[Duty, Kind]],
    *,
    context: Mapping[str, Any],
    key: str,
    now: datetime,
) -> int:
    """Whoever cannot be told is noted without a mail, and keeps nobody else from being told."""
    try:
        return _note(to, rows, now, lambda: _compose(template, to, context=context, key=key))
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Person %s could not be told of what is to be read.", to.pk)
        _note(to, rows, now, lambda: None)
        return 0


def _note(to: User, rows: Sequence[tuple[Duty, Kind]], now: datetime, write: Any) -> int:
    """The rows and the mail, or neither. Of two sweeps at once, the row of the recipient lets one wait for the other,
    which then finds that all has been told."""
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=to.pk).first()
        told = _told([duty for duty, _kind in rows])
        new = [(duty, kind) for duty, kind in rows if (duty.person.pk, duty.number, kind, to.pk) not in told]
        if len(new) < len(rows):
            return 0  # the other one has told of it; what is left is for the next sweep
        letter: Mail | None = write()
        editions = dict(
            Edition.objects.filter(number__in={duty.number for duty, _kind in new}).values_list("number", "pk")
        )
        ReadingReminder.objects.bulk_create(
            ReadingReminder(
                person=duty.person, edition_id=editions[duty.number], kind=kind, recipient=to, mail=letter, at=now
            )
            for duty, kind in new
        )
    return 1 if letter else 0


def _compose(template: str, to: User, *, context: Mapping[str, Any], key: str) -> Mail:
    with translation.override(to.language or settings.LANGUAGE_CODE):
        return mail.compose(
            template,
            key=key,
            kind=template,
            to=to.email,
            context={"person": to, **context},
            language=to.language,
        )
