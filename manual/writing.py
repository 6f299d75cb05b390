"""Who is writing a section, so that two do not write at once. Whoever falls silent no longer is; it can be taken over.

This only tells people of each other. That nobody's text is lost is seen to by the version of the section.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from kpiproject.models import User
from manual.models import Section, Writing

SILENCE: Final = timedelta(minutes=10)


def by_another(section: Section, person: User | None) -> Writing | None:
    """Who else is writing it now."""
    found = _rows(section).filter(seen_at__gt=timezone.now() - SILENCE).first()
    return found if found and (person is None or found.by_id != person.pk) else None


def sign(section: Section, person: User) -> Writing | None:
    """The person gives a sign of writing. They hold the section unless somebody else does, who is returned."""
    now = timezone.now()
    mine = _rows(section).filter(by=person)
    if not (_still(mine, now) or _takes(section, person, now)):
        Writing.objects.get_or_create(section=section, defaults={"by": person, "since": now, "seen_at": now})
    return by_another(section, person)


def take_over(section: Section, person: User) -> None:
    now = timezone.now()
    if not _still(_rows(section).filter(by=person), now):
        about = {"by": person, "since": now, "seen_at": now}
        Writing.objects.update_or_create(section=section, defaults=about)


def release(section: Section, person: User | None) -> None:
    """They have saved."""
    if person is not None:
        _rows(section).filter(by=person).delete()


def _rows(section: Section) -> QuerySet[Writing]:
    return Writing.objects.filter(section=section).select_related("by")


def _still(mine: QuerySet[Writing], now: datetime) -> bool:
    return bool(mine.filter(seen_at__gt=now - SILENCE).update(seen_at=now))


def _takes(section: Section, person: User, now: datetime) -> bool:
    """From somebody who has fallen silent, or from before one's own silence."""
    silent = Writing.objects.filter(section=section, seen_at__lte=now - SILENCE)
    return bool(silent.update(by=person, since=now, seen_at=now))
