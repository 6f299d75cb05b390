"""Who looks after a section, when it is to be read again, and that somebody said it is still right."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.lib.periods import local_day
from kpiproject.models import User
from manual import queries
from manual.models import Section, SectionReview

WARN: Final = timedelta(days=14)
MOST_MONTHS: Final = 60
Tone = Literal["", "warn", "bad"]


class ReadMeanwhileError(Exception):
    """Somebody has changed the section since the person read it, so their word is not about what it says now."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`due` is None for a section that is never reviewed; `tone` is "warn" from 14 days before, "bad" after it."""

    section: Section
    due: date | None
    tone: Tone


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(section: Section, *, today: date, zone: str) -> Standing:
    """Counted from the last review; of a section that had none, from the day it was made."""
    if not section.review_months:
        return Standing(section=section, due=None, tone="")
    due = _due(section.review_months, section.reviewed_at, section.created_at, zone=zone)
    return Standing(section=section, due=due, tone=_tone(due, today))


def _due(months: int, reviewed_at: datetime | None, created_at: datetime, *, zone: str) -> date:
    return months_later(local_day(reviewed_at or created_at, zone), months)


def _tone(due: date, today: date) -> Tone:
    return "bad" if today > due else "warn" if today >= due - WARN else ""


def standings(today: date, zone: str) -> list[Standing]:
    """Of all sections, also those that are left out, in the order of the manual."""
    rows = queries.sections().select_related("updated_by", "owner", "reviewed_by")
    return [standing(section, today=today, zone=zone) for section in rows]


def due(today: date, zone: str) -> list[Standing]:
    """The sections of the manual that are to be read again soon or by now, the longest due first; without texts."""
    reviewed = queries.shown_sections().filter(review_months__gt=0)
    days = reviewed.values_list("pk", "review_months", "reviewed_at", "created_at")
    late = [pk for pk, months, reviewed, made in days if _tone(_due(months or 0, reviewed, made, zone=zone), today)]
    # Most days there is nothing, and every reader of the manual asks.
    rows = reviewed.filter(pk__in=late).select_related("owner").defer("text", "note") if late else []
    found = [standing(section, today=today, zone=zone) for section in rows]
    return sorted((each for each in found if each.tone), key=lambda each: each.due or today)


def of_person(found: Iterable[Standing], person: User) -> list[Standing]:
    return [each for each in found if each.section.owner_id == person.pk]


def may_review(person: User, section: Section) -> bool:
    """Managers, and whoever looks after the section."""
    return section.owner_id == person.pk or person.has_perm("manual.change_section")


def still_right(section: Section, *, version: int, by: User) -> SectionReview:
    """Note that the person has read this version and that it is still right; saying it twice a day is saying it once.

    Raises ReadMeanwhileError.
    """
    now = timezone.now()
    with transaction.atomic():
        found = Section.objects.select_for_update().get(pk=section.pk)
        if found.version != version:
            message = _("“%(title)s” has changed since you opened it. Please read it again.")
            raise ReadMeanwhileError(message % {"title": found.title})
        last = found.reviews.first()
        if last is not None and (last.version, last.by_id) == (version, by.pk) and last.at > now - timedelta(days=1):
            return last
        found.reviewed_at, found.reviewed_by = now, by
        found.save(update_fields=["reviewed_at", "reviewed_by"])
        return SectionReview.objects.create(section=found, version=version, at=now, by=by)


def entrust(section: Section, *, owner: User | None, review_months: int | None) -> None:
    """Who looks after a section, and after how many months it is read again; None for never."""
    section.owner, section.review_months = owner, review_months
    section.save(update_fields=["owner", "review_months"])


def history(section: Section) -> "QuerySet[SectionReview]":
    """Who said when that it is right, the newest first."""
    return section.reviews.select_related("by")
