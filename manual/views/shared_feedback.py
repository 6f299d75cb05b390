"""“Is this clear?” of people who read under a share link: nothing is kept that says who."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kpiproject.lib.tokens import new_token
from kpiproject.throttle import is_exceeded
from manual import feedback, rendering, shares
from manual.feedback import Said
from manual.models import Share
from manual.reader_forms import OutsideFeedbackForm
from manual.views import shared

# From one network address under one link; of the same section, a second “yes” is thanked for and not counted.
MOST_SAID: Final = 30
MOST_OF_SECTION: Final = 1
HOUR_SECONDS: Final = 3600
_PAGE: Final = "manual/shared_clear_page.html"


@shared.outsiders_page("POST")
def clear(request: HttpRequest, share: Share, anchor: str) -> HttpResponseBase:
    found = rendering.for_outsiders(shares.shown_edition(share), share.sections)
    if anchor not in found.slugs:
        return shared.say(request, "unknown", HTTPStatus.NOT_FOUND)
    titles = {place: title for place, _number, title in found.manual.places}
    page = {"share": share, "anchor": anchor, "title": titles[anchor], "form_key": new_token()}
    if request.method != "POST":
        return render(request, _PAGE, {**page, "is_said": "thanks" in request.GET})
    form = OutsideFeedbackForm(request.POST)
    if not form.is_valid():
        return render(request, _PAGE, {**page, "form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _take(request, share, anchor, slug=found.slugs[anchor], form=form)


def _take(request: HttpRequest, share: Share, anchor: str, *, slug: str, form: OutsideFeedbackForm) -> HttpResponse:
    if _is_too_much(request, share):
        response = shared.say(request, "said", HTTPStatus.TOO_MANY_REQUESTS, share=share)
        response["Retry-After"] = str(HOUR_SECONDS)
        return response
    _note(request, share, slug, form)
    return _thanks(share, anchor)


def _is_too_much(request: HttpRequest, share: Share) -> bool:
    what = f"manual-clear-{share.pk}"
    too_often = is_exceeded(request, what, most=MOST_SAID, seconds=HOUR_SECONDS)
    return too_often or feedback.is_flooded(share, now=timezone.now())


def _note(request: HttpRequest, share: Share, slug: str, form: OutsideFeedbackForm) -> None:
    given = form.cleaned_data
    is_clear, number = given["clear"] == "yes", shares.shown_edition(share).number
    what = f"manual-clear-{share.pk}-{number}-{slug}"
    if is_clear and is_exceeded(request, what, most=MOST_OF_SECTION, seconds=HOUR_SECONDS):
        return
    said = Said(
        slug=slug, number=number, is_clear=is_clear, why=given["why"], form_key=given["form_key"], share=share
    )  # fmt: skip
    feedback.give(None, said, now=timezone.now())


def _thanks(share: Share, anchor: str) -> HttpResponse:
    response = redirect(f"{reverse('manual:shared_clear', args=[share.token, anchor])}?thanks")
    response.status_code = HTTPStatus.SEE_OTHER
    return response
