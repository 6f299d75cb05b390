"""Kiosks, widgets and printed codes: the sheet that everybody gets, with what its place needs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from surveys import entrances, versions
from surveys.availability import Availability
from surveys.models import Entrance, Survey
from surveys.views import form_page, framing, guesses, pages
from surveys.views.sheet import Sheet

# A kiosk is one network address and many people; ten of them may stand behind one router.
MOST_OF_A_KIOSK: Final = 1200
# One that shows something else than its question looks again by itself: nobody stands there to press a button.
LOOK_AGAIN_SECONDS: Final = 60
Answer = Callable[[HttpRequest, Sheet], HttpResponse]


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, token: str) -> HttpResponse:
    return _answer(request, entrances.find(Entrance.Kind.CODE, token), form_page.respond)


@pages.respondents_page
@require_safe
def code_thanks(request: HttpRequest, token: str) -> HttpResponse:
    return _answer(request, entrances.find(Entrance.Kind.CODE, token), form_page.thank)


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    return _stand(request, token, form_page.respond)


@pages.respondents_page
@require_safe
def kiosk_thanks(request: HttpRequest, token: str) -> HttpResponse:
    return _stand(request, token, form_page.thank)


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def widget(request: HttpRequest, token: str) -> HttpResponse:
    return _frame(request, token, form_page.respond)


@pages.respondents_page
@require_safe
def widget_thanks(request: HttpRequest, token: str) -> HttpResponse:
    return _frame(request, token, form_page.thank)


def sheet(entrance: Entrance) -> Sheet:
    kind = entrance.kind
    return Sheet(
        survey=entrance.survey,
        version=versions.asked_now(entrance.survey),
        action=reverse(f"surveys:{kind}", args=[entrance.token]),
        thanks=reverse(f"surveys:{kind}_thanks", args=[entrance.token]),
        way_in=entrances.way_in(entrance),
        variant="page" if kind == Entrance.Kind.CODE else kind,
        most=MOST_OF_A_KIOSK if kind == Entrance.Kind.KIOSK else Sheet.most,
    )


def _answer(request: HttpRequest, entrance: Entrance | None, answer: Answer) -> HttpResponse:
    if entrance is None:
        return guesses.refuse(request)
    if not entrance.is_active or entrance.survey.status != Survey.Status.OPEN:
        return pages.gone(request, Availability.CLOSED, language=entrance.survey.language)
    return answer(request, sheet(entrance))


def _stand(request: HttpRequest, token: str, answer: Answer) -> HttpResponse:
    response = _answer(request, entrances.find(Entrance.Kind.KIOSK, token), answer)
    if response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.TOO_MANY_REQUESTS):
        response["Refresh"] = f"{LOOK_AGAIN_SECONDS}; url={reverse('surveys:kiosk', args=[token])}"
    return response


def _frame(request: HttpRequest, token: str, answer: Answer) -> HttpResponse:
    """Only the pages named may show it; anything else, and one that is off, gets nothing at all."""
    entrance = entrances.find(Entrance.Kind.WIDGET, token)
    if entrance is None:
        return guesses.refuse(request)
    if not entrance.is_active or not entrance.origins:
        return _not_here(request, entrance)
    return framing.shown_by(request, entrance.origins, _answer(request, entrance, answer))


def _not_here(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    context = {
        "heading": _("This survey is not shown here"),
        "sentence": _("It is switched off, or no web page may show it."),
    }
    language = entrance.survey.language
    return pages.show(request, "gone_page", context, language=language, status=HTTPStatus.FORBIDDEN)
