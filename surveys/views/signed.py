"""The page behind a signed link in a chat or a ticket. What was changed on its way leads nowhere."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from surveys import signed_links, versions
from surveys.answers import WayIn
from surveys.availability import Availability
from surveys.models import Answer, Survey
from surveys.signed_links import BrokenLinkError
from surveys.views import form_page, guesses, pages
from surveys.views.sheet import Sheet


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def signed(request: HttpRequest, slug: str) -> HttpResponse:
    return _open(request, slug, form_page.respond)


@pages.respondents_page
@require_safe
def signed_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return _open(request, slug, form_page.thank)


def _open(request: HttpRequest, slug: str, answer: Callable[[HttpRequest, Sheet], HttpResponse]) -> HttpResponse:
    survey = Survey.objects.select_related("current_version").filter(slug=slug).first()
    try:
        if survey is None:
            raise BrokenLinkError  # noqa: TRY301 (a link to no survey is as broken as one that was changed)
        context = signed_links.opened(survey, dict(request.GET.lists()))
    except BrokenLinkError:
        return guesses.refuse(request)
    if survey.status != Survey.Status.OPEN:
        return pages.gone(request, Availability.CLOSED, language=survey.language)
    return answer(request, _sheet(request, survey, context))


def _sheet(request: HttpRequest, survey: Survey, context: dict[str, str]) -> Sheet:
    """What was signed stays in every address of the page."""
    parts = {name: request.GET[name] for name in signed_links.PARTS if name in request.GET}
    stays = f"?{urlencode(parts, quote_via=quote)}"
    return Sheet(
        survey=survey,
        version=versions.asked_now(survey),
        action=reverse("surveys:signed", args=[survey.slug]) + stays,
        thanks=reverse("surveys:signed_thanks", args=[survey.slug]) + stays,
        query=parts,
        way_in=WayIn(origin=Answer.Origin.LINK, context=signed_links.counted_by(context)),
        form_key=signed_links.form_key(survey, context),
    )
