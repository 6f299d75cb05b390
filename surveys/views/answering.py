"""The page behind an invitation's link: GET and HEAD never record an answer, POST does."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from surveys import clicks, misdirected
from surveys.invitation_finding import find_invitation, find_quickly
from surveys.models import Answer, Invitation
from surveys.views import form_page, guesses, pages
from surveys.views.sheet import Sheet


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_quickly(token) if request.method == "POST" else find_invitation(token)
    if invitation is None:
        return guesses.refuse(request)
    sheet = sheet_of(invitation)
    if request.method != "POST" and "lang" not in request.GET and sheet.answer is None:
        score = clicks.score_of(request.GET.get("r"), invitation)
        agent = request.headers.get("User-Agent", "")
        clicks.note(invitation, score=score, agent=agent, is_head=request.method == "HEAD")
    return form_page.respond(request, sheet)


@pages.respondents_page
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_invitation(token)
    return guesses.refuse(request) if invitation is None else form_page.thank(request, sheet_of(invitation))


@pages.respondents_page
@require_safe
def trap(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a link that nobody sees: whoever opens it is a machine, and so is what it opened just before and after."""
    invitation = find_invitation(token)
    if invitation is None:
        return guesses.refuse(request)
    clicks.note_trap(invitation)
    return pages.harmless(request, language=sheet_of(invitation).content.choose_language(invitation.language))


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_person(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody was asked about something that is not theirs: GET shows a button, POST stops it."""
    invitation = find_invitation(token)
    if invitation is None:
        return guesses.refuse(request)
    sheet = sheet_of(invitation)
    if request.method == "POST":
        misdirected.report(invitation)
    language = form_page.language_of(request, sheet)
    context = {"token": token, "email": invitation.contact.email, "is_done": invitation.misdirected_at is not None}
    return pages.show(request, "wrong_person_page", context, language=language)


def given_answer(invitation: Invitation) -> Answer | None:
    """Of employees nobody knows it."""
    if not invitation.is_answered or invitation.survey.is_anonymous:
        return None
    return Answer.objects.filter(invitation=invitation).first()


def sheet_of(invitation: Invitation) -> Sheet:
    return Sheet(
        survey=invitation.survey,
        version=invitation.version,
        action=reverse("surveys:answer", args=[invitation.token]),
        thanks=reverse("surveys:thanks", args=[invitation.token]),
        invitation=invitation,
        answer=given_answer(invitation),
    )
