"""How much waits behind an entry of the navigation. Counted only by pages that show it."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kpiproject.models import User
from surveys import follow_up_queries


def counts(request: HttpRequest) -> dict[str, object]:
    return {"follow_ups_waiting": SimpleLazyObject(lambda: _follow_ups(request))}


def _follow_ups(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return 0
    return follow_up_queries.waiting_for(user, timezone.now())
