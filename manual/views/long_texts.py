"""Forms with a text that may be far too long: it is taken in, so that it can be given back with a word about it."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

# A text of 5 MB, of which every letter is sent as six.
MOST_BYTES: Final = 40_000_000
_TYPE: Final = "application/x-www-form-urlencoded"
View = Callable[..., HttpResponse]


def takes_long_text(allowed: Callable[[View], View]) -> Callable[[View], View]:
    """Elsewhere a body of more than a megabyte is refused before anybody looks at it. `allowed` decides first who may
    send one; the check against forged forms follows when it has been read."""

    def decorated(view: View) -> View:
        protected = csrf_protect(view)

        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
            if request.method == "POST" and length > MOST_BYTES:
                return _too_long(request)
            if request.method == "POST" and _is_long(request, length):
                request.POST = QueryDict(request.read(length), encoding=request.encoding)
            return protected(request, *args, **kwargs)

        return csrf_exempt(allowed(page))

    return decorated


def answers_long_text(allowed: Callable[[View], View]) -> Callable[[View], View]:
    """For a form that comes with a file, which Django takes apart itself: a text that is too long for it is answered
    with a word about it, and the browser still has it."""

    def decorated(view: View) -> View:
        protected = csrf_protect(view)

        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _ = request.POST
            except RequestDataTooBig:
                return _too_long(request)
            return protected(request, *args, **kwargs)

        return csrf_exempt(allowed(page))

    return decorated


def _too_long(request: HttpRequest) -> HttpResponse:
    return render(request, "manual/text_too_long_page.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _is_long(request: HttpRequest, length: int) -> bool:
    return length > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) and request.content_type == _TYPE
