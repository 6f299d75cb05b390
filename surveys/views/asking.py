"""How managers ask: who first, then the mails; and what they do with a survey."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject import queries as ground
from kpiproject.lib.tokens import new_token
from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import deliver_mail, sweep_mail
from surveys import invitation_mail, invitations, lifecycle, screening
from surveys.forms import InviteForm, StatusForm
from surveys.invitations import NotOpenError, Outcome
from surveys.models import Survey
from surveys.screening import Preview
from surveys.sending_forms import PeopleFileForm
from surveys.views import versioning

MOST_SHOWN = 200
_ACTIONS = {
    "close": lifecycle.close_survey,
    "publish": lifecycle.publish,
    "withdraw": lifecycle.withdraw,
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.add_invitation", raise_exception=True)
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks for addresses, the first POST shows what would happen, the second, with `send`, does it."""
    survey = get_object_or_404(Survey, slug=slug)
    if request.method != "POST":
        return _show_form(request, survey, InviteForm(initial={"key": new_token()}))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show_form(request, survey, form, status=422)
    return _send(request, survey, form) if "send" in request.POST else _show_preview(request, survey, form)


@require_POST
@login_required
@permission_required("surveys.add_invitation", raise_exception=True)
def send_test(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    user = request.user
    if not isinstance(user, User):
        return HttpResponseBadRequest()
    mail = invitation_mail.put_test_into_outbox(
        survey,
        ground.organisation(),
        to=user.email,
        name=user.name,
        key=new_token(),
        is_reminder="reminder" in request.POST,
    )
    nudge(deliver_mail, mail.pk)
    messages.success(request, _("A test mail to %(email)s is on its way.") % {"email": user.email})
    return redirect("surveys:survey", survey.slug)


@require_POST
@login_required
@permission_required("surveys.change_survey", raise_exception=True)
def change_status(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Nobody knows how to do that."), content_type="text/plain; charset=utf-8")
    if form.cleaned_data["action"] == "open":
        return versioning.open_survey(request, survey, accepts_gaps=form.cleaned_data["gaps"])
    _ACTIONS[form.cleaned_data["action"]](survey)
    messages.success(request, _("Done."))
    return redirect("surveys:survey", survey.slug)


def _show_form(request: HttpRequest, survey: Survey, form: InviteForm, *, status: int = 200) -> HttpResponse:
    context = {"survey": survey, "form": form, "file_form": PeopleFileForm(survey=survey)}
    return render(request, "surveys/invite_page.html", context, status=status)


def _send(request: HttpRequest, survey: Survey, form: InviteForm) -> HttpResponse:
    try:
        outcomes = invitations.invite(survey, form.cleaned_data["addresses"], key_prefix=form.cleaned_data["key"])
    except NotOpenError as error:
        messages.error(request, str(error))
        return redirect("surveys:survey", survey.slug)
    nudge(sweep_mail)
    messages.success(request, _told(outcomes))
    return redirect("surveys:invitation_list", survey.slug)


def _show_preview(request: HttpRequest, survey: Survey, form: InviteForm) -> HttpResponse:
    people, key = form.cleaned_data["addresses"], form.cleaned_data["key"]
    judged = screening.preview(survey, people, prefix=key, now=timezone.now())
    found = Preview.of(judged, most_shown=MOST_SHOWN)
    context = {
        "survey": survey,
        "preview": found,
        "hidden_count": found.asked + found.skipped - len(found.first),
        "addresses": request.POST["addresses"],
        "key": form.cleaned_data["key"],
    }
    return render(request, "surveys/invite_preview_page.html", context)


def _told(outcomes: list[Outcome]) -> str:
    counts = Counter(outcome.status for outcome in outcomes)
    queued = ngettext("%(count)s person is being asked.", "%(count)s people are being asked.", counts["queued"])
    told = queued % {"count": counts["queued"]}
    if counts["skipped"]:
        skipped = ngettext("%(count)s was skipped.", "%(count)s were skipped.", counts["skipped"])
        told += " " + skipped % {"count": counts["skipped"]}
    return told
