"""Ticking a milestone off, and taking that back. The forms stand on the goal's page and are shown there again."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goals import check_ins, milestone_changes, milestone_lines
from goals.changes import NotPossibleError
from goals.models import Goal, Milestone
from goals.views import boards
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation


@require_POST
@login_required
@permission_required(["goals.view_goal", milestone_lines.WRITES], raise_exception=True)
def tick(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    goal, found = _theirs(request, pk, milestone)
    form = milestone_lines.tick_form(found, local_day(timezone.now(), organisation().time_zone), request.POST)

    def keep() -> str:
        given = form.cleaned_data
        milestone_changes.tick(found.pk, given["on"], by=_person(request), now=timezone.now(), note=given["note"])
        return _("“%(milestone)s” is done.") % {"milestone": found}

    return _kept(request, goal, found, form, keep)


@require_POST
@login_required
@permission_required(["goals.view_goal", milestone_lines.WRITES], raise_exception=True)
def undo(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    goal, found = _theirs(request, pk, milestone)
    form = milestone_lines.undo_form(found, request.POST)

    def keep() -> str:
        milestone_changes.undo(found.pk, by=_person(request), now=timezone.now(), why=form.cleaned_data["why"])
        return _("“%(milestone)s” is open again.") % {"milestone": found}

    return _kept(request, goal, found, form, keep)


def _theirs(request: HttpRequest, pk: int, milestone: int) -> tuple[Goal, Milestone]:
    goal = get_object_or_404(boards.goals_for(request), pk=pk)
    found = get_object_or_404(Milestone, pk=milestone, goal=goal)
    if not check_ins.is_theirs(_person(request), goal):
        raise PermissionDenied
    return goal, found


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _kept(
    request: HttpRequest, goal: Goal, found: Milestone, form: forms.Form, keep: Callable[[], str]
) -> HttpResponse:
    """A form that is refused, or that somebody has overtaken, is shown again with what was written in it."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            messages.success(request, keep())
        except NotPossibleError as error:
            form.add_error(None, str(error))
            goal.refresh_from_db()
            status = HTTPStatus.CONFLICT
        else:
            response = redirect(reverse("goals:goal", args=[goal.pk]) + "#milestones")
            response.status_code = HTTPStatus.SEE_OTHER
            return response
    return boards.show_goal(request, goal, refused={found.pk: form}, status=status)
