"""Unhappy customers whom nobody took care of in time."""

from django import forms
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goals import alerts
from surveys import scales
from surveys.complaints import complaint

PAGE_SIZE = 25


KINDS = {kind.code: kind.name for kind in scales.KINDS.values() if not kind.is_about_employees}


class FilterForm(forms.Form):
    kind = forms.ChoiceField(
        choices=list(KINDS.items()),
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is not a kind of survey that customers answer.")},
    )


@require_safe
@login_required
@permission_required("goals.view_alert", raise_exception=True)
def alert_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    page = Paginator(alerts.raised(kind), PAGE_SIZE).get_page(request.GET.get("page"))
    may_know = request.user.has_perm("surveys.view_contact")
    found = [(one, [complaint(link.answer, has_customer=may_know) for link in one.links.all()][:1]) for one in page]
    context = {"form": form, "kinds": KINDS, "kind": kind, "page": page, "found": found}
    return render(request, "goals/alert_list_page.html", context)
