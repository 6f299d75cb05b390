"""Once a week, on Monday morning, owners hear which of their sections are due; never twice in a week."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from kpiproject import mail
from kpiproject.lib.periods import Grain, grain_start, local_day, resolve_local
from kpiproject.models import Mail, User
from kpiproject.queries import organisation
from manual import care
from manual.care import Standing
from manual.models import SectionReminder

logger = logging.getLogger(__name__)

AT: Final = time(7)
"""On Monday, in the organisation's time; whoever could not be told then is told later in the same week."""


def remind(now: datetime) -> int:
    """Put this week's mails into the outbox that are not there yet; how many are new."""
    house = organisation()
    today = local_day(now, house.time_zone)
    week = grain_start(today, Grain.WEEK)
    if now < resolve_local(datetime.combine(week, AT), house.time_zone):
        return 0
    told = set(SectionReminder.objects.filter(week=week).values_list("person_id", flat=True))
    found = care.due(today, house.time_zone)
    owners = {each.section.owner_id: each.section.owner for each in found if each.section.owner_id not in told}
    people = [person for person in owners.values() if person is not None and person.is_active]
    return sum(_tell(person, care.of_person(found, person), week, now) for person in people)


def _tell(person: User, found: Sequence[Standing], week: date, now: datetime) -> int:
    """The row of the week comes first: a second worker finds it there. Whoever cannot be told is noted without a mail,
    and keeps nobody else from being told."""
    try:
        with transaction.atomic():
            row = SectionReminder.objects.create(person=person, week=week, count=len(found), at=now)
    except IntegrityError:
        return 0
    try:
        with transaction.atomic():
            row.mail = _compose(person, found, week)
            row.save(update_fields=["mail"])
    except DatabaseError:
        row.delete()
        raise
    except Exception:
        logger.exception("Person %s could not be told of %s sections.", person.pk, len(found))
        return 0
    return 1


def _compose(person: User, found: Sequence[Standing], week: date) -> Mail:
    lines = [(each, settings.BASE_URL + reverse("manual:care", args=[each.section.slug])) for each in found]
    return mail.compose(
        "section_review",
        key=f"section_review:{week.isoformat()}:{person.pk}",
        kind="section_review",
        to=person.email,
        context={"person": person, "lines": lines, "count": len(lines)},
        language=person.language,
    )
