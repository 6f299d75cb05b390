"""Leaving reports and alarms: GET shows a button, POST acts. Mail programs post by themselves (RFC 8058)."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from goals import report_unsubscribe
from goals.alarms import leaving
from goals.models import Stakeholder
from goals.report_unsubscribe import Subscription
from kpiproject.outsiders import outsiders_page
from kpiproject.queries import organisation
from surveys.views import brand

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Way(Generic[Found]):
    """What is left, and how; `name` is what its page calls whoever leaves."""

    template: str
    name: str
    find: Callable[[str], Found | None]
    leave: Callable[[Found], object]
    has_left: Callable[[Found], bool]


_REPORTS: Way[Subscription] = Way(
    template="goals/report_unsubscribe_page.html",
    name="subscription",
    find=report_unsubscribe.find,
    leave=report_unsubscribe.leave,
    has_left=lambda found: found.is_over,
)
_ALARMS: Way[Stakeholder] = Way(
    template="goals/alarm_unsubscribe_page.html",
    name="stakeholder",
    find=leaving.find,
    leave=leaving.leave,
    has_left=leaving.has_left,
)


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, token, _REPORTS)


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def alarms(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, token, _ALARMS)


def _page(request: HttpRequest, token: str, way: Way[Found]) -> HttpResponse:
    """The answer to the post is the page itself: RFC 8058 forbids a redirect."""
    found, house = way.find(token), organisation()
    context = {way.name: found, "organisation": house, "style_url": brand.style_url(house)}
    if found is None:
        return render(request, way.template, context, status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        way.leave(found)
    return render(request, way.template, context | {"is_over": way.has_left(found)})
