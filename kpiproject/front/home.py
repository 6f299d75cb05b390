"""The first page: what matters to this person today, then every figure."""

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpiproject.front import attention
from kpiproject.front.standing import standing
from kpiproject.models import Organisation, User
from metrics.views import dashboard


@require_safe
@login_required
@permission_required("metrics.view_rollup", raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    page = dashboard.page(request)
    leads = attention.settles_matters(user)
    moment = attention.this_moment(page.fresh.zone)
    context = {**page.context, "needs": attention.needs(user, moment) if leads else None}
    if page.is_empty:
        return render(request, "metrics/first_steps_page.html", context)
    house = cast("Organisation", page.context["organisation"])
    context["standing"] = standing(user, house, page.fresh, moment, leads=leads)
    return render(request, "front/home_page.html", context, status=page.status)
