"""Leaving a report: GET shows a button, POST acts. Mail programs post by themselves (RFC 8058)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from goals import report_unsubscribe
from kpiproject.outsiders import outsiders_page
from kpiproject.queries import organisation
from surveys.views import brand


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The answer to the post is the page itself: RFC 8058 forbids a redirect."""
    subscription = report_unsubscribe.find(token)
    house = organisation()
    context = {"subscription": subscription, "organisation": house, "style_url": brand.style_url(house)}
    if subscription is None:
        return render(request, "goals/report_unsubscribe_page.html", context, status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        report_unsubscribe.leave(subscription)
    return render(request, "goals/report_unsubscribe_page.html", context | {"is_over": subscription.is_over})
