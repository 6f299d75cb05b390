"""Weekly reports, for managers: what goes out when, to whom, and what went out."""

import base64
from itertools import count
from typing import Any, TypeVar

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from goals import queries, report_lines, report_mail, report_unsubscribe, reports
from goals.models import Report, ReportRun
from goals.report_content import Content
from goals.report_weeks import week_text
from kpiproject import drawing, mail
from kpiproject.models import User
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail

PER_PAGE = 25
RUNS_PER_PAGE = 20
DATES_AHEAD = 5
OUTSIDERS = "stakeholders"
_MOST_DIGITS = 18
Row = TypeVar("Row", bound=Model)
may_see = permission_required("goals.view_report", raise_exception=True)
may_send = permission_required("goals.change_report", raise_exception=True)


@require_safe
@login_required
@may_see
def report_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(report_lines.listed(), PER_PAGE).get_page(request.GET.get("page"))
    house = organisation()
    context = {"page": page, "lines": report_lines.lines(list(page), house), "zone": house.time_zone}
    return render(request, "goals/report_list_page.html", context)


@require_safe
@login_required
@may_see
def report(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(report_lines.listed(), pk=pk)
    house = organisation()
    page = Paginator(report_lines.runs(found), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    last_week = reports.last_complete_week(found)
    context = {
        "report": found,
        "zone": house.time_zone,
        "when": queries.when_sent(found),
        "dates": [(due, week_text(week)) for due, week in reports.upcoming(found, DATES_AHEAD, house)],
        "items": reports.items(found),
        "recipients": reports.recipients(found),
        "left": found.left.all(),
        "page": page,
        "runs": [report_lines.run_line(run) for run in page],
        "last_week": week_text(last_week),
        "has_run": reports.run_about(found, last_week) is not None,
    }
    return render(request, "goals/report_page.html", context)


@require_safe
@login_required
@may_see
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it is typed for views without arguments
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Report.objects.select_related("owner"), pk=pk)
    is_for_outsiders = request.GET.get("for") == OUTSIDERS
    context = {
        "report": found,
        "letter": reports.preview_mail(found, is_for_outsiders=is_for_outsiders),
        "is_for_outsiders": is_for_outsiders,
        "week": week_text(reports.last_complete_week(found)),
    }
    return render(request, "goals/report_preview_page.html", context)


@require_safe
@login_required
@may_see
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # the same
    {
        "default-src": [NONE],
        "img-src": ["data:"],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
def preview_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part with its pictures in it. A click opens a tab instead of filling the frame."""
    found = get_object_or_404(Report.objects.select_related("owner"), pk=pk)
    letter = reports.preview_mail(found, is_for_outsiders=request.GET.get("for") == OUTSIDERS)
    html = letter["html"].replace("<head>", '<head><base target="_blank">', 1)
    for file in letter["files"]:
        data = base64.b64encode(file.content).decode()
        html = html.replace(f"cid:{file.content_id}", f"data:{file.content_type};base64,{data}")
    return HttpResponse(html)


@require_POST
@login_required
@may_send
def test_mail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Report.objects.select_related("owner"), pk=pk)
    if not isinstance(request.user, User):
        return HttpResponseBadRequest()
    try:
        reports.send_test(found, request.user)
    except ValueError as error:  # the address of whoever asks
        messages.error(request, str(error))
    else:
        nudge(sweep_mail)
        messages.success(request, _("A test mail to %(email)s is on its way.") % {"email": request.user.email})
    return redirect("goals:report", found.pk)


@require_POST
@login_required
@may_send
def send_now(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Report.objects.select_related("owner"), pk=pk)
    try:
        run = reports.send_now(found)
    except reports.NotSentError as error:
        messages.warning(request, str(error))
        return redirect("goals:report", found.pk)
    nudge(sweep_mail)
    messages.success(request, _("The report about %(week)s is on its way.") % {"week": run.content["week"]["text"]})
    return redirect("goals:report_run", run.pk)


@require_POST
@login_required
@may_send
def readmit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a stakeholder who has left get the report again."""
    found = get_object_or_404(Report, pk=pk)
    left = _chosen(found.left.all(), request.POST.get("left", ""))
    if left is None:
        messages.error(request, _("Choose one of those who have left."))
    else:
        report_unsubscribe.readmit(left)
        messages.success(request, _("%(name)s gets the report again.") % {"name": left.stakeholder})
    return redirect("goals:report", found.pk)


@require_safe
@login_required
@may_see
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReportRun.objects.select_related("report"), pk=pk)
    context = {
        "run": found,
        "content": found.content,
        "notices": list(report_mail.notices(found.content)),
        "items": _shown(found.content),
        "goals": [goal | {"details": report_mail.goal_details(goal)} for goal in found.content["goals"]],
        "milestones": report_mail.milestones(found.content),
        "closed": report_mail.closed(found.content),
        "deliveries": report_lines.delivery_lines(found),
    }
    return render(request, "goals/report_run_page.html", context)


@require_POST
@login_required
@may_send
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the mail of one delivery back in line."""
    found = get_object_or_404(ReportRun, pk=pk)
    delivery = _chosen(found.deliveries.all(), request.POST.get("delivery", ""))
    if delivery is None or delivery.mail is None:
        messages.error(request, _("Choose one of the mails on this page."))
        return redirect("goals:report_run", found.pk)
    try:
        mail.resend(delivery.mail)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        nudge(sweep_mail)
        messages.success(request, _("The mail to %(email)s is on its way again.") % {"email": delivery.email})
    return redirect("goals:report_run", found.pk)


def _chosen(rows: "QuerySet[Row]", number: str) -> Row | None:
    """The row of this number; none for what is no number, or one that no row can have."""
    is_number = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    return rows.filter(pk=number).first() if is_number else None


def _shown(content: Content) -> list[dict[str, Any]]:
    """Every figure with its words, and its chart where it has one."""
    numbers = count(1)
    shown = []
    for item in content["items"]:
        chart = drawing.drawn(item["chart"], f"report-{next(numbers)}") if item.get("chart") else None
        words = {"compared": report_mail.compared(item), "details": report_mail.details(item)}
        words["url"] = report_mail.address(item, content)
        shown.append(item | words | {"chart": chart})
    return shown
