"""The managers' inbox: words of customers that may be praise, and who may need a word from us."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goals import praise, praise_consent, support
from goals.changes import NotPossibleError
from goals.models import Praise
from goals.praise import AlreadyDecidedError, Waiting
from goals.thanks_forms import ConsentForm, PraiseForm
from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail

DECIDES = "goals.change_praise"
SETTLES = "goals.change_supporthint"


@require_safe
@login_required
@permission_required((DECIDES, SETTLES), raise_exception=True)
def inbox(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "waiting": praise.waiting(now),
        "passed_on": praise_consent.passed_on(now),
        "hints": list(support.open_hints(now)),
        "without_thanks": support.without_thanks(now),
        "gap_days": support.GAP.days,
    }
    return render(request, "goals/praise_inbox_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required(DECIDES, raise_exception=True)
def decide(request: HttpRequest, answer: int) -> HttpResponse:
    found = praise.find(answer, timezone.now())
    if request.method == "POST":
        return _decide(request, found) if found else _decided_meanwhile(request)
    if found is None:
        raise Http404
    return _show(request, found, _form(found))


@require_POST
@login_required
@permission_required(SETTLES, raise_exception=True)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    if support.settle(pk, by=cast("User", request.user), now=timezone.now()):
        messages.success(request, _("Thank you for taking care."))
    return _back()


@require_POST
@login_required
@permission_required(DECIDES, raise_exception=True)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody without an account has told this manager."""
    form = ConsentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what they said."))
        return _back()
    answer = form.cleaned_data["answer"]
    try:
        found = praise_consent.record(pk, answer, by=cast("User", request.user), now=timezone.now())
    except Praise.DoesNotExist as error:
        raise Http404 from error
    except NotPossibleError as error:
        messages.warning(request, str(error))
        return _back()
    words = _("Written down: %(agent)s agrees, and the team sees it now.")
    if answer == "keep":
        words = _("Written down: %(agent)s keeps it, and nobody else sees it.")
    messages.success(request, words % {"agent": found.agent})
    return _back()


def _decide(request: HttpRequest, found: Waiting) -> HttpResponse:
    if "refuse" in request.POST:
        return _refuse(request, found)
    form = _form(found, request)
    if not form.is_valid():
        return _show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _approve(request, found, form.cleaned_data["text"])


def _approve(request: HttpRequest, found: Waiting, text: str) -> HttpResponse:
    try:
        praise.approve(found.answer.pk, text, by=cast("User", request.user), now=timezone.now())
    except AlreadyDecidedError:
        return _decided_meanwhile(request)
    nudge(sweep_mail)
    messages.success(request, _("Passed on.") if found.agent else _("Everybody sees it now."))
    return _back()


def _refuse(request: HttpRequest, found: Waiting) -> HttpResponse:
    try:
        praise.refuse(found.answer.pk, by=cast("User", request.user), now=timezone.now())
    except AlreadyDecidedError:
        return _decided_meanwhile(request)
    messages.success(request, _("It is not passed on."))
    return _back()


def _form(found: Waiting, request: HttpRequest | None = None) -> PraiseForm:
    names, keep = praise.names_of(found.answer), praise.names_of_agent(found.agent)
    if request is not None:
        return PraiseForm(request.POST, names=names, keep=keep)
    return PraiseForm(initial={"text": found.proposal}, names=names, keep=keep)


def _show(request: HttpRequest, found: Waiting, form: PraiseForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"found": found, "form": form, "has_account": praise.account_of(found.agent) is not None}
    return render(request, "goals/praise_decide_page.html", context, status=status)


def _decided_meanwhile(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Somebody else has decided about these words, or the answer has changed."))
    return _back()


def _back() -> HttpResponse:
    response = redirect("goals:praise_inbox")
    response.status_code = HTTPStatus.SEE_OTHER
    return response
