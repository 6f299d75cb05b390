"""Whether the browser has this page already. An edition never changes, but what stands around it may."""

import re
from hashlib import blake2b
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

# Written anew for every answer, and each is as good as the others for the same cookie.
_FORM_MARK: Final = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def unless_known(request: HttpRequest, response: HttpResponse, *, known: str, name: str) -> HttpResponseBase:
    """304 if the browser holds the same page, made for the same session. `name` stands for its largest part `known`,
    which need not be looked at again."""
    session = str(request.META.get("CSRF_COOKIE", "")).encode()
    above, _known, beneath = response.content.partition(known.encode())
    frame = _FORM_MARK.sub(b"", above + name.encode() + beneath)
    response["ETag"] = f'"{blake2b(frame, key=session[:64], digest_size=16).hexdigest()}"'
    response["Cache-Control"] = "private, no-cache"
    answer: HttpResponseBase = get_conditional_response(request, etag=response["ETag"], response=response) or response
    return answer
