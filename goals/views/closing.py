"""Closing a goal: what came of it is shown first, then it is closed with a retrospective; words may follow later."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goals import cards, close_out, close_out_words, next_goal
from goals.changes import NotPossibleError
from goals.close_out import WORDS
from goals.close_out_forms import CloseForm, EarlyForm, RetrospectiveForm, WrittenForm
from goals.models import CloseOut, Goal
from goals.tasks import evaluate_goal
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from kpiproject.queue import nudge

CLOSES = "goals.add_closeout"
WRITES = "goals.change_closeout"
SEEDS = "goals.add_goal"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required(["goals.view_goal", CLOSES], raise_exception=True)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Goal.objects.select_related("objective", "owner"), pk=pk)
    if found.state == Goal.State.DRAFT:
        raise Http404(_("A draft is not closed; change or delete it."))
    if found.state != Goal.State.ACTIVE:
        return _closed(request, found)
    today = local_day(timezone.now(), organisation().time_zone)
    kind = CloseForm if close_out.is_final(found, today) else EarlyForm
    if request.method != "POST":
        return _show(request, found, kind(initial={"seeds_next": True}, goal=found))
    form = kind(request.POST, goal=found)
    if form.is_valid():
        return _close(request, found, form)
    return _show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _close(request: HttpRequest, found: Goal, form: CloseForm) -> HttpResponse:
    try:
        made = close_out.close(found.pk, form.ending, by=cast("User", request.user))
    except NotPossibleError as error:  # somebody else was quicker, or the goal was judged meanwhile
        found.refresh_from_db()
        if found.state != Goal.State.ACTIVE:
            return _closed(request, found)
        form.add_error(None, str(error))
        return _show(request, found, form, status=HTTPStatus.CONFLICT)
    _note(request, made)
    messages.success(request, _("The goal is closed: %(result)s.") % {"result": made.get_outcome_display()})
    if form.cleaned_data["seeds_next"] and request.user.has_perm(SEEDS):
        _seed(request, found)
    return _to_goal(found)


def _show(request: HttpRequest, found: Goal, form: CloseForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    found.refresh_from_db()
    today = local_day(timezone.now(), organisation().time_zone)
    result = close_out.result(found, today, is_guardrail_breached=close_out.guardrail_breached(found))
    if found.state == Goal.State.ACTIVE and today > found.due and result.is_early:
        nudge(evaluate_goal, found.pk)
    card = cards.card(found, today)
    context = {
        "goal": found,
        "card": card,
        "line": card.line,
        "form": form,
        "is_early": result.is_early,
        "why_early": close_out.why_early(found, today) if result.is_early else "",
        "outcome": CloseOut.Outcome(result.outcome).label,
        "tone": close_out_words.TONES.get(result.outcome, ""),
        "sentences": close_out_words.of_result(found, result),
    }
    return render(request, "goals/close_page.html", context, status=status)


# --- Words that follow --------------------------------------------------------------------------------------------
def _closed(request: HttpRequest, found: Goal) -> HttpResponse:
    """The retrospective of a goal that has ended."""
    ended = CloseOut.objects.filter(goal=found).first()
    if ended is None or not request.user.has_perm(WRITES):
        raise Http404(_("It was closed without a record of how it ended."))
    if request.method != "POST":
        return _show_words(request, found, _written(ended))
    if "version" not in request.POST:  # the form for closing, of somebody who was a little later
        return _told(request, found, ended)
    form = WrittenForm(request.POST)
    if form.is_valid():
        return _write(request, found, ended, form)
    return _show_words(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _write(request: HttpRequest, found: Goal, ended: CloseOut, form: WrittenForm) -> HttpResponse:
    try:
        close_out.write_retrospective(found.pk, form.learned, seen=form.cleaned_data["version"])
    except NotPossibleError as error:
        messages.warning(request, str(error))
        ended.refresh_from_db()
        words = {name: form.cleaned_data[name] for name in WORDS}
        again = WrittenForm(initial=words | {"version": close_out.version(ended)})
        return _show_words(request, found, again, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The retrospective is kept."))
    return _to_goal(found)


def _told(request: HttpRequest, found: Goal, ended: CloseOut) -> HttpResponse:
    """Two have closed it at once: whoever came second is told, and gets their words back to add them."""
    theirs = RetrospectiveForm(request.POST)
    words = theirs.learned if theirs.is_valid() else close_out.Learned()
    joined = {name: "\n\n".join(filter(None, (getattr(ended, name), getattr(words, name)))) for name in WORDS}
    form = WrittenForm(initial=joined | {"version": close_out.version(ended)})
    told = {"person": ended.by or _("Somebody"), "result": ended.get_outcome_display()}
    sentence = _("%(person)s has closed this goal already: %(result)s. Your words stand beneath theirs, to be kept.")
    messages.warning(request, sentence % told)
    return _show_words(request, found, form, status=HTTPStatus.CONFLICT)


def _written(ended: CloseOut) -> WrittenForm:
    words = {name: getattr(ended, name) for name in WORDS}
    return WrittenForm(initial=words | {"version": close_out.version(ended)})


def _show_words(
    request: HttpRequest, found: Goal, form: RetrospectiveForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    found.refresh_from_db()
    context = {"goal": found, "form": form, "close_out": close_out_words.of_goal(found), "is_closed": True}
    return render(request, "goals/close_page.html", context, status=status)


# --- The next goal ------------------------------------------------------------------------------------------------
@require_POST
@login_required
@permission_required(["goals.view_goal", SEEDS], raise_exception=True)
def seed_next(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Goal, pk=pk, close_out__isnull=False)
    if found.state not in (Goal.State.CLOSED, Goal.State.CANCELLED):
        raise PermissionDenied
    _seed(request, found)
    return _to_goal(found)


def _seed(request: HttpRequest, found: Goal) -> None:
    """A goal that cannot be set up keeps the other from nothing: it is closed, and the reason is told."""
    today = local_day(timezone.now(), organisation().time_zone)
    try:
        made = next_goal.seed(found.pk, by=cast("User", request.user), today=today)
    except NotPossibleError as error:
        messages.warning(request, _("The next goal could not be set up: %(reason)s") % {"reason": error})
        return
    messages.success(request, _("The next goal is a draft: “%(goal)s”.") % {"goal": made})


def _note(request: HttpRequest, made: CloseOut) -> None:
    """For the history in the administration."""
    words = _("Closed: %(result)s.") % {"result": made.get_outcome_display()}
    user = cast("User", request.user)
    LogEntry.objects.log_actions(
        user_id=user.pk, queryset=[made.goal], action_flag=CHANGE, change_message=words, single_object=True
    )


def _to_goal(found: Goal) -> HttpResponse:
    response = redirect(reverse("goals:goal", args=[found.pk]))
    response.status_code = HTTPStatus.SEE_OTHER
    return response
