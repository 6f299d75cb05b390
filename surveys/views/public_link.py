"""The public link: anybody may answer, nobody is known."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpiproject import queries as ground
from kpiproject.throttle import is_exceeded
from surveys import answers, availability
from surveys.answers import AnswerRefusedError
from surveys.forms import PublicAnswerForm, chosen_score
from surveys.models import Survey
from surveys.views import pages

# From one network address and for one survey: more than an office sends when everybody is asked at once, and too few
# to turn a figure over before somebody notices.
MOST_ANSWERS = 60
PAUSE_SECONDS = 600


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def public(request: HttpRequest, slug: str) -> HttpResponse:
    survey = _find(slug)
    if survey is None:
        return pages.unknown(request)
    state = availability.of_public_link(survey, None, timezone.now())
    if not state.takes_answers:
        return pages.gone(request, state, language=survey.language)
    return _record(request, survey) if request.method == "POST" else _ask(request, survey)


@pages.respondents_page
@require_safe
def public_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    survey = _find(slug)
    if survey is None:
        return pages.unknown(request)
    return pages.show(request, "thanks_page", {"survey": survey}, language=survey.language)


def _find(slug: str) -> Survey | None:
    """The survey, if it has or had a public link; a draft has none yet."""
    return Survey.objects.filter(slug=slug, has_public_link=True).exclude(status=Survey.Status.DRAFT).first()


def _ask(request: HttpRequest, survey: Survey) -> HttpResponse:
    low, high = survey.scale_min, survey.scale_max
    score = chosen_score(request.GET.get("r"), low=low, high=high)
    return _show_form(request, survey, PublicAnswerForm(low=low, high=high, initial={"score": score}))


def _record(request: HttpRequest, survey: Survey) -> HttpResponse:
    form = PublicAnswerForm(request.POST, low=survey.scale_min, high=survey.scale_max)
    if not form.is_valid():
        return _show_form(request, survey, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    # Only robots fill in the hidden field. They are thanked as well, so that they learn nothing.
    if not form.cleaned_data["website"]:
        if is_exceeded(request, f"public-answer:{survey.pk}", most=MOST_ANSWERS, seconds=PAUSE_SECONDS):
            return _ask_to_wait(request, survey, form)
        given = form.cleaned_data
        try:
            answers.record_public(survey, given["score"], given["comment"], form_key=given["form_key"])
        except AnswerRefusedError as refusal:
            return pages.gone(request, refusal.state, language=survey.language)
    response = redirect("surveys:public_thanks", survey.slug)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _ask_to_wait(request: HttpRequest, survey: Survey, form: PublicAnswerForm) -> HttpResponse:
    with translation.override(survey.language):
        sentence = _("Very many answers have come from your network. Please wait ten minutes and send yours again.")
    form.add_error(None, sentence)
    response = _show_form(request, survey, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


def _show_form(
    request: HttpRequest, survey: Survey, form: PublicAnswerForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    organisation = ground.organisation()
    context = {
        "organisation": organisation,
        "form": form,
        "survey": survey,
        "wording": survey,
        "question": survey.question.replace("[Company]", organisation.name),
        "form_key": form.key(),
    }
    return pages.show(request, "answer_page", context, language=survey.language, status=status)
