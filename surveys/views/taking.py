"""Taking a follow-up out of a mail: GET shows it, POST takes it. The address is the credential, of one person and for
one follow-up, so nobody has to log in."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from kpiproject.answer_links import DeadLinkError
from kpiproject.models import User
from kpiproject.outsiders import outsiders_page
from kpiproject.queries import organisation
from surveys import follow_up_links, follow_up_mail, follow_up_queries, follow_up_steps
from surveys.follow_up_steps import StepRefusedError
from surveys.models import FollowUp
from surveys.views import guesses, pages


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, signed: str) -> HttpResponse:
    try:
        follow_up, person = follow_up_links.find(signed)
    except DeadLinkError:
        return _dead(request) if follow_up_links.LINKS.is_ours(signed) else guesses.refuse(request)
    if request.method != "POST":
        return _show(request, follow_up, person)
    try:
        follow_up_steps.take(follow_up.pk, person)
    except StepRefusedError:
        # The page says who was faster, or that it is closed.
        return _show(request, follow_up_links.find(signed)[0], person, status=HTTPStatus.CONFLICT)
    response = redirect(request.path)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _dead(request: HttpRequest) -> HttpResponse:
    return pages.show(request, "follow_up_take_page", {"follow_up": None}, status=HTTPStatus.NOT_FOUND)


def _show(request: HttpRequest, follow_up: FollowUp, person: User, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "follow_up": follow_up,
        "is_free": follow_up.state == FollowUp.State.NEW,
        "is_mine": follow_up.assignee_id == person.pk,
        "person": person,
    }
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(follow_up_mail.zone_of(person, organisation())):
        context["case"] = follow_up_mail.case(follow_up, follow_up_queries.links(follow_up), person)
        return pages.show(request, "follow_up_take_page", context, language=language, status=status)
