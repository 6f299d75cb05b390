"""The draft on its way to an edition: who has submitted it, who has approved it, and what stands in the way."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from manual import approvals, difference, drafts, editions, hints, queries, readiness, rounds
from manual.approval_states import State, Step, possible
from manual.approvals import NotAllowedError
from manual.models import Approval, ApprovalEvent
from manual.publishing_forms import AnswerForm, ApproveForm, AskForm, SubmitForm
from manual.views.editing import may_write
from manual.views.logging_in import login_to_act
from manual.views.publishing import Unpublished, changed_sections

may_approve = permission_required("manual.change_approval", raise_exception=True)
_PATH = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.PUBLISHED)


@require_safe
@login_required
@may_approve
def approval(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@login_to_act
@may_write
@may_approve
def submit(request: HttpRequest) -> HttpResponse:
    """Ask for a review. The only manager, whom nobody could review, approves it in the same step."""
    by = _person(request)
    form = SubmitForm(request.POST, by=by)
    if not form.is_valid():
        return _show(request, submit_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def step() -> str:
        with transaction.atomic():
            event = approvals.submit(by=by, **form.cleaned_data)
            if form.others:
                return _("The draft is in review. The reviewer is told by mail.")
            approvals.approve(by=by, seen=event.approval.fingerprint)
        return _("You are the only manager, so you have approved it yourself. The edition will say so.")

    return _taken(request, step)


@require_POST
@login_to_act
@may_approve
def withdraw(request: HttpRequest) -> HttpResponse:
    def step() -> str:
        approvals.withdraw(by=_person(request))
        return _("It is a draft again.")

    return _taken(request, step)


@require_POST
@login_to_act
@may_approve
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST, sections=_sections())
    if not form.is_valid():
        return _show(request, ask_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def step() -> str:
        approvals.ask_changes(by=_person(request), words=form.cleaned_data["words"], comments=form.comments())
        return _("Whoever submitted it is told what is to be changed.")

    return _taken(request, step)


@require_POST
@login_to_act
@may_approve
def approve(request: HttpRequest) -> HttpResponse:
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _show(request, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def step() -> str:
        approvals.approve(by=_person(request), seen=form.cleaned_data["seen"])
        return _("The draft is approved.")

    return _taken(request, step)


@require_POST
@login_to_act
@may_approve
@permission_required("manual.add_contradictionanswer", raise_exception=True)
def answer(request: HttpRequest) -> HttpResponse:
    """Why a sentence may stay."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, answer_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    kept = readiness.answer(form.cleaned_data["key"], reason=form.cleaned_data["reason"], by=_person(request))
    if kept is None:
        messages.info(request, _("There is no such contradiction any more."))
    else:
        messages.success(
            request, _("Your reason is kept. It holds as long as neither the sentence nor the rule changes.")
        )
    return redirect("manual:approval")


def _taken(request: HttpRequest, step: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, step())
    except NotAllowedError as refusal:
        messages.error(request, str(refusal))
    else:
        nudge(sweep_mail)
    return redirect("manual:approval")


def _show(request: HttpRequest, *, status: int = HTTPStatus.OK, **forms: Any) -> HttpResponse:
    found, latest, current = drafts.draft(), editions.latest(), rounds.current()
    state = State(current.state) if current else State.DRAFT
    person = _person(request)
    _waiting, answered = readiness.contradicting()
    compared = difference.compare(latest, Unpublished.of(found)) if latest else None
    context = {
        "approval": current,
        "state": state,
        "path": [(each.value, _label(each), each == state) for each in _PATH],
        "steps": {step.value for step in possible(state)},
        "is_author": bool(current and current.author_id == person.pk),
        "is_alone": not approvals.reviewers(person),
        "fingerprint": current.fingerprint if current else "",
        "problems": readiness.problems(found),
        "hints": hints.hints(found, changed=changed_sections(found, latest)),
        "answered": answered,
        "latest": latest,
        "number": editions.next_number(),
        "difference": compared,
        "last": _last(current),
        "asked": _asked(current, state),
        "rounds": queries.rounds(),
        "submit_form": SubmitForm(by=person),
        "ask_form": AskForm(sections=_sections()),
        "answer_form": AnswerForm(),
    }
    return render(request, "manual/approval_page.html", context | forms, status=status)


def _label(state: State) -> str:
    return str(Approval(state=state).get_state_display())


def _last(current: Approval | None) -> ApprovalEvent | None:
    """What happened last, if it threw the draft back."""
    event = current.events.select_related("by").last() if current else None
    return event if event is not None and event.step == Step.EDIT else None


def _asked(current: Approval | None, state: State) -> ApprovalEvent | None:
    """What is to be changed, as long as it is."""
    if current is None or state not in (State.CHANGES_ASKED, State.IN_REVIEW):
        return None
    asked = current.events.filter(step=Step.ASK).select_related("by").prefetch_related("comments")
    return asked.last()


def _sections() -> list[tuple[str, str]]:
    return list(queries.shown_sections().values_list("slug", "title"))


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
