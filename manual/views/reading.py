"""Stands until the pages are written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def manual(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def edition_list(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def edition(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def changes(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def edition_pdf(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def section(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404
