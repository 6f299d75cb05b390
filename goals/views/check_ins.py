"""Checking in on a goal. The form stands on the goal's page; a refused one is shown there again with its words."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goals import check_ins
from goals.changes import NotPossibleError
from goals.check_in_forms import CheckInForm
from goals.check_ins import NotTheirsError
from goals.models import CheckIn
from goals.views import boards
from kpiproject.models import User


@require_POST
@login_required
@permission_required(["goals.view_goal", check_ins.ADDS], raise_exception=True)
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(boards.goals_for(request), pk=pk)
    user = cast("User", request.user)
    if not check_ins.is_theirs(user, found):
        raise PermissionDenied
    form = CheckInForm(request.POST, goal=found)
    if not form.is_valid():
        return boards.show_goal(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        check_ins.check_in(found.pk, form.said, by=user, now=timezone.now())
    except NotPossibleError as error:  # the goal was judged again, or closed, since this person looked at it
        found.refresh_from_db()
        form = CheckInForm(request.POST, goal=found)
        form.add_error(None, str(error))
        return boards.show_goal(request, found, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Your check-in is kept."))
    return _seen(reverse("goals:goal", args=[found.pk]) + "#check-ins")


@require_POST
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def acknowledge(request: HttpRequest, pk: int, check_in: int) -> HttpResponse:
    user = cast("User", request.user)
    found = get_object_or_404(CheckIn, pk=check_in, goal__in=boards.goals_for(request).filter(pk=pk))
    try:
        kept = check_ins.acknowledge(found.pk, by=user, now=timezone.now())
    except NotTheirsError as error:
        raise PermissionDenied(str(error)) from error
    if kept.acknowledged_by_id == user.pk:
        messages.success(request, _("You have acknowledged the check-in."))
    else:
        messages.info(request, _("It was acknowledged already."))
    return _seen(reverse("goals:goal", args=[pk]) + "#check-ins")


def _seen(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
