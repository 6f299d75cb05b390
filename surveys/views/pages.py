"""What all pages for respondents share: no cookie, nothing kept in caches, nothing told to other sites."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from kpiproject.outsiders import outsiders_page
from surveys.availability import Availability


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


respondents_page = outsiders_page(too_large)


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
