"""Stands until the pages are written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def draft(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def publish(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def section_edit(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def section_preview(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404
