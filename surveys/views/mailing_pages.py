"""Asking by file: upload, look who will be asked and who not, confirm, and see how far it is."""

import csv
from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpiproject.lib.tokens import new_token
from kpiproject.models import User
from kpiproject.queue import nudge
from surveys import mailings, reasons
from surveys.address_lists import AddressListError
from surveys.forms import InviteForm
from surveys.invitations import NotOpenError
from surveys.models import Mailing, Survey
from surveys.sending_forms import PeopleFileForm
from surveys.tasks import send_mailing

MOST_SHOWN = 100
may_ask = permission_required("surveys.add_mailing", raise_exception=True)


@require_POST
@login_required
@may_ask
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    form = PeopleFileForm(request.POST, request.FILES, survey=survey)
    if form.is_valid():
        file, by = form.cleaned_data["file"], request.user
        try:
            made = mailings.create(survey, name=file.name, data=file.read(), by=by if isinstance(by, User) else None)
        except AddressListError as error:
            form.add_error("file", str(error))
        else:
            return redirect("surveys:mailing", slug, made.token)
    context = {"survey": survey, "form": InviteForm(initial={"key": new_token()}), "file_form": form}
    return render(request, "surveys/invite_page.html", context, status=422)


@require_safe
@login_required
@may_ask
def mailing(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    found = _mailing(slug, token)
    context = {"survey": found.survey, "mailing": found, "bad_rows": found.bad_rows[:MOST_SHOWN]}
    if found.confirmed_at is None:
        preview = mailings.preview(found, timezone.now(), most_shown=MOST_SHOWN)
        context |= {"preview": preview, "hidden_count": preview.asked + preview.skipped - len(preview.first)}
    else:
        by_count = sorted(found.skipped.items(), key=lambda item: -item[1])
        context["skipped"] = [(reasons.in_words(reason), count) for reason, count in by_count]
    return render(request, "surveys/mailing_page.html", context)


@require_POST
@login_required
@may_ask
def send(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    found = _mailing(slug, token)
    try:
        mailings.confirm(found, timezone.now())
    except NotOpenError as error:
        messages.error(request, str(error))
    else:
        nudge(send_mailing, found.pk)
        messages.success(request, _("The mails are being prepared."))
    return redirect("surveys:mailing", slug, token)


@require_safe
@login_required
@may_ask
def not_asked(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The rows that cannot be read, to be mended; before sending also those that would be skipped."""
    found = _mailing(slug, token)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    csv.writer(answer).writerows([_plain(cell) for cell in row] for row in _not_asked(found))
    answer["Content-Disposition"] = f'attachment; filename="not-asked-{found.survey.slug}.csv"'
    return answer


def _not_asked(found: Mailing) -> Iterator[tuple[object, ...]]:
    yield (_("line"), _("row"), _("reason"))
    yield from (tuple(row) for row in found.bad_rows)
    lines = [row["line"] for row in found.rows]
    for line, one in zip(lines, mailings.judged(found, timezone.now()), strict=False):
        if one.reason:
            yield (line, one.given, one.reason_in_words)


def _plain(value: object) -> str:
    """A spreadsheet takes what begins like this for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _mailing(slug: str, token: str) -> Mailing:
    return get_object_or_404(Mailing.objects.select_related("survey"), survey__slug=slug, token=token)
