"""What the organisation's own people see of surveys, and how managers ask."""

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpiproject import queries as ground
from kpiproject.lib.periods import local_day
from surveys import overview, queries
from surveys.models import Survey
from surveys.views import form_page

PAGE_SIZE = 25


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def survey_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(Survey.objects.order_by("name", "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    zone = ground.organisation().time_zone
    lines = overview.summaries(list(page), zone, today=local_day(timezone.now(), zone))
    return render(request, "surveys/survey_list_page.html", {"page": page, "lines": lines})


@require_safe
@login_required
@permission_required("surveys.view_invitation", raise_exception=True)
def invitation_list(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Survey, slug=slug)
    page = Paginator(queries.asked(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "survey": found,
        "page": page,
        "now": timezone.now(),
        "is_anonymous": found.is_anonymous,
    }
    return render(request, "surveys/invitation_list_page.html", context)


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def survey_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as a customer sees it, also of a draft; without a button, because nothing can be recorded."""
    return form_page.preview(request, get_object_or_404(Survey, slug=slug))
