"""Stands until the pages are written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def report_list(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def report(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def preview(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def test_mail(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def send_now(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def run(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404


def unsubscribe(request: HttpRequest, **_given: Any) -> HttpResponse:
    raise Http404
