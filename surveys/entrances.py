"""Ways in without an invitation: kiosks, widgets, printed codes. Whoever comes by one is nobody, and two who come by
the same one have nothing in common but the place."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet

from kpiproject.lib.tokens import is_token, new_token
from surveys.answers import WayIn
from surveys.models import Answer, Entrance, Survey

COUNTED_DAYS: Final = 30


def find(kind: str, token: str) -> Entrance | None:
    """The way in behind an address, with its survey; also one that is off."""
    if not is_token(token):
        return None
    return Entrance.objects.select_related("survey__current_version").filter(kind=kind, token=token).first()


def of_survey(survey: Survey) -> QuerySet[Entrance]:
    """Those that are on first."""
    return Entrance.objects.filter(survey=survey).order_by("-is_active", "kind", "name", "id")


def way_in(entrance: Entrance) -> WayIn:
    """What an answer that came by it is counted under."""
    known = {"team": entrance.team, "channel": entrance.channel}
    return WayIn(
        origin=Answer.Origin(entrance.kind),
        entrance=entrance,
        context={name: text for name, text in known.items() if text},
    )


def switch(entrance: Entrance, *, is_active: bool) -> None:
    """One that is off takes no answers; those it took stay."""
    entrance.is_active = is_active
    entrance.save(update_fields=["is_active"])


def renew_address(entrance: Entrance) -> None:
    """From now on nobody comes in by the old address; printed codes with it are waste paper."""
    entrance.token = new_token()
    entrance.save(update_fields=["token"])


def counts(survey: Survey, entrances: Collection[Entrance], *, now: datetime) -> Mapping[int, int]:
    """How many answers came by each in the last 30 days. Of employees nothing: a place may be one person's."""
    if survey.is_anonymous:
        return {}
    lately = Answer.objects.filter(survey=survey, answered_at__gt=now - timedelta(days=COUNTED_DAYS))
    rows = lately.filter(entrance__in=entrances).order_by().values_list("entrance").annotate(n=Count("id"))
    return dict.fromkeys((entrance.pk for entrance in entrances), 0) | dict(rows)
