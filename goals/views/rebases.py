"""Letting the limits of a goal begin anew, and taking it back."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goals import rebasing
from goals.models import Goal, Rebase
from goals.rebase_forms import RebaseForm
from goals.rebasing import NothingToRebaseError
from kpiproject.models import User

WRITES = "goals.change_goal"


@require_POST
@login_required
@permission_required(WRITES, raise_exception=True)
def rebase(request: HttpRequest, pk: int) -> HttpResponse:
    goal = get_object_or_404(Goal, pk=pk)
    form = RebaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in a few words what changed then; nothing was kept."))
        return _back(goal)
    given = form.cleaned_data
    try:
        rebasing.confirm(goal.pk, given["since"], reason=given["reason"], by=cast("User", request.user))
    except NothingToRebaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The limits begin anew there."))
    return _back(goal)


@require_POST
@login_required
@permission_required(WRITES, raise_exception=True)
def withdraw(request: HttpRequest, pk: int, rebase: int) -> HttpResponse:
    found = get_object_or_404(Rebase.objects.select_related("goal"), pk=rebase, goal=pk)
    rebasing.withdraw(found)
    messages.success(request, _("The limits rest on everything before as well."))
    return _back(found.goal)


def _back(goal: Goal) -> HttpResponse:
    response = redirect(reverse("goals:goal", args=[goal.pk]) + "#variation")
    response.status_code = HTTPStatus.SEE_OTHER
    return response
