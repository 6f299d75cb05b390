"""A section beside its text: who looks after it, whether it is still right, and the note beneath what is generated."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.documents import web
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import arranging, drafts, feedback, sections, written
from manual import care as caring
from manual.care_forms import CareForm, NoteForm, StillRightForm
from manual.chapters import CHAPTERS
from manual.faults import Fault
from manual.models import Section
from manual.views.editing import fields_now, find, offered, preview_of, writes
from manual.views.logging_in import login_to_act
from manual.views.long_texts import takes_long_text
from manual.views.missing import says_when_missing

_PER_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@says_when_missing
def care(request: HttpRequest, slug: str) -> HttpResponse:
    """Owners see it; managers also say who that is."""
    section = _mine(request, slug)
    known = {"owner": section.owner_id, "review_months": section.review_months, "is_inside": section.is_inside}
    form = CareForm(initial=known)
    if request.method != "POST":
        return _show(request, section, form)
    if not request.user.has_perm("manual.change_section"):
        raise PermissionDenied
    form = CareForm(request.POST)
    if not form.is_valid():
        return _show(request, section, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    caring.entrust(section, owner=given["owner"], review_months=given["review_months"])
    arranging.keep_inside(section, inside=given["is_inside"], by=cast("User", request.user))
    messages.success(request, _("Saved."))
    return redirect("manual:care", slug)


@require_POST
@login_to_act
@says_when_missing
def still_right(request: HttpRequest, slug: str) -> HttpResponse:
    """One click by its owner or a manager, kept as a review."""
    section = _mine(request, slug)
    form = StillRightForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please open the section first, so that it is clear what you have read."))
        return redirect("manual:care", slug)
    try:
        caring.still_right(section, version=form.cleaned_data["version"], by=cast("User", request.user))
    except caring.ReadMeanwhileError as changed:
        messages.error(request, str(changed))
    else:
        messages.success(request, _("Thank you. “%(title)s” is noted as still right.") % {"title": section.title})
    to_editing = form.cleaned_data["back"] and request.user.has_perm("manual.change_section")
    return redirect("manual:section_edit" if to_editing else "manual:care", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_long_text(writes)
@says_when_missing
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands beneath the generated part, which itself cannot be written. Asked for a preview, nothing is saved."""
    section = find(slug)
    if request.method != "POST":
        return _show_note(request, section, NoteForm(initial={"note": section.note, "version": section.version}))
    form = NoteForm(request.POST)
    warnings = _checked(section, form)
    if "preview" in request.POST and getattr(request, "htmx", False):
        return render(request, "manual/_preview.html", _note_preview(form, warnings))
    if form.is_valid() and "preview" not in request.POST:
        return _save_note(request, section, form, warnings)
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return _show_note(request, section, form, status=status)


def _checked(section: Section, form: NoteForm) -> list[Fault]:
    """As for the text: errors become errors of the form, the rest is returned."""
    if not form.is_valid():
        return []
    found = written.check(section, form.cleaned_data["note"], fields_now())
    for fault in found:
        if fault.is_error:
            form.add_error("note", fault.sentence)
    return [fault for fault in found if not fault.is_error]


def _save_note(request: HttpRequest, section: Section, form: NoteForm, warnings: list[Fault]) -> HttpResponse:
    by = cast("User", request.user)
    try:
        sections.save_note(section, note=form.cleaned_data["note"], version=form.cleaned_data["version"], by=by)
    except sections.ChangedMeanwhileError as conflict:
        theirs = conflict.section
        form = NoteForm(initial={"note": conflict.text, "version": theirs.version})
        both = _Both(sentence=str(conflict), theirs=theirs.note)
        return _show_note(request, theirs, form, both=both, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved. Readers see it from the next edition on."))
    for fault in warnings:
        messages.warning(request, fault.sentence)
    return redirect("manual:note", section.slug)


def _note_preview(form: NoteForm, warnings: list[Fault]) -> dict[str, Any]:
    return {"errors": form.errors.get("note"), **preview_of(form["note"].value(), warnings)}


@dataclass(frozen=True, kw_only=True)
class _Both:
    """What somebody else has saved meanwhile, beside what stands in the form."""

    sentence: str
    theirs: str


def _mine(request: HttpRequest, slug: str) -> Section:
    section = find(slug)
    if not caring.may_review(cast("User", request.user), section):
        raise PermissionDenied
    return section


def _show(request: HttpRequest, section: Section, form: CareForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    zone, fields = organisation().time_zone, fields_now()
    context = {
        "section": section,
        "standing": caring.standing(section, today=local_day(timezone.now(), zone), zone=zone),
        "form": form,
        "text": web.render(drafts.prose(section, fields)),
        "note": web.render(drafts.noted(section, fields)),
        "chapter": CHAPTERS.get(section.chapter),
        "feedback": feedback.of_section(section.slug),
        "page": Paginator(caring.history(section), _PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "manual/care_page.html", context, status=status)


def _show_note(
    request: HttpRequest, section: Section, form: NoteForm, *, both: _Both | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    chapter, fields = CHAPTERS.get(section.chapter), fields_now()
    text = str(form["note"].value() or "")
    found = written.check(section, text, fields) if len(text) <= sections.MOST_CHARACTERS else []
    context = {
        "section": section,
        "form": form,
        "both": both,
        "chapter": chapter,
        "generated": web.render(chapter.build(fields.context).blocks) if chapter else "",
        "fields": offered(fields),
        "open": "{{",
        "close": "}}",
        **_note_preview(form, [fault for fault in found if not (fault.is_error and form.is_bound)]),
    }
    return render(request, "manual/note_page.html", context, status=status)
