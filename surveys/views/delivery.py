"""Whether our mails arrive: who they come from, what the DNS says of it, and what came back."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import bounces, deliverability, sender, sender_check
from surveys.bounces import Tally
from surveys.do_not_contact_forms import KindForm, ReturnedForm, SelectorForm
from surveys.models import BounceReport
from surveys.sender_check import DnsAwayError

PAGE_SIZE: Final = 50
DAYS: Final = 30
_STUCK_SHOWN: Final = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.view_bouncereport", raise_exception=True)
def overview(request: HttpRequest) -> HttpResponse:
    """GET shows; POST asks the DNS and shows what it said. Nothing is stored."""
    form = SelectorForm(request.POST) if request.method == "POST" else SelectorForm()
    context = _overview(form)
    if form.is_bound and not form.is_valid():
        return render(request, "surveys/delivery_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.is_bound and context["has_domain"]:
        try:
            context["findings"] = sender_check.check(context["sender"], selector=form.cleaned_data["selector"])
        except DnsAwayError:
            context["is_dns_away"] = True
    return render(request, "surveys/delivery_page.html", context)


@require_safe
@login_required
@permission_required("surveys.view_bouncereport", raise_exception=True)
def returned(request: HttpRequest) -> HttpResponse:
    form = KindForm(request.GET)
    is_valid = form.is_valid()
    rows = deliverability.returned(form.cleaned_data["kind"], form.cleaned_data["q"]) if is_valid else None
    context = {
        "form": form,
        "upload": ReturnedForm(),
        "page": Paginator(BounceReport.objects.none() if rows is None else rows, PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "is_filtered": is_valid and any(form.cleaned_data.values()),
    }
    status = HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "surveys/returned_page.html", context, status=status)


@require_POST
@login_required
@permission_required("surveys.add_bouncereport", raise_exception=True)
def read_returned(request: HttpRequest) -> HttpResponse:
    form = ReturnedForm(request.POST, request.FILES)
    if not form.is_valid():
        page = Paginator(deliverability.returned("", ""), PAGE_SIZE).get_page(1)
        context = {"form": KindForm({}), "upload": form, "page": page}
        return render(request, "surveys/returned_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    tally = bounces.take(form.cleaned_data["mail"].read())
    (messages.success if tally.noted else messages.warning)(request, _told(tally))
    return redirect("surveys:returned")


def _told(tally: Tally) -> str:
    if tally.noted:
        return _("It was noted.")
    if tally.known:
        return _("This was noted before; nothing was changed.")
    if tally.strange:
        return _("It is about no mail that was sent from here; nothing was changed.")
    return _("This is no report of a mail that came back; nothing was changed.")


def _overview(form: SelectorForm) -> dict[str, Any]:
    since = timezone.now() - timedelta(days=DAYS)
    found = sender.sender()
    stuck = deliverability.stuck(since)
    return {
        "form": form,
        "sender": found,
        "has_domain": "." in found.domain,
        "records": sender.wanted(found),
        "domains": deliverability.domains(since),
        "days": DAYS,
        "stuck": stuck[:_STUCK_SHOWN],
        "stuck_count": stuck.count(),
    }
