"""Questions about sections: asked while reading, answered in place."""

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
from django.views.decorators.http import require_http_methods, require_safe

from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from manual import questions, reading_list
from manual.models import ReadingQuestion
from manual.reader_forms import AnswerForm

PER_PAGE = 25
may_read = permission_required("manual.view_readingquestion", raise_exception=True)


@require_safe
@login_required
@may_read
def question_list(request: HttpRequest) -> HttpResponse:
    """Managers see all of them, others what they asked and what is asked about their sections."""
    page = Paginator(questions.readable(cast("User", request.user)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "manual/question_list_page.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_read
def question(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(questions.every_question(), pk=pk)
    person = cast("User", request.user)
    if not questions.may_read(person, found):
        raise PermissionDenied
    if request.method != "POST":
        return _show(request, person, found, AnswerForm())
    if not questions.may_answer(person, found):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, person, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        questions.answer(found, form.cleaned_data["answer"], by=person, now=timezone.now())
    except questions.AlreadyAnsweredError as error:
        found.refresh_from_db()
        messages.warning(request, str(error))
        return _show(request, person, found, form, status=HTTPStatus.CONFLICT)
    nudge(sweep_mail)
    messages.success(request, _("Your answer is kept, and on its way to whoever asked."))
    response = redirect("manual:question", found.pk)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _show(
    request: HttpRequest, person: User, found: ReadingQuestion, form: AnswerForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "question": found,
        "form": form,
        "may_answer": questions.may_answer(person, found),
        "is_mine": found.person == person,
        "item": reading_list.of(person).item(found.slug) if found.person == person else None,
        "is_in_force": any(section.slug == found.slug for section in reading_list.sections_in_force()),
    }
    return render(request, "manual/question_page.html", context, status=status)
