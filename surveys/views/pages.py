"""What all pages for respondents share: no cookie, nothing kept in caches, nothing told to other sites."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from surveys.availability import Availability

View = Callable[..., HttpResponse]


class NoFiles(FileUploadHandler):
    """Strangers must not fill memory or disk: nothing here asks for a file, so none is kept, and a body that no
    comment can explain is not even read."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
            msg = f"A body of {content_length} bytes is more than a respondent can need."
            raise RequestDataTooBig(msg)

    def new_file(self, *_args: Any, **_kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def respondents_page(view: View) -> View:
    """A page without account. The token in its address is the credential, so there is no session that a foreign site
    could ride on: CSRF protection would protect nothing and need a cookie."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [NoFiles(request)]
        try:
            response = view(request, *args, **kwargs)
        except RequestDataTooBig:
            response = too_large(request)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(page)


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    language: str = settings.LANGUAGE_CODE,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page in the language of its survey, whatever the browser prefers: the question is in that language."""
    with translation.override(language):
        response = render(request, f"surveys/{template}.html", context, status=status)
    response["Content-Language"] = language
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("This link does not lead anywhere"),
        "sentence": _(
            "It is not complete, or it was changed on its way. Please open it again from the mail you received."
        ),
    }
    return show(request, "gone_page", context, status=HTTPStatus.NOT_FOUND)


def too_large(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("Your comment is too large"),
        "sentence": _("Nothing was recorded. Please go back in your browser, shorten the comment and send it again."),
    }
    return show(request, "gone_page", context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def gone(request: HttpRequest, state: Availability, *, language: str) -> HttpResponse:
    """410 with the sentence for an invitation or survey that takes no answer any more."""
    with translation.override(language):
        heading, sentence = {
            Availability.EXPIRED: (
                _("This invitation has expired"),
                _("It can no longer be answered. Thank you for wanting to."),
            ),
            Availability.CLOSED: (
                _("This survey is closed"),
                _("It takes no more answers. Thank you for your interest."),
            ),
            Availability.LOCKED: (
                _("Your answer has been counted"),
                _("It can no longer be changed. Thank you for having given it."),
            ),
        }[state]
    return show(
        request, "gone_page", {"heading": heading, "sentence": sentence}, language=language, status=HTTPStatus.GONE
    )
