"""What happens around every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kpiproject.models import User


class UserTimeZoneMiddleware:
    """Show times in the zone of the person who is logged in, else in the organisation's (see context.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = request.user.time_zone if isinstance(request.user, User) else ""
        if not zone:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)
