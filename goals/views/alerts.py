"""Stands until the pages are written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def alert_list(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404
