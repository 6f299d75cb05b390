"""The inbox of unhappy customers, and the page of one with what can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpiproject.models import User
from kpiproject.queue import nudge
from surveys import follow_up_queries, follow_up_steps, recoveries, tasks
from surveys.complaints import Complaint, complaint
from surveys.follow_up_forms import SHELF_NAMES, InboxForm, StepForm
from surveys.follow_up_queries import Wanted
from surveys.follow_up_steps import StepRefusedError
from surveys.models import FollowUp

PAGE_SIZE: Final = 25
TONES: Final = {"new": "bad", "taken": "warn", "contacted": "", "resolved": "good", "no_answer": ""}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A follow-up in the inbox."""

    follow_up: FollowUp
    complaint: Complaint | None
    more: int
    tone: str
    is_overdue: bool


@require_safe
@login_required
@permission_required("surveys.view_followup", raise_exception=True)
def follow_up_list(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    form = InboxForm(request.GET, user=user)
    is_valid = form.is_valid()
    rows = follow_up_queries.inbox(user, form.wanted() if is_valid else Wanted(), now)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = follow_up_queries.counts(user, now)
    may_know = user.has_perm("surveys.view_contact")
    context = {
        "form": form,
        "page": page,
        "lines": [_line(follow_up, now, may_know=may_know) for follow_up in page],
        "shelves": [(name, text, counts[name]) for name, text in SHELF_NAMES.items()],
        "shelf": form.shelf_name,
        "has_any": bool(counts["all"]),
        "sees_all": user.has_perm(follow_up_queries.SEES_ALL),
        "has_filter": is_valid and any(form.cleaned_data[name] for name in ("state", "survey", "team", "channel")),
    }
    status = HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "surveys/follow_up_list_page.html", context, status=status)


@require_safe
@login_required
@permission_required("surveys.view_followup", raise_exception=True)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    return _show(request, found, StepForm())


@require_POST
@login_required
@permission_required("surveys.change_followup", raise_exception=True)
def follow_up_step(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    by, given = cast("User", request.user), form.cleaned_data
    try:
        changed = _STEPS[given["action"]](found.pk, by, given)
    except StepRefusedError as refusal:
        messages.error(request, str(refusal))
        return _see(request, found)
    messages.success(request, _DONE[given["action"]]())
    nudge(tasks.follow_up)
    return _see(request, changed)


def _see(request: HttpRequest, found: FollowUp) -> HttpResponse:
    """Whoever has handed it over may not see it any more."""
    is_theirs = follow_up_queries.visible_to(cast("User", request.user)).filter(pk=found.pk).exists()
    response = redirect("surveys:follow_up", found.pk) if is_theirs else redirect("surveys:follow_up_list")
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _find(request: HttpRequest, pk: int) -> FollowUp:
    rows = follow_up_queries.visible_to(cast("User", request.user))
    return get_object_or_404(rows.select_related("survey", "contact", "assignee"), pk=pk)


def _show(request: HttpRequest, found: FollowUp, form: StepForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    may_know = user.has_perm("surveys.view_contact")
    answers = [complaint(link.answer, has_customer=may_know) for link in follow_up_queries.links(found)]
    context = {
        "follow_up": found,
        "first": answers[0] if answers else None,
        "later": answers[1:],
        "tone": TONES[found.state],
        "is_overdue": found.is_overdue(now),
        "steps": follow_up_steps.possible(found, user) if user.has_perm("surveys.change_followup") else [],
        "form": form,
        "failed": form.data.get("action", "") if form.is_bound else "",
        "notes": follow_up_queries.notes(found),
        "recoveries": [_recovery(one, may_know=may_know) for one in follow_up_queries.recoveries(found)],
        "may_know": may_know,
    }
    return render(request, "surveys/follow_up_page.html", context, status=status)


def _recovery(one: Any, *, may_know: bool) -> dict[str, Any]:
    return {
        "recovery": one,
        "said": complaint(one.answer, has_customer=may_know) if one.answer else None,
        "reason": recoveries.reason_in_words(one.reason) if one.reason else "",
    }


def _line(found: FollowUp, now: datetime, *, may_know: bool) -> Line:
    """With what the customer said first."""
    links = [link for link in found.links.all() if not link.is_recovery]
    said = None
    if links:
        links[0].answer.survey, links[0].answer.contact = found.survey, found.contact
        said = complaint(links[0].answer, has_customer=may_know)
    return Line(
        follow_up=found,
        complaint=said,
        more=max(0, len(links) - 1),
        tone=TONES[found.state],
        is_overdue=found.is_overdue(now),
    )


_STEPS: Final[dict[str, Callable[[int, User, dict[str, Any]], FollowUp]]] = {
    "take": lambda pk, by, _given: follow_up_steps.take(pk, by),
    "take_over": lambda pk, by, given: follow_up_steps.hand_over(pk, by, by=by, text=given["text"]),
    "hand_over": lambda pk, by, given: follow_up_steps.hand_over(pk, given["to"], by=by, text=given["text"]),
    "contacted": lambda pk, by, given: follow_up_steps.contacted(pk, by=by, how=given["how"], text=given["text"]),
    "resolve": lambda pk, by, given: follow_up_steps.resolve(pk, by=by, text=given["text"]),
    "give_up": lambda pk, by, given: follow_up_steps.give_up(pk, by=by, text=given["text"]),
    "reopen": lambda pk, by, given: follow_up_steps.reopen(pk, by=by, text=given["text"]),
    "note": lambda pk, by, given: follow_up_steps.write(pk, by=by, text=given["text"]),
}
_DONE: Final[dict[str, Callable[[], str]]] = {
    "take": lambda: _("You take care of it."),
    "take_over": lambda: _("You take care of it now."),
    "hand_over": lambda: _("It was handed over."),
    "contacted": lambda: _("Noted that the customer was contacted."),
    "resolve": lambda: _("Noted that it is resolved."),
    "give_up": lambda: _("Noted that the customer does not answer."),
    "reopen": lambda: _("It is open again, and yours."),
    "note": lambda: _("The note is kept."),
}
