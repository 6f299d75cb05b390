"""Exceptions to the rule that no page of ours stands in a frame and none has one; each for one response."""

from collections.abc import Sequence

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt, xframe_options_sameorigin


def shown_by(request: HttpRequest, origins: Sequence[str], response: HttpResponse) -> HttpResponse:
    """Pages of these origins may show it. The older header can only say nobody or everybody, so it is left out."""
    xframe_options_exempt(csp_replace({"frame-ancestors": list(origins)})(lambda _request: response))(request)
    return response


def shown_by_us(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(lambda _request: response))(request)
    return response


def showing_ours(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """It may have pages of ours in frames."""
    csp_update({"frame-src": [SELF]})(lambda _request: response)(request)
    return response
