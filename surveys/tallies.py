"""Marked days in, their tallies replaced.

One worker counts at a time, under a lease. It reads marks, counts the facts and replaces the tallies of those days
together with the marks, so that stopping at any point, running twice or in another order leads to the same tallies.
"""

from collections.abc import Collection
from datetime import date, timedelta
from time import monotonic
from typing import Final

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone

from kpiproject.lib.periods import day_start, local_day
from kpiproject.lib.tokens import new_token
from kpiproject.queries import organisation
from surveys import counting, tally_marks
from surveys.counting import Days
from surveys.models import Answer, FactChange, Invitation, Tally, TallyMark, TallyState

_LEASE: Final = timedelta(minutes=2)
_MARKS_AT_ONCE: Final = 5000
_DAYS_AT_ONCE: Final = 7
ANSWER, INVITATION = FactChange.About.ANSWER, FactChange.About.INVITATION


def sweep(*, seconds: float) -> int:
    """Count what is marked until nothing is or the time is over; how many days were counted. Nothing if somebody else
    is counting."""
    token, end, done = new_token(), monotonic() + seconds, 0
    if not _lease(token):
        return 0
    try:
        _begin_in_another_zone()
        while monotonic() < end and (found := list(TallyMark.objects.order_by("id")[:_MARKS_AT_ONCE])):
            done += _count(found, token)
    finally:
        TallyState.objects.filter(pk=1, lease_token=token).update(lease_until=None, lease_token="")
    return done


def _lease(token: str) -> bool:
    now = timezone.now()
    TallyState.objects.bulk_create([TallyState(pk=1)], ignore_conflicts=True)
    free = TallyState.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_token=token), pk=1)
    return bool(free.update(lease_token=token, lease_until=now + _LEASE))


def _begin_in_another_zone() -> None:
    """Mark every day there is: their borders have moved, or nothing was ever counted."""
    zone = organisation().time_zone
    with transaction.atomic():
        state = TallyState.objects.select_for_update().get(pk=1)
        if state.zone == zone:
            return
        if extent := extent_of(None, zone):
            first, last = extent
            # A day more at either end, for days that had something in the zone before.
            days = (first + timedelta(days=step) for step in range(-1, (last - first).days + 2))
            tally_marks.note((day_start(day, zone), "") for day in days)
        TallyState.objects.filter(pk=1).update(zone=zone)


def _count(marks: list[TallyMark], token: str) -> int:
    zone = organisation().time_zone
    done = 0
    for about in (ANSWER, INVITATION):
        days = {local_day(mark.at, zone) for mark in marks if mark.about in ("", about)}
        for chunk in counting.chunks(days, _DAYS_AT_ONCE):
            rows = _facts(about, chunk, zone)
            if not _replace(about, chunk, rows, token):
                return done
            done += len(chunk)
    with transaction.atomic():
        if _lease(token):
            for start in range(0, len(marks), 500):
                TallyMark.objects.filter(pk__in=[mark.pk for mark in marks[start : start + 500]]).delete()
    return done


def _facts(about: str, days: Collection[date], zone: str) -> list[Tally]:
    if about == INVITATION:
        return counting.invitations(Days(days, zone))
    found = counting.answers(Days(days, zone))
    for day in days:  # one by one, because each answer of them is looked at
        found += counting.replies(Days([day], zone))
    return found


def _replace(about: str, days: Collection[date], rows: list[Tally], token: str) -> bool:
    with transaction.atomic():
        if not _lease(token):
            return False
        old = Tally.objects.filter(day__in=days)
        old = old.filter(dimension=counting.STAGE) if about == INVITATION else old.exclude(dimension=counting.STAGE)
        old.delete()
        Tally.objects.bulk_create(rows, batch_size=2000)
    return True


def extent_of(survey_ids: Collection[int] | None, zone: str) -> tuple[date, date] | None:
    """The first and the last local day on which anything was sent or answered."""
    answers, sent = Answer.objects.all(), Invitation.objects.filter(sent_at__isnull=False)
    if survey_ids is not None:
        answers, sent = answers.filter(survey_id__in=survey_ids), sent.filter(survey_id__in=survey_ids)
    given = answers.order_by().aggregate(first=Min("answered_at"), last=Max("answered_at"))
    asked = sent.order_by().aggregate(first=Min("sent_at"), last=Max("sent_at"))
    days = [local_day(at, zone) for found in (given, asked) for at in found.values() if at is not None]
    return (min(days), max(days)) if days else None
