"""Stands until the pages are written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def review_list(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def review(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404
