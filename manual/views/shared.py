"""What somebody without an account sees: one edition, and nothing else of the site."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpiproject.queries import organisation
from kpiproject.throttle import is_exceeded, was_exceeded
from manual import rendering, shares
from manual.models import Share
from manual.shares import State
from manual.views import printed

# Nobody mistypes an address of 22 characters so often.
MOST_MISSES: Final = 30
PAUSE_SECONDS: Final = 600
_MISSED: Final = "manual-share"
# Those that say who they are. They fetch a link to show what is behind it; nobody has read it yet.
_ROBOT: Final = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|slurp", re.IGNORECASE)
View = Callable[[HttpRequest, Share], HttpResponseBase]


def outsiders_page(view: View) -> Callable[..., HttpResponseBase]:
    """Finds what is shared under the token. No cookie, nothing kept in caches, nothing told to other sites."""

    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponseBase:
        with timezone.override(organisation().time_zone):
            response = _answer(view, request, token)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return require_safe(page)


def _answer(view: View, request: HttpRequest, token: str) -> HttpResponseBase:
    if was_exceeded(request, _MISSED, most=MOST_MISSES):
        return _say(request, "wait", HTTPStatus.TOO_MANY_REQUESTS)
    found = shares.find(token)
    if found.share is None:
        is_exceeded(request, _MISSED, most=MOST_MISSES, seconds=PAUSE_SECONDS)
        return _say(request, "unknown", HTTPStatus.NOT_FOUND)
    if found.state != State.OPEN:
        return _say(request, str(found.state), HTTPStatus.GONE, share=found.share)
    return view(request, found.share)


@outsiders_page
def shared(request: HttpRequest, share: Share) -> HttpResponse:
    if _is_read(request):
        shares.note_view(share)
    context = {"share": share, "edition": share.edition, "manual": rendering.of_edition(share.edition)}
    return render(request, "manual/shared_page.html", context)


@outsiders_page
def shared_pdf(request: HttpRequest, share: Share) -> HttpResponseBase:
    found = printed.file(share.edition, name="plumbline-manual.pdf")
    if found is None:
        return printed.waiting(request, share.edition, template="manual/shared_printing_page.html", wakes=False)
    if _is_read(request):
        shares.note_view(share)
    return found


def _is_read(request: HttpRequest) -> bool:
    """Whether a person looks, and not a machine that looks ahead for one."""
    hints = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    looks_ahead = any("prefetch" in hint.lower() or "preview" in hint.lower() for hint in hints)
    is_robot = _ROBOT.search(request.headers.get("User-Agent", "")) is not None
    return request.method == "GET" and not looks_ahead and not is_robot


def _say(request: HttpRequest, why: str, status: int, **more: Any) -> HttpResponse:
    response = render(request, "manual/shared_gone_page.html", {"why": why, **more}, status=status)
    if why == "wait":
        response["Retry-After"] = str(PAUSE_SECONDS)
    return response
