"""“Is this clear?” beneath a section, and what whoever looks after it does with the answers."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from manual import feedback, queries
from manual.feedback import NoSuchSectionError, Said
from manual.models import Feedback
from manual.reader_forms import FeedbackForm, SettleForm
from manual.views.logging_in import login_to_act
from manual.views.reading import may_read

PER_PAGE = 25


@require_POST
@login_to_act
@may_read
@permission_required("manual.add_feedback", raise_exception=True)
def give(request: HttpRequest, slug: str) -> HttpResponse:
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say yes or no, and why in at most 1000 characters."))
        return _see_other(reverse("manual:section", args=[slug]))
    given = form.cleaned_data
    said = Said(slug=slug, number=given["number"], is_clear=given["clear"] == "yes", why=given["why"])
    try:
        feedback.give(cast("User", request.user), said, now=timezone.now())
    except NoSuchSectionError as error:
        raise Http404 from error
    messages.success(request, _("Thank you. Whoever looks after this section gets to know."))
    return _see_other(reverse("manual:section", args=[slug]))


@require_safe
@login_required
@permission_required("manual.view_feedback", raise_exception=True)
def listing(request: HttpRequest) -> HttpResponse:
    """What is not clear: managers see all of it, others that of their sections and their own."""
    person = cast("User", request.user)
    page = Paginator(feedback.readable(person), PER_PAGE).get_page(request.GET.get("page"))
    counts = feedback.counts({one.slug for one in page})
    settles = person.has_perm(feedback.SETTLES)
    theirs = set() if settles else set(feedback.owned(person))
    context = {
        "page": page,
        "lines": [(one, settles or one.slug in theirs, counts[one.slug]) for one in page],
        "written": set(queries.sections().values_list("slug", flat=True)),
    }
    return render(request, "manual/feedback_page.html", context)


@require_POST
@login_to_act
@permission_required("manual.view_feedback", raise_exception=True)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feedback.objects.select_related("person"), pk=pk, is_clear=False)
    person = cast("User", request.user)
    if not feedback.may_settle(person, found):
        raise PermissionDenied
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A word back has at most 1000 characters. Nothing was changed."))
    elif feedback.settle(found, form.cleaned_data["reply"].strip(), by=person, now=timezone.now()):
        nudge(sweep_mail)
        messages.success(request, _("Settled."))
    else:
        messages.warning(request, _("Somebody has settled it already."))
    return _see_other(reverse("manual:feedback"))


def _see_other(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
