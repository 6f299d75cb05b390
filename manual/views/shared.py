"""What somebody without an account sees: what is shared of an edition, and nothing else of the site."""

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
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
from kpiproject.documents import words
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from kpiproject.tasks import deliver_mail
from kpiproject.throttle import ends_at, is_exceeded, was_exceeded
from manual import extract_prints, outside, passphrases, pictures, rendering, share_mail, shares, standalone
from manual.forms import PassphraseForm
from manual.models import Share
from manual.printing import has_failed
from manual.shares import State
from manual.views import printed

# Nobody mistypes an address of 22 characters so often.
MOST_MISSES: Final = 30
PAUSE_SECONDS: Final = 600
_MISSED: Final = "manual-share"
MOST_GUESSES: Final = passphrases.MOST_FROM_ONE
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
        "note": found.note,
        **more,
    }
    return render(request, "manual/shared_page.html", context, status=status)


def _ask(request: HttpRequest, share: Share, form: PassphraseForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    if (braked := _brake(request, share)) is not None:
        return braked
    return render(request, "manual/shared_passphrase_page.html", {"form": form}, status=status)


def _open(request: HttpRequest, share: Share) -> HttpResponse:
    """The right passphrase opens the manual in this browser for some hours."""
    if (braked := _brake(request, share)) is not None:
        return braked
    form = PassphraseForm(request.POST)
    if form.is_valid() and not passphrases.is_right(share, form.cleaned_data["passphrase"]):
        _note_wrong(request, share)
        form.refuse()
    if not form.is_valid():
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


def _brake(request: HttpRequest, share: Share) -> HttpResponse | None:
    """For whoever opens it as well: nobody should type a passphrase that is not looked at."""
    if passphrases.is_locked(share):
        return _braked(request, share.locked_until)
    if was_exceeded(request, _guesses(share), most=MOST_GUESSES - 1):
        return _braked(request, ends_at(request, _guesses(share)))
    return None


def _guesses(share: Share) -> str:
    """Counted anew under another address of the link, which is the way out for whoever mistyped."""
    return f"manual-passphrase-{share.pk}-{share.token[:8]}"


def _note_wrong(request: HttpRequest, share: Share) -> None:
    """Whoever made the link is told when an address or the link is locked by it."""
    is_last = is_exceeded(request, _guesses(share), most=MOST_GUESSES - 1, seconds=GUESS_SECONDS)
    if (passphrases.note_wrong(share) or is_last) and (told := share_mail.tell_of_guessing(share)):
        nudge(deliver_mail, told.pk)


def _to_reading(share: Share) -> HttpResponse:
    found = redirect("manual:shared", share.token)
    found.status_code = HTTPStatus.SEE_OTHER
    return found


def _braked(request: HttpRequest, until: datetime | None) -> HttpResponse:
    """Says until when; a minute if it is over in this very moment."""
    now = timezone.now()
    ends = max(until or now, now + timedelta(minutes=1))
    response = say(request, "guessed", HTTPStatus.TOO_MANY_REQUESTS, until=ends, zone=organisation().time_zone)
    response["Retry-After"] = str(math.ceil((ends - now).total_seconds()))
    return response


@outsiders_page()
def shared_pdf(request: HttpRequest, share: Share) -> HttpResponseBase:
    """Of what may be read. A worker prints it when the link is made or shows another edition, never a reader."""
    kept = extract_prints.of(shares.shown_edition(share), share.sections)
    found = printed.file(kept, name="plumbline-manual.pdf") if kept else None
    if found is None:
        is_over = kept is not None and has_failed(kept)
        return printed.later(request, "manual/shared_printing_page.html", is_over=is_over, share=share)
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
def shared_markdown(request: HttpRequest, share: Share) -> HttpResponse:
    """The words of it, for other programs."""
    if _is_read(request):
        shares.note_view(share)
    text = words.to_markdown(outside.extract(shares.shown_edition(share), share.sections).content)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plumbline-manual.md"'
    return response


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
