"""Buttons that are pressed after somebody was logged out: the way back leads to the page with the button, and a long
text is given back.

What only takes a POST has no page of its own to come back to.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

View = Callable[..., HttpResponse]
_PAGES_TO_WRITE_ON: Final = frozenset({"section_edit", "note"})
# The fields of the manual's forms in which people write sentences; those of a review have the section's name behind.
_SENTENCES: Final = frozenset({"text", "note", "words", "why", "answer", "reply", "reason"})
_OF_SECTIONS: Final = "section-"


def login_to_act(view: View) -> View:
    """Like login_required, for what only takes a POST. Sentences that were sent with it are given back."""

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if text := _written(request):
            return _given_back(request, text, _page_with_the_button(request))
        messages.warning(request, _("You were logged out, so nothing was done. Log in, then press the button again."))
        return redirect_to_login(_page_with_the_button(request))

    return page


def login_to_write(view: View) -> View:
    """Like login_required, for forms with a long text: it is given back to whoever was logged out while writing it."""

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        back = _page_to_write_on(request)
        text = _written(request)
        return _given_back(request, text, back) if text else redirect_to_login(back)

    return page


def _written(request: HttpRequest) -> str:
    try:
        sent = request.POST
    except RequestDataTooBig:
        return ""
    names = [name for name in sent if name in _SENTENCES or name.startswith(_OF_SECTIONS)]
    return "\n\n".join(words for name in names if (words := sent[name].strip()))


@csrf_protect
def _given_back(request: HttpRequest, text: str, back: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return render(request, "manual/_logged_out.html")
    context = {"text": text, "login": redirect_to_login(back)["Location"]}
    return render(request, "manual/logged_out_page.html", context, status=HTTPStatus.UNAUTHORIZED)


def _page_with_the_button(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return reverse("manual:manual")
    found = urlsplit(came_from)
    if found.path == request.path:
        return reverse("manual:manual")
    return f"{found.path}?{found.query}" if found.query else found.path


def _page_to_write_on(request: HttpRequest) -> str:
    """Previews and pictures are sent from the page of the section."""
    found = request.resolver_match
    if found is None or found.url_name in _PAGES_TO_WRITE_ON:
        return request.path
    return reverse("manual:section_edit", kwargs=found.kwargs)
