from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kpiproject.middleware import UserTimeZoneMiddleware
from kpiproject.models import User
from kpiproject.queries import organisation
from tests.factories import UserFactory

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def seen(user: User | None, *, path: str = "/", cookies: bool = True) -> str:
    """What the middleware makes of noon in UTC, and the language."""

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{timezone.localtime(NOON):%H:%M} {translation.get_language()}")

    request = RequestFactory().get(path)
    if cookies:
        request.COOKIES["plumbline_session"] = "x"
    if user is not None:
        request.user = user
    with translation.override("en"):
        return UserTimeZoneMiddleware(view)(request).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "organisations", "clock"),
    [("Asia/Kathmandu", "Europe/Berlin", "17:45"), ("", "Europe/Berlin", "14:00"), ("", "UTC", "12:00")],
)
def test_times_are_shown_in_ones_own_zone_or_the_organisations(own: str, organisations: str, clock: str) -> None:
    here = organisation()
    here.time_zone = organisations
    here.save()

    assert seen(UserFactory(time_zone=own)) == f"{clock} en"


@pytest.mark.django_db
def test_words_are_in_ones_own_language() -> None:
    assert seen(UserFactory(language="de", time_zone="UTC")) == "12:00 de"


def test_nobody_without_a_session_is_looked_up() -> None:
    assert seen(None, cookies=False) == "12:00 en"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_look_nobody_up(path: str) -> None:
    assert seen(None, path=path) == "12:00 en"


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "times"), [("get", 1), ("head", 1), ("post", 3)])
def test_a_page_that_only_shows_reads_the_organisation_once(method: str, times: int) -> None:
    organisation()

    def view(_request: HttpRequest) -> HttpResponse:
        organisation()
        organisation()
        return HttpResponse()

    request = getattr(RequestFactory(), method)("/")
    request.COOKIES["plumbline_session"] = "x"
    request.user = UserFactory(time_zone="")
    with CaptureQueriesContext(connection) as queries:
        UserTimeZoneMiddleware(view)(request)
    assert len(queries) == times
