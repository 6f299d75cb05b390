"""Thanks: what colleagues and customers say about good work, and the goals that were really reached."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goals import praise, recognition
from goals.models import Praise
from goals.thanks_forms import ThanksForm
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail

PER_PAGE = 20
MOST_PRAISE = 20
MOST_MINE = 50
READS = "goals.view_thanks"
WRITES = "goals.add_thanks"
SEES_GOALS = "goals.view_goal"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required(READS, raise_exception=True)
def thanks(request: HttpRequest) -> HttpResponse:
    person = cast("User", request.user)
    may_write = person.has_perm(WRITES)
    if request.method != "POST":
        return _show(request, person, ThanksForm(by=person) if may_write else None)
    if not may_write:
        raise PermissionDenied
    form = ThanksForm(request.POST, by=person)
    if not form.is_valid():
        return _show(request, person, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    recognition.give(by=person, what=given["what"], praise=given["praise"], now=timezone.now(), **form.to())
    nudge(sweep_mail)
    messages.success(request, _("Said. Whom it is for gets a mail."))
    return _back()


@require_POST
@login_required
@permission_required(READS, raise_exception=True)
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    if not recognition.hide(cast("User", request.user), pk, timezone.now()):
        raise Http404
    messages.success(request, _("Only you see it now."))
    return _back()


@require_POST
@login_required
@permission_required(READS, raise_exception=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    if not recognition.show(cast("User", request.user), pk):
        raise Http404
    messages.success(request, _("Everybody sees it again."))
    return _back()


@require_POST
@login_required
@permission_required(READS, raise_exception=True)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    if not praise.share(cast("User", request.user), pk):
        raise Http404
    messages.success(request, _("The team sees it now."))
    return _back()


@require_POST
@login_required
@permission_required(READS, raise_exception=True)
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    if not praise.keep(cast("User", request.user), pk):
        raise Http404
    messages.success(request, _("It stays with you."))
    return _back()


def _show(request: HttpRequest, person: User, form: ThanksForm | None, *, status: int = HTTPStatus.OK) -> HttpResponse:
    today = local_day(timezone.now(), organisation().time_zone)
    goals = recognition.achieved(today) if person.has_perm(SEES_GOALS) else ()
    mine = list(praise.of(person)[:MOST_MINE])
    context = {
        "form": form,
        "page": Paginator(recognition.readable(person), PER_PAGE).get_page(request.GET.get("page")),
        "new": [one for one in mine if one.state == Praise.State.SHOWN],
        "kept": [one for one in mine if one.state == Praise.State.KEPT],
        "shared": list(praise.shared()[:MOST_PRAISE]),
        "milestones": recognition.milestones(goals, breached={goal.pk for goal in goals if goal.guardrail_breached}),
    }
    return render(request, "goals/thanks_page.html", context, status=status)


def _back() -> HttpResponse:
    response = redirect("goals:thanks")
    response.status_code = HTTPStatus.SEE_OTHER
    return response
