"""Being told of new editions without an account. GET shows a button, POST acts; mail programs look at every link."""

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kpiproject.outsiders import outsiders_page
from kpiproject.queue import nudge
from kpiproject.tasks import deliver_mail
from kpiproject.throttle import is_exceeded
from manual import followers, share_mail, shares
from manual.forms import FollowForm
from manual.models import Follower, Share
from manual.shares import State
from manual.views import shared

# From one network address within an hour; one mailbox gets no more than that within a day (manual.followers).
MOST_ASKED: Final = 3
HOUR_SECONDS: Final = 3600


@shared.outsiders_page("POST")
def follow(request: HttpRequest, share: Share) -> HttpResponse:
    """The answer is the same whether the address follows already or not: nobody learns that from us."""
    if not share.follows_editions:
        return shared.say(request, "unknown", HTTPStatus.NOT_FOUND)
    form = FollowForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _ask(request, share, form.cleaned_data["email"])
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return shared.show(request, share, follow_form=form, status=status)


def _ask(request: HttpRequest, share: Share, email: str) -> HttpResponse:
    if is_exceeded(request, "manual-follow", most=MOST_ASKED, seconds=HOUR_SECONDS):
        response = shared.say(request, "asked", HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(HOUR_SECONDS)
        return response
    if follower := followers.ask(share, email):
        nudge(deliver_mail, share_mail.ask_to_confirm(follower).pk)
    return render(request, "manual/follow_asked_page.html", {"share": share, "email": email})


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    follower = followers.asked(token)
    if follower is None:
        return _say(request, "too-old", None, HTTPStatus.NOT_FOUND)
    if shares.state(follower.share) != State.OPEN:
        return _say(request, "closed", follower, HTTPStatus.GONE)
    if request.method == "POST":
        followers.confirm(follower)
    return _say(request, "follows" if followers.follows(follower) else "confirm", follower)


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def follow_leave(request: HttpRequest, token: str) -> HttpResponse:
    """The answer to the post is the page itself: RFC 8058 forbids a redirect."""
    follower = followers.leaving(token)
    if follower is None:
        return _say(request, "unknown", None, HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        followers.leave(follower)
    return _say(request, "leave" if followers.follows(follower) else "left", follower)


def _say(request: HttpRequest, what: str, follower: Follower | None, status: int = HTTPStatus.OK) -> HttpResponse:
    context: dict[str, Any] = {"what": what, "follower": follower}
    return render(request, "manual/follow_page.html", context, status=status)
