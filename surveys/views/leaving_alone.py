"""How long people are left alone, and who was not asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from surveys import queries, reasons
from surveys.models import Survey
from surveys.sending_forms import QuietTimeForm

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.change_quiettime", raise_exception=True)
def quiet_time(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = QuietTimeForm(data, instance=queries.quiet_time())
    if data is not None and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("surveys:quiet_time")
    return render(request, "surveys/quiet_time_page.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
@permission_required("surveys.view_skip", raise_exception=True)
def skip_list(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    reason = request.GET.get("reason", "")
    rows = queries.skipped(survey, reason=reason if reason in reasons.WORDS else "")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "survey": survey,
        "page": page,
        "lines": [(one, reasons.in_words(one.reason)) for one in page],
        "reason": reason if reason in reasons.WORDS else "",
        "reasons": [(code, str(words)) for code, words in reasons.WORDS.items()],
    }
    return render(request, "surveys/skip_list_page.html", context)
