"""Stands until the pages are written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def share_list(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def share_revoke(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def shared(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def shared_pdf(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404
