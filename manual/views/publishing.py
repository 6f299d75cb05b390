"""From the draft to an edition: what would change, and the button."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.queue import nudge
from manual import complete, difference, drafts, editions
from manual.editions import AlreadyPublishedError, IncompleteError, NothingChangedError, StillComputingError
from manual.forms import PublishForm
from manual.models import Edition
from manual.tasks import print_edition
from manual.views.editing import person
from manual.views.reading import find_edition

may_publish = permission_required("manual.add_edition", raise_exception=True)


@dataclass(frozen=True)
class _Unpublished:
    """The draft, to be compared with an edition."""

    content: Any
    figures: Any


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_publish
def publish(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, PublishForm(initial={"number": editions.next_number()}))
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        edition = editions.publish(by=person(request), **form.cleaned_data)
    except (AlreadyPublishedError, IncompleteError, NothingChangedError, StillComputingError) as refusal:
        return _refuse(request, str(refusal))
    nudge(print_edition, edition.pk)
    messages.success(request, _("%(edition)s is published. Its PDF is being printed.") % {"edition": edition})
    return redirect("manual:manual")


@require_POST
@login_required
@may_publish
def edition_print(request: HttpRequest, number: int) -> HttpResponse:
    """Once more, after it failed for good or the file was lost."""
    edition = find_edition(number)
    if editions.print_again(edition):
        nudge(print_edition, edition.pk)
    return redirect("manual:edition_pdf", number, number)


def _show(request: HttpRequest, form: PublishForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    found, latest = drafts.draft(), editions.latest()
    context = {
        "form": form,
        "latest": latest,
        "number": editions.next_number(),
        "still_computing": editions.still_computing() if drafts.is_computing() else "",
        "incomplete": complete.sentence(complete.missing(found)),
        "to_fill_in": complete.to_fill_in(),
        "is_worth_it": latest is None or difference.has_changed(latest.figures, found.figures),
        "difference": _difference(latest, found) if latest else None,
        "sections": found.document["sections"],
    }
    return render(request, "manual/publish_page.html", context, status=status)


def _difference(latest: Edition, found: drafts.Draft) -> difference.Difference:
    return difference.compare(latest, _Unpublished(content=found.document, figures=found.figures))


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "latest": editions.latest()}
    return render(request, "manual/not_published_page.html", context, status=HTTPStatus.CONFLICT)
