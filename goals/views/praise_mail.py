"""Praise out of a mail, for people without an account: the address is the credential. GET shows, POST decides."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from goals import praise_consent
from goals.models import Praise
from goals.praise_consent import DeadLinkError, ForgedLinkError
from goals.thanks_forms import ConsentForm
from kpiproject.outsiders import outsiders_page
from kpiproject.queries import organisation
from surveys.views import brand, guesses


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def praise_mail(request: HttpRequest, signed: str) -> HttpResponse:
    try:
        found = praise_consent.find(signed)
    except ForgedLinkError:
        return guesses.refuse(request)
    except DeadLinkError:
        return _show(request, None, ConsentForm(), status=HTTPStatus.GONE)
    return _decide(request, found) if request.method == "POST" else _show(request, found, ConsentForm())


def _decide(request: HttpRequest, found: Praise) -> HttpResponse:
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    praise_consent.say(found, form.cleaned_data["answer"], now=timezone.now())
    response = redirect(request.path)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _show(
    request: HttpRequest, found: Praise | None, form: ConsentForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """In the organisation's language: an agent has chosen none."""
    house = organisation()
    with translation.override(settings.LANGUAGE_CODE), timezone.override(house.time_zone):
        context = {
            "praise": found,
            "form": form,
            "days": praise_consent.LIVES_FOR.days,
            "organisation": house,
            "style_url": brand.style_url(house),
        }
        response = render(request, "goals/praise_mail_page.html", context, status=status)
    response["Content-Language"] = settings.LANGUAGE_CODE
    return response
