"""What all pages for people without an account share: no cookie, nothing kept in caches, nothing told to others."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

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


def _too_large(_request: HttpRequest) -> HttpResponse:
    text = _("This is too large; nothing was changed.")
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def outsiders_page(too_large: View = _too_large) -> Callable[[View], View]:
    """A page without account. The token in its address is the credential, so there is no session that a foreign site
    could ride on: CSRF protection would protect nothing and need a cookie."""

    def decorated(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.upload_handlers = [NoFiles(request)]
            try:
                response = view(request, *args, **kwargs)
            except RequestDataTooBig:
                response = too_large(request)
            response.headers.setdefault("Cache-Control", "no-store")
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return csrf_exempt(page)

    return decorated
