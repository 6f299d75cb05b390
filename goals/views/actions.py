"""Decisions and actions: agreed on the page of a review, listed and settled on their own pages."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goals import action_reminders, actions
from goals.action_forms import ActionFilter, ActionForm, DecisionForm, StateForm
from goals.changes import NotPossibleError
from goals.models import Action, Goal, Review
from goals.views import boards, reviews
from goals.views.reviews import Forms
from kpiproject.models import User

PER_PAGE = 50
SEES = "goals.view_action"
CHANGES = "goals.change_action"


# --- On the page of a review --------------------------------------------------------------------------------------
@require_POST
@login_required
@permission_required(["goals.view_review", "goals.add_decision"], raise_exception=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Review.objects.select_related("owner"), pk=pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide(found.pk, form.cleaned_data["text"], by=_user(request), now=timezone.now())
        except NotPossibleError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("The decision is kept."))
        return _see_other("goals:review", found.pk)
    return reviews.show(request, found, Forms(decision=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@login_required
@permission_required(["goals.view_review", "goals.add_action"], raise_exception=True)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Review.objects.select_related("owner"), pk=pk)
    today = reviews.local_today()
    form = ActionForm(request.POST, today=today)
    if not form.is_valid():
        return reviews.show(request, found, Forms(action=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    action = form.save(commit=False)
    action.review = found
    try:
        actions.add(action, by=_user(request), today=today)
    except NotPossibleError as error:
        form.add_error(None, str(error))
        return reviews.show(request, found, Forms(action=form), status=HTTPStatus.CONFLICT)
    words = {"person": action.owner}
    messages.success(request, _("The action is kept; %(person)s is reminded on its day.") % words)
    return _see_other("goals:review", found.pk)


# --- Their own pages ----------------------------------------------------------------------------------------------
@require_safe
@login_required
@permission_required(SEES, raise_exception=True)
def listing(request: HttpRequest) -> HttpResponse:
    form = ActionFilter(request.GET)
    if not form.is_valid():
        context = {"form": form, "lines": []}
        return render(request, "goals/action_list_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    today = reviews.local_today()
    chosen = form.cleaned_data
    found = actions.on_shelf(chosen["state"], owner=chosen["owner"], today=today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [actions.line(action, today) for action in page],
        "has_filter": bool(request.GET.get("state") or chosen["owner"]),
    }
    return render(request, "goals/action_list_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required(SEES, raise_exception=True)
def action(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(actions.every_action(), pk=pk)
    if request.method != "POST":
        return _show(request, found)
    if not request.user.has_perm(CHANGES):
        raise PermissionDenied
    today = reviews.local_today()
    # A form writes into what it is about, and the page shows what is stored.
    form = ActionForm(request.POST, instance=actions.every_action().get(pk=pk), today=today)
    if not form.is_valid():
        return _show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        actions.change(form.save(commit=False), today=today)
    except NotPossibleError as error:
        form.add_error(None, str(error))
        found.refresh_from_db()
        return _show(request, found, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The action is changed."))
    return _see_other("goals:action", found.pk)


@require_POST
@login_required
@permission_required(SEES, raise_exception=True)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, dropped or open again."""
    found = get_object_or_404(actions.every_action(), pk=pk)
    if not actions.may_settle(_user(request), found):
        raise PermissionDenied
    form = StateForm(request.POST)
    if not form.is_valid():
        return _show(request, found, state_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted, note = form.cleaned_data["state"], form.cleaned_data["note"]
    try:
        if wanted == Action.State.OPEN:
            actions.reopen(found.pk)
        else:
            actions.end(found.pk, wanted, note=note, by=_user(request), now=timezone.now())
    except NotPossibleError as error:
        form.add_error(None, str(error))
        found.refresh_from_db()
        return _show(request, found, state_form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The action is %(state)s.") % {"state": Action.State(wanted).label})
    return _see_other("goals:action", found.pk)


def _show(
    request: HttpRequest,
    found: Action,
    form: ActionForm | None = None,
    *,
    state_form: StateForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    today = reviews.local_today()
    may_change = request.user.has_perm(CHANGES) and found.state == Action.State.OPEN
    context = {
        "line": actions.line(found, today),
        "form": (form or ActionForm(instance=found, today=today)) if may_change else None,
        "state_form": state_form,
        "may_settle": actions.may_settle(_user(request), found),
        "reminders": list(action_reminders.told_of(found)),
        "has_goal_page": found.goal is not None and _may_open(request, found.goal),
    }
    return render(request, "goals/action_page.html", context, status=status)


def _may_open(request: HttpRequest, goal: Goal) -> bool:
    may_look = request.user.has_perm("goals.view_goal")
    return may_look and (goal.state != Goal.State.DRAFT or request.user.has_perm(boards.SEES_DRAFTS))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _see_other(name: str, pk: int) -> HttpResponse:
    response = redirect(name, pk)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
