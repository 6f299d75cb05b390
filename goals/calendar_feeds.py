"""A person's dates for their calendar program: reviews, goals that are due with their milestones, actions that are due.

The address is the credential; what it shows follows the permissions that the person has at that moment.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from goals import lines
from goals.models import Action, CalendarFeed, Goal, Milestone, Review
from kpiproject.lib import ical_writing, tokens
from kpiproject.lib.ical_writing import Calendar, Day
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

KEPT: Final = timedelta(days=366)
"""What is longer ago is not in a calendar any more."""
_PRODUCT: Final = "-//Plumbline//Reviews and goals//EN"


def find(token: str) -> User | None:
    """Whose calendar this is; None for an unknown address, and for somebody who may no longer log in."""
    if not tokens.is_token(token):
        return None
    found = CalendarFeed.objects.select_related("person").filter(token=token, person__is_active=True).first()
    return found.person if found else None


def url(person: User) -> str:
    """The person's address; empty until they have asked for one."""
    token = CalendarFeed.objects.filter(person=person).values_list("token", flat=True).first()
    return settings.BASE_URL + reverse("goals:calendar", args=[token]) if token else ""


@transaction.atomic
def renew(person: User) -> str:
    """A new address for this person. The old one, where there is one, leads nowhere from now on."""
    token = tokens.new_token()
    CalendarFeed.objects.update_or_create(person=person, defaults={"token": token})
    return settings.BASE_URL + reverse("goals:calendar", args=[token])


def revoke(person: User) -> bool:
    """The address leads nowhere from now on, and there is no new one. Whether there was one."""
    return bool(CalendarFeed.objects.filter(person=person).delete()[0])


def write(person: User, now: datetime) -> bytes:
    """The person's calendar in their language, by the organisation's days."""
    house = organisation()
    today = local_day(now, house.time_zone)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        name = _("%(organisation)s: reviews and goals") % {"organisation": house.name}
        days = [*_reviews(person, today), *_goals(person, today), *_milestones(person), *_actions(person)]
        calendar = Calendar(name=name, product=_PRODUCT, zone=house.time_zone, days=days)
        return ical_writing.write(calendar, now)


def _reviews(person: User, today: date) -> Iterator[Day]:
    if not person.has_perm("goals.view_review"):
        return
    theirs = Review.objects.filter(Q(owner=person) | Q(participants=person), on__gte=today - KEPT)
    for review in theirs.select_related("owner").distinct().order_by("on", "id"):
        leader = _("Led by %(person)s") % {"person": review.owner}
        yield Day(
            uid=_uid("review", review.pk),
            day=review.on,
            summary=review.title,
            description="\n\n".join(part for part in (leader, review.agenda) if part),
            url=settings.BASE_URL + reverse("goals:review", args=[review.pk]),
            category=_("Review"),
            is_cancelled=review.state == Review.State.CANCELLED,
        )


def _goals(person: User, today: date) -> Iterator[Day]:
    """Also those that were cancelled, so that a program that has them strikes them out."""
    if not person.has_perm("goals.view_goal"):
        return
    theirs = Goal.objects.filter(owner=person, due__gte=today - KEPT).exclude(state=Goal.State.DRAFT)
    for goal in theirs.order_by("due", "id"):
        words = {"target": lines.amount(goal, goal.target) if goal.has_kpi else lines.target(goal)}
        yield Day(
            uid=_uid("goal", goal.pk),
            day=goal.due,
            summary=_("Goal due: %(goal)s") % {"goal": goal},
            description=_("The target is %(target)s.") % words,
            url=settings.BASE_URL + reverse("goals:goal", args=[goal.pk]),
            category=_("Goal"),
            is_cancelled=goal.state == Goal.State.CANCELLED,
        )


def _milestones(person: User) -> Iterator[Day]:
    """Those of their goals that are open."""
    if not person.has_perm("goals.view_goal"):
        return
    running = Milestone.objects.filter(goal__owner=person, goal__state=Goal.State.ACTIVE, goal__kpi="")
    for one in running.filter(done_on=None, due__isnull=False).select_related("goal").order_by("due", "id"):
        yield Day(
            uid=_uid("milestone", one.pk),
            day=one.due or one.goal.due,
            summary=_("Milestone due: %(milestone)s") % {"milestone": one},
            description=_("Of the goal: %(goal)s") % {"goal": one.goal},
            url=settings.BASE_URL + reverse("goals:goal", args=[one.goal_id]) + "#milestones",
            category=_("Goal"),
        )


def _actions(person: User) -> Iterator[Day]:
    """Those that are open: what is done is no date any more."""
    if not person.has_perm("goals.view_action"):
        return
    for action in _open(person):
        yield Day(
            uid=_uid("action", action.pk),
            day=action.due,
            summary=_("Action due: %(action)s") % {"action": action},
            description=_("From: %(review)s") % {"review": action.review} if action.review else "",
            url=settings.BASE_URL + reverse("goals:action", args=[action.pk]),
            category=_("Action"),
        )


def _open(person: User) -> "QuerySet[Action]":
    found = Action.objects.filter(owner=person, state=Action.State.OPEN)
    return found.select_related("review").order_by("due", "id")


def _uid(kind: str, pk: int) -> str:
    return f"{kind}-{pk}@{urlsplit(settings.BASE_URL).hostname or 'plumbline'}"
