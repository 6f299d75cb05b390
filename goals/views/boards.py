"""Stands until the pages are written."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    raise Http404


@require_safe
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
