"""The page behind an invitation's link: GET and HEAD only show, POST records."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kpiproject.lib.tokens import is_token
from surveys import answers, availability, scales
from surveys.answers import AnswerRefusedError
from surveys.availability import Availability
from surveys.forms import AnswerForm, chosen_score
from surveys.models import Answer, Invitation
from surveys.views import pages


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_invitation(token)
    if invitation is None:
        return pages.unknown(request)
    state = availability.of_invitation(invitation, given_answer(invitation), timezone.now())
    if not state.takes_answers:
        return pages.gone(request, state, language=invitation.survey.language)
    return _record(request, invitation) if request.method == "POST" else _ask(request, invitation)


@pages.respondents_page
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_invitation(token)
    if invitation is None:
        return pages.unknown(request)
    given = given_answer(invitation)
    if given is None:
        return redirect("surveys:answer", token)
    state = availability.of_invitation(invitation, given, timezone.now())
    context = {
        "survey": invitation.survey,
        "token": token,
        "change_until": availability.locked_at(invitation.survey, given) if state == Availability.CHANGEABLE else None,
    }
    return pages.show(request, "thanks_page", context, language=invitation.survey.language)


def find_invitation(token: str) -> Invitation | None:
    """The invitation with its survey, contact and answer, in one query."""
    if not is_token(token):
        return None
    return Invitation.objects.select_related("survey", "contact", "answer").filter(token=token).first()


def given_answer(invitation: Invitation) -> Answer | None:
    return getattr(invitation, "answer", None)


def _shown_answer(invitation: Invitation) -> Answer | None:
    """What the page may repeat. Of employees nothing: whoever asked them may know their links."""
    return None if _is_about_employees(invitation) else given_answer(invitation)


def _is_about_employees(invitation: Invitation) -> bool:
    return scales.KINDS[invitation.survey.kind].is_about_employees


def _ask(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    given = _shown_answer(invitation)
    low, high = invitation.scale_min, invitation.scale_max
    score = chosen_score(request.GET.get("r"), low=low, high=high)
    if score is None and given is not None:
        score = given.score
    form = AnswerForm(low=low, high=high, initial={"score": score, "comment": given.comment if given else ""})
    return _show_form(request, invitation, form)


def _record(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = AnswerForm(request.POST, low=invitation.scale_min, high=invitation.scale_max)
    if not form.is_valid():
        return _show_form(request, invitation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        answers.record(invitation, form.cleaned_data["score"], form.cleaned_data["comment"])
    except AnswerRefusedError as refusal:
        return pages.gone(request, refusal.state, language=invitation.survey.language)
    response = redirect("surveys:thanks", invitation.token)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _show_form(
    request: HttpRequest, invitation: Invitation, form: AnswerForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    given = _shown_answer(invitation)
    context = {
        "form": form,
        "survey": invitation.survey,
        "wording": invitation,
        "question": invitation.question,
        "token": invitation.token,
        "given": given,
        "keeps_secret": _is_about_employees(invitation),
        "change_until": availability.locked_at(invitation.survey, given) if given else None,
    }
    return pages.show(request, "answer_page", context, language=invitation.survey.language, status=status)
