"""What somebody without an account sees: what is shared of an edition, and nothing else of the site."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kpiproject import outsiders
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from kpiproject.tasks import deliver_mail
from kpiproject.throttle import is_exceeded, was_exceeded
from manual import passphrases, pictures, rendering, share_mail, shares, standalone
from manual.forms import PassphraseForm
from manual.models import Share
from manual.shares import State
from manual.views import printed

# Nobody mistypes an address of 22 characters so often.
MOST_MISSES: Final = 30
PAUSE_SECONDS: Final = 600
_MISSED: Final = "manual-share"
MOST_GUESSES: Final = 10
GUESS_SECONDS: Final = 900
COOKIE: Final = "plumbline_share"
# Those that say who they are. They fetch a link to show what is behind it; nobody has read it yet.
_ROBOT: Final = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|slurp|scan|safelinks|proofpoint|mimecast|barracuda|"
    r"python-requests|curl/|wget/|headless",
    re.IGNORECASE,
)
View = Callable[..., HttpResponseBase]


def outsiders_page(*methods: str, opens: bool = True) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Finds what is shared under the token. No cookie, nothing kept in caches, nothing told to other sites.

    Where `opens`, a passphrase that the link asks for must have been given before.
    """

    def decorated(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
            with timezone.override(organisation().time_zone):
                response = _answer(view, request, token, opens=opens, **more)
            response["Cache-Control"] = "private, no-store"
            # Files stream, which the decorators do not mind.
            return cast("HttpResponse", response)

        return outsiders.outsiders_page()(require_http_methods(["GET", "HEAD", *methods])(page))

    return decorated


def _answer(view: View, request: HttpRequest, token: str, *, opens: bool, **more: Any) -> HttpResponseBase:
    if was_exceeded(request, _MISSED, most=MOST_MISSES):
        return say(request, "wait", HTTPStatus.TOO_MANY_REQUESTS)
    found = shares.find(token)
    if found.share is None:
        is_exceeded(request, _MISSED, most=MOST_MISSES, seconds=PAUSE_SECONDS)
        return say(request, "unknown", HTTPStatus.NOT_FOUND)
    if found.state != State.OPEN:
        return say(request, str(found.state), HTTPStatus.GONE, share=found.share)
    is_kept_shut = opens and not is_opened(request, found.share)
    return _to_reading(found.share) if is_kept_shut else view(request, found.share, **more)


def is_opened(request: HttpRequest, share: Share) -> bool:
    return not share.passphrase or passphrases.is_proof(share, request.COOKIES.get(COOKIE, ""))


@outsiders_page("POST", opens=False)
def shared(request: HttpRequest, share: Share) -> HttpResponseBase:
    if request.method == "POST":
        return _open(request, share) if share.passphrase else HttpResponseNotAllowed(["GET", "HEAD"])
    if not is_opened(request, share):
        return _ask(request, share, PassphraseForm())
    if _is_read(request):
        shares.note_view(share)
    return show(request, share)


def show(request: HttpRequest, share: Share, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    edition = shares.shown_edition(share)
    found = rendering.for_outsiders(edition, share.sections)
    context = {
        "share": share,
        "edition": edition,
        "manual": found.manual.shown_under(reverse("manual:shared", args=[share.token])),
        "has_pdf": found.is_whole,
        **more,
    }
    return render(request, "manual/shared_page.html", context, status=status)


def _ask(request: HttpRequest, share: Share, form: PassphraseForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    if passphrases.is_locked(share):
        return _braked(request, int(passphrases.LOCKED_FOR.total_seconds()))
    return render(request, "manual/shared_passphrase_page.html", {"form": form}, status=status)


def _open(request: HttpRequest, share: Share) -> HttpResponse:
    """The right passphrase opens the manual in this browser for some hours."""
    what = f"manual-passphrase-{share.pk}"
    if passphrases.is_locked(share) or was_exceeded(request, what, most=MOST_GUESSES - 1):
        return _braked(request, GUESS_SECONDS)
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _ask(request, share, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not passphrases.is_right(share, form.cleaned_data["passphrase"]):
        is_last = is_exceeded(request, what, most=MOST_GUESSES - 1, seconds=GUESS_SECONDS)
        if passphrases.note_wrong(share) or is_last:
            _tell(share)
        form.refuse()
        return _ask(request, share, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    response = _to_reading(share)
    response.set_cookie(
        COOKIE,
        passphrases.proof(share),
        path=reverse("manual:shared", args=[share.token]),
        max_age=passphrases.REMEMBERED,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )
    return response


def _tell(share: Share) -> None:
    if told := share_mail.tell_of_guessing(share):
        nudge(deliver_mail, told.pk)


def _to_reading(share: Share) -> HttpResponse:
    found = redirect("manual:shared", share.token)
    found.status_code = HTTPStatus.SEE_OTHER
    return found


def _braked(request: HttpRequest, seconds: int) -> HttpResponse:
    response = say(request, "guessed", HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response


@outsiders_page()
def shared_pdf(request: HttpRequest, share: Share) -> HttpResponseBase:
    """Only of an edition that outsiders may read as it is: the print has all of it."""
    edition = shares.shown_edition(share)
    if not rendering.for_outsiders(edition, share.sections).is_whole:
        return say(request, "no-print", HTTPStatus.NOT_FOUND, share=share)
    found = printed.file(edition, name="plumbline-manual.pdf")
    if found is None:
        return printed.waiting(request, edition, template="manual/shared_printing_page.html", wakes=False)
    if _is_read(request):
        shares.note_view(share)
    return found


@outsiders_page()
def shared_file(request: HttpRequest, share: Share) -> HttpResponse:
    """All that may be read, in one file that needs nothing else."""
    edition = shares.shown_edition(share)
    if _is_read(request):
        shares.note_view(share)
    return standalone.response(standalone.for_outsiders(edition, share.sections), name="plumbline-manual.html")


@outsiders_page()
def shared_picture(request: HttpRequest, share: Share, name: str) -> HttpResponse:
    """Only those that are shown in what may be read."""
    edition = shares.shown_edition(share)
    found = pictures.find(name) if name in rendering.for_outsiders(edition, share.sections).pictures else None
    return pictures.response(found) if found else say(request, "unknown", HTTPStatus.NOT_FOUND)


def _is_read(request: HttpRequest) -> bool:
    """Whether a person from outside looks, and not one of ours or a machine that looks ahead for somebody."""
    hints = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    looks_ahead = any("prefetch" in hint.lower() or "preview" in hint.lower() for hint in hints)
    is_robot = _ROBOT.search(request.headers.get("User-Agent", "")) is not None
    is_ours = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    return request.method == "GET" and not looks_ahead and not is_robot and not is_ours


def say(request: HttpRequest, why: str, status: int, **more: Any) -> HttpResponse:
    response = render(request, "manual/shared_gone_page.html", {"why": why, **more}, status=status)
    if why == "wait":
        response["Retry-After"] = str(PAUSE_SECONDS)
    return response
