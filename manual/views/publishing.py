"""From the approved draft to an edition: what would change, what stands in the way, and the button."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from manual import (
    approvals,
    complete,
    difference,
    drafts,
    edition_sections,
    editions,
    hints,
    printing,
    readiness,
    rounds,
)
from manual.approval_states import State
from manual.editions import AlreadyPublishedError, NothingChangedError, StillComputingError, Terms
from manual.models import Edition
from manual.publishing_forms import PublishForm
from manual.tasks import print_edition
from manual.views.editing import person
from manual.views.logging_in import login_to_act
from manual.views.reading import find_edition

may_publish = permission_required("manual.add_edition", raise_exception=True)


@dataclass(frozen=True)
class Unpublished:
    """The draft, to be compared with an edition."""

    content: Any
    figures: Any

    @classmethod
    def of(cls, found: drafts.Draft) -> "Unpublished":
        return cls(content=found.document, figures=found.figures)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_publish
def publish(request: HttpRequest) -> HttpResponse:
    found, latest = drafts.draft(), editions.latest()
    sections = changed_sections(found, latest)
    if request.method != "POST":
        form = PublishForm(initial={"number": editions.next_number()}, sections=sections)
        return _show(request, form, found, latest)
    form = PublishForm(request.POST, sections=sections)
    if not form.is_valid():
        return _show(request, form, found, latest, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _published(request, form)
    except approvals.NotReadyError:
        return _show(request, form, found, latest, status=HTTPStatus.CONFLICT)


def _published(request: HttpRequest, form: PublishForm) -> HttpResponse:
    given = {name: form.cleaned_data[name] for name in ("number", "note", "effective_from")}
    try:
        edition = approvals.publish(Terms(by=person(request), editorial=form.editorial(), **given))
    except (AlreadyPublishedError, NothingChangedError, StillComputingError, approvals.NotAllowedError) as refusal:
        return _refuse(request, str(refusal))
    nudge(print_edition, edition.pk)
    nudge(sweep_mail)
    messages.success(request, _said(edition))
    return redirect("manual:manual")


@require_POST
@login_to_act
@may_publish
def edition_print(request: HttpRequest, number: int) -> HttpResponse:
    """Once more, after it failed for good or the file was lost."""
    edition = find_edition(number)
    if printing.print_again(edition):
        nudge(print_edition, edition.pk)
    return redirect("manual:edition_pdf", number, number)


def changed_sections(found: drafts.Draft, latest: Edition | None) -> list[tuple[str, str]]:
    """Those of which somebody has to say whether people must read them anew: short name and title."""
    before = (latest.content, latest.figures) if latest else None
    lines = edition_sections.lines(found.document, found.figures, before=before)
    return [(line.slug, line.title) for line in lines if line.change != "same"] if latest else []


def _said(edition: Edition) -> str:
    if edition.effective_from is None:
        return _("%(edition)s is published. Its PDF is being printed.") % {"edition": edition}
    said = _("%(edition)s is published and will be in force from %(date)s on. Its PDF is being printed.")
    return said % {"edition": edition, "date": date_format(edition.effective_from, "DATE_FORMAT")}


def _show(
    request: HttpRequest,
    form: PublishForm,
    found: drafts.Draft,
    latest: Edition | None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    problems: Sequence[readiness.Problem] = readiness.problems(found)
    context = {
        "form": form,
        "latest": latest,
        "number": editions.next_number(),
        "state": rounds.state(),
        "approval": rounds.current(),
        "is_approved": rounds.state() == State.APPROVED,
        "problems": problems,
        "has_contradiction": any(problem.kind == "contradiction" for problem in problems),
        "hints": hints.hints(found, changed=changed_sections(found, latest)),
        "still_computing": editions.still_computing() if drafts.is_computing() else "",
        "to_fill_in": complete.to_fill_in(),
        "is_worth_it": latest is None or difference.has_changed(latest.figures, found.figures),
        "difference": difference.compare(latest, Unpublished.of(found)) if latest else None,
        "sections": found.document["sections"],
    }
    return render(request, "manual/publish_page.html", context, status=status)


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "latest": editions.latest()}
    return render(request, "manual/not_published_page.html", context, status=HTTPStatus.CONFLICT)
