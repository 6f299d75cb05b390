"""What managers are told about people, privately: who had a hard day, and whom nobody has thanked for long.

Never a score, never a number, and never shown to anybody else: both are reasons to talk with somebody.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from goals.models import Praise, SupportHint, Thanks
from goals.praise import agents_of
from kpiproject import mail
from kpiproject.lib.periods import local_day
from kpiproject.models import Agent, Mail, User
from kpiproject.queries import active_managers, organisation
from surveys.queries import unhappy_since

HARD_CONTACTS: Final = 3
WITHIN: Final = timedelta(days=1)
GAP: Final = timedelta(days=60)
SHOWN_FOR: Final = timedelta(days=14)
_PERMISSION: Final = "goals.view_supporthint"


# --- Hard days ----------------------------------------------------------------------------------------------------
@transaction.atomic
def notice(now: datetime) -> list[SupportHint]:
    """Keep a hint for every agent with three unhappy answers within a day, of which no hint has told yet, and write
    to the managers. A burst of them is three at once. The new ones."""
    zone = organisation().time_zone
    answers: dict[Agent, list[datetime]] = defaultdict(list)
    rows = list(
        unhappy_since(now - WITHIN).filter(answered_at__gt=now - WITHIN, answered_at__lte=now).exclude(agent="")
    )
    agents = agents_of(rows)
    for answer in rows:
        if agent := agents.get(answer.pk):
            answers[agent].append(answer.answered_at)
    told = _told_lately([agent.pk for agent in answers], now)
    found = []
    for agent, instants in answers.items():
        fresh = [at for at in instants if agent.pk not in told or at > told[agent.pk]]
        if len(fresh) >= HARD_CONTACTS:
            hint, is_new = SupportHint.objects.get_or_create(
                agent=agent, day=local_day(max(fresh), zone), defaults={"at": now}
            )
            found += [hint] if is_new else []
    if found:
        _write_hints(found)
    return found


def open_hints(now: datetime) -> "QuerySet[SupportHint]":
    """Those of the last two weeks that nobody has settled; older ones are no help any more."""
    rows = SupportHint.objects.filter(settled_at__isnull=True, at__gt=now - SHOWN_FOR)
    return rows.select_related("agent", "agent__team")


def settle(hint_id: int, *, by: User, now: datetime) -> bool:
    """Somebody has talked with them, or knows that there is no need."""
    return bool(SupportHint.objects.filter(pk=hint_id, settled_at__isnull=True).update(settled_at=now, settled_by=by))


def _told_lately(agent_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    rows = SupportHint.objects.filter(agent__in=agent_ids, at__gt=now - WITHIN).order_by("at")
    return dict(rows.values_list("agent", "at"))


def _write_hints(found: Sequence[SupportHint]) -> None:
    """One mail to each manager, however many there are."""
    for manager in _readers():
        _compose(
            "support_hint",
            manager,
            key=f"support_hint:{min(hint.pk for hint in found)}:{manager.pk}",
            names=sorted({str(hint.agent) for hint in found}),
        )


# --- Long without thanks ------------------------------------------------------------------------------------------
def without_thanks(now: datetime) -> list[User]:
    """Whoever has an account for 60 days, has logged in since, and has got neither thanks nor praise in that time.

    Thanks to a whole team are not meant for one person, so that they do not count.
    """
    since = now - GAP
    thanked = Thanks.objects.filter(person__isnull=False, at__gt=since).values("person")
    praised = Praise.objects.filter(person__isnull=False, at__gt=since).exclude(state=Praise.State.REFUSED)
    rows = User.objects.filter(is_active=True, created_at__lte=since, last_login__gt=since)
    rows = rows.exclude(Q(pk__in=thanked) | Q(pk__in=praised.values("person")))
    return list(rows.order_by("name", "email"))


@transaction.atomic
def remind_of_gaps(now: datetime) -> int:
    """At most one mail a week to each manager: the key of the mail names the week. How many are new."""
    year, week, _day = local_day(now, organisation().time_zone).isocalendar()
    keys = {manager: f"thanks_gap:{year}-{week:02}:{manager.pk}" for manager in _readers()}
    known = set(Mail.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    waiting = {manager: key for manager, key in keys.items() if key not in known}
    people = without_thanks(now) if waiting else []
    count = 0
    for manager, key in waiting.items():
        others = [str(person) for person in people if person != manager]
        if others:
            _compose("thanks_gap", manager, key=key, names=others)
            count += 1
    return count


def _readers() -> list[User]:
    return [manager for manager in active_managers() if manager.has_perm(_PERMISSION)]


def _compose(template: str, manager: User, *, key: str, names: Sequence[str]) -> None:
    context: dict[str, Any] = {
        "organisation": organisation(),
        "person": manager,
        "names": names,
        "url": settings.BASE_URL + reverse("goals:praise_inbox"),
    }
    mail.compose(template, key=key, kind=template, to=manager.email, context=context, language=manager.language)
