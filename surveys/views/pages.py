"""What all pages for respondents share: no cookie, nothing kept in caches, nothing told to other sites."""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from kpiproject import queries as ground
from kpiproject.outsiders import outsiders_page
from surveys import languages
from surveys.availability import Availability
from surveys.views import brand, script


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    language: str = settings.LANGUAGE_CODE,
    status: int = HTTPStatus.OK,
    scripted: bool = False,
) -> HttpResponse:
    """The page in this language, whatever the browser prefers: the question is in it. `scripted` with the light script,
    which the policy lets run because it has exactly these bytes."""
    organisation = context.get("organisation") or ground.organisation()
    around = {
        "organisation": organisation,
        "style_url": brand.style_url(organisation),
        "script": script.source() if scripted else "",
    }
    with translation.override(language):
        response = render(request, f"surveys/{template}.html", around | context, status=status)
    if scripted:
        csp_update({"script-src": [script.permission()]})(lambda _request: response)(request)
    response["Content-Language"] = language
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    language = readers_language(request)
    with translation.override(language):
        context = {
            "heading": _("This link does not lead anywhere"),
            "sentence": _("It is not complete, or it was changed on its way. Please open it again where you found it."),
        }
    return show(request, "gone_page", context, language=language, status=HTTPStatus.NOT_FOUND)


def readers_language(request: HttpRequest) -> str:
    """What the browser prefers, where there is no survey that would know better."""
    wanted = languages.preferred(request.headers.get("Accept-Language", ""))
    return languages.choose(languages.LANGUAGES, *wanted, otherwise=settings.LANGUAGE_CODE)


def harmless(request: HttpRequest, *, language: str) -> HttpResponse:
    """What a link says that nobody sees, to whoever finds it all the same."""
    with translation.override(language):
        context = {
            "heading": _("There is nothing here"),
            "sentence": _("This address only tells machines from people. Please answer by another link of your mail."),
        }
    return show(request, "gone_page", context, language=language)


def too_many(request: HttpRequest) -> HttpResponse:
    language = readers_language(request)
    with translation.override(language):
        context = {
            "heading": _("Too many links that lead nowhere"),
            "sentence": _(
                "Many addresses that do not exist were opened from your network. A complete link still works: please "
                "open it again where you found it, or wait ten minutes."
            ),
        }
    return show(request, "gone_page", context, language=language, status=HTTPStatus.TOO_MANY_REQUESTS)


def too_large(request: HttpRequest) -> HttpResponse:
    language = readers_language(request)
    with translation.override(language):
        context = {
            "heading": _("Your comment is too large"),
            "sentence": _(
                "Nothing was recorded. Please go back in your browser, shorten the comment and send it again."
            ),
        }
    return show(request, "gone_page", context, language=language, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


respondents_page = outsiders_page(too_large)


def gone(request: HttpRequest, state: Availability, *, language: str, is_secret: bool = False) -> HttpResponse:
    """410 with the sentence for an invitation or survey that takes no answer any more; `is_secret` where nobody knows
    which answer it was."""
    with translation.override(language):
        heading, sentence = _ends()["secret" if is_secret else state.value]
    return show(
        request, "gone_page", {"heading": heading, "sentence": sentence}, language=language, status=HTTPStatus.GONE
    )


def _ends() -> dict[str, tuple[str, str]]:
    """Heading and sentence, in the language that is active."""
    return {
        "expired": (_("This invitation has expired"), _("It can no longer be answered. Thank you for wanting to.")),
        "closed": (_("This survey is closed"), _("It takes no more answers. Thank you for your interest.")),
        "locked": (
            _("Your answer has been counted"),
            _("It can no longer be changed. Thank you for having given it."),
        ),
        "secret": (
            _("Your answer has been counted"),
            _("It cannot be shown or changed, because nobody knows which one it is. Thank you for having given it."),
        ),
    }
