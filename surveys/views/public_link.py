"""The public link: anybody may answer, nobody is known."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from surveys import versions
from surveys.models import Survey
from surveys.views import form_page, guesses, pages
from surveys.views.sheet import Sheet

# From one network address and for one survey: more than an office sends when everybody is asked at once, and too few
# to turn a figure over before somebody notices. The script sends the score first, so an answer is two or three posts.
MOST_POSTS = 120


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def public(request: HttpRequest, slug: str) -> HttpResponse:
    survey = _find(slug)
    return guesses.refuse(request) if survey is None else form_page.respond(request, _sheet(survey))


@pages.respondents_page
@require_safe
def public_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    survey = _find(slug)
    return guesses.refuse(request) if survey is None else form_page.thank(request, _sheet(survey))


def _sheet(survey: Survey) -> Sheet:
    return Sheet(
        survey=survey,
        version=versions.asked_now(survey),
        action=reverse("surveys:public", args=[survey.slug]),
        thanks=reverse("surveys:public_thanks", args=[survey.slug]),
        most=MOST_POSTS,
    )


def _find(slug: str) -> Survey | None:
    """The survey, if it has or had a public link; a draft has none yet."""
    linked = Survey.objects.select_related("current_version").filter(slug=slug, has_public_link=True)
    return linked.exclude(status=Survey.Status.DRAFT).first()
