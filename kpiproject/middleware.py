"""What happens around every request."""

from collections.abc import Callable
from contextlib import nullcontext
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from kpiproject.lib.page_memory import remembering
from kpiproject.models import User
from kpiproject.queries import organisation

# They must answer when the database does not, whoever asks.
_PROBES = ("/healthz", "/readyz")


class UserTimeZoneMiddleware:
    """Show times in the zone of the person who is logged in, else the organisation's; and words in their language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever brings no session is nobody: customers and health checks cost no query here.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path in _PROBES:
            return self.get_response(request)
        if not isinstance(request.user, User):
            return self.get_response(request)
        if request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        only_shows = request.method in ("GET", "HEAD")
        with remembering() if only_shows else nullcontext():
            return self._in_their_zone(request, request.user)

    def _in_their_zone(self, request: HttpRequest, user: User) -> HttpResponse:
        with timezone.override(user.time_zone or organisation().time_zone):
            return self.get_response(request)


class ButtonAddressMiddleware:
    """An address that only takes what a button sends, opened by itself by somebody who is logged in: say so.

    That happens when they were logged out meanwhile and come back from the page to log in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_opened = request.method == "GET" and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        if not (is_opened and isinstance(request.user, User) and request.accepts("text/html")):
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page
