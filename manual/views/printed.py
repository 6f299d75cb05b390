"""The PDF of an edition, or words about when there will be one."""

from http import HTTPStatus
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kpiproject.queue import nudge
from manual.models import Edition, ExtractPrint
from manual.printing import has_failed, print_again
from manual.tasks import print_edition

RETRY_SECONDS: Final = 10
FOR_EVER: Final = "private, max-age=31536000, immutable"


def file(edition: Edition | ExtractPrint, *, name: str) -> HttpResponseBase | None:
    """The file, shown in the browser under that name; None as long as there is none. A lost one is printed again."""
    if not edition.pdf:
        return None
    try:
        content = edition.pdf.open("rb")
    except FileNotFoundError:
        print_again(edition)
        return None
    return FileResponse(content, filename=name, content_type="application/pdf")


def waiting(request: HttpRequest, edition: Edition, *, template: str) -> HttpResponse:
    """503 with a page in words. Wakes the printer, who may have missed the edition; the sweep finds it anyway."""
    is_over = has_failed(edition)
    if not is_over:
        nudge(print_edition, edition.pk)
    return later(request, template, is_over=is_over, edition=edition)


def later(request: HttpRequest, template: str, *, is_over: bool, **more: Any) -> HttpResponse:
    """Such a page. `is_over`: there will be no PDF."""
    context = {"has_failed": is_over, **more}
    response = render(request, template, context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    # Waiting is no error of the site, which Django would write into the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - the mark of Django's log_response
    response["Cache-Control"] = "no-store"
    if not is_over:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
