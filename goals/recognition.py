"""Thanks between colleagues, and goals that a team has really reached. No points, no counts, no ranking."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from goals import variation
from goals.models import Goal, Praise, Thanks
from kpiproject import mail
from kpiproject.models import Agent, Team, User
from kpiproject.queries import organisation

MILESTONES_FOR: Final = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class Milestone:
    goal: Goal
    on: date


# --- Thanks -------------------------------------------------------------------------------------------------------
@transaction.atomic
def give(
    *, by: User, what: str, now: datetime, person: User | None = None, team: Team | None = None, praise: Praise | None
) -> Thanks:
    """Keep it, and tell whom it is for by mail; a team's people are those of its agents who have an account."""
    thanks = Thanks.objects.create(by=by, person=person, team=team, what=what, praise=praise, at=now)
    for reader in [person] if person else people_of(team):
        if reader != by:
            _tell(thanks, reader)
    return thanks


def people_of(team: Team | None) -> list[User]:
    """Whoever of a team can log in."""
    addresses = Agent.objects.filter(team=team).exclude(email="").values_list("email", flat=True)
    wanted = {address.strip().lower() for address in addresses} if team else set()
    return list(User.objects.filter(email__in=wanted, is_active=True).order_by("pk"))


def readable(person: User) -> "QuerySet[Thanks]":
    """What somebody may read, the newest first: what is hidden only if it is for them."""
    rows = Thanks.objects.select_related("by", "person", "team", "praise")
    return rows.filter(Q(hidden_at__isnull=True) | Q(person=person))


def hide(person: User, thanks_id: int, now: datetime) -> bool:
    """Whether it was for them, so that it is theirs to hide."""
    return bool(Thanks.objects.filter(pk=thanks_id, person=person).update(hidden_at=now))


def show(person: User, thanks_id: int) -> bool:
    return bool(Thanks.objects.filter(pk=thanks_id, person=person).update(hidden_at=None))


def _tell(thanks: Thanks, reader: User) -> None:
    mail.compose(
        "thanks",
        key=f"thanks:{thanks.pk}:{reader.pk}",
        kind="thanks",
        to=reader.email,
        context={
            "organisation": organisation(),
            "person": reader,
            "by": thanks.by,
            "team": thanks.team,
            "what": thanks.what,
            "praise": thanks.praise.text if thanks.praise else "",
            "url": settings.BASE_URL + reverse("goals:thanks"),
        },
        reply_to=thanks.by.email,
        language=reader.language,
    )


# --- Milestones ---------------------------------------------------------------------------------------------------
def achieved(today: date) -> "QuerySet[Goal]":
    """The goals that were lately achieved, the last first."""
    rows = Goal.objects.filter(status=Goal.Status.ACHIEVED, due__gt=today - MILESTONES_FOR, due__lte=today)
    rows = rows.exclude(state=Goal.State.CANCELLED).select_related("objective", "owner")
    return rows.prefetch_related("rebases").order_by("-due", "-id")


def milestones(goals: Iterable[Goal], *, breached: Collection[int] = ()) -> list[Milestone]:
    """Those that are worth naming. `breached` are the ids of goals whose guardrail did not hold."""
    return [
        Milestone(goal=goal, on=goal.due)
        for goal in goals
        if is_milestone(
            is_achieved=goal.status == Goal.Status.ACHIEVED,
            is_guardrail_healthy=goal.pk not in breached,
            is_beyond_chance=variation.is_beyond_chance(goal, list(goal.rebases.all())),
        )
    ]


def is_milestone(*, is_achieved: bool, is_guardrail_healthy: bool, is_beyond_chance: bool | None) -> bool:
    """A target that was met by luck, or at the cost of something else, is none; nor one of which nobody can tell."""
    return is_achieved and is_guardrail_healthy and is_beyond_chance is True
