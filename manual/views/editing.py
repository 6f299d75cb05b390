"""Where managers write: one section with its preview, what is generated beneath it, and what it said before."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.documents import markdown, web
from kpiproject.models import User
from manual import arranging, difference, feedback, rounds, sections
from manual.chapters import CHAPTERS, Context
from manual.forms import SectionForm, VersionForm
from manual.models import Section

VERSIONS_PER_PAGE: Final = 10
may_write = permission_required("manual.change_section", raise_exception=True)


@dataclass(frozen=True)
class _Text:
    """A text by itself, to be compared with another."""

    content: dict[str, Any]
    figures: dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_write
def section_edit(request: HttpRequest, slug: str) -> HttpResponse:
    section = find(slug)
    if request.method != "POST":
        return _show(request, section, _form_of(section))
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _show(request, section, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sections.save(section, **form.cleaned_data, by=person(request))
    except sections.ChangedMeanwhileError as conflict:
        return _show_both(request, conflict)
    messages.success(request, _("Saved. Readers see it from the next edition on."))
    return redirect("manual:section_edit", slug)


@require_POST
@login_required
@may_write
def section_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the text would look like; nothing is saved. With htmx only the preview, else the page with everything."""
    section = find(slug)
    form = SectionForm(request.POST)
    is_valid = form.is_valid()
    if getattr(request, "htmx", False):
        return render(request, "manual/_preview.html", {"section": section, "form": form, "preview": _prose(form)})
    return _show(request, section, form, status=HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@login_required
@may_write
def section_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Say again what the section said before: a new version, so that nothing is lost."""
    section = find(slug)
    form = VersionForm(request.POST)
    chosen = section.versions.filter(version=form.cleaned_data["version"]).first() if form.is_valid() else None
    if chosen is None:
        messages.error(request, _("There is no such version."))
        return redirect("manual:section_edit", slug)
    try:
        sections.save(section, title=chosen.title, text=chosen.text, version=section.version, by=person(request))
    except sections.ChangedMeanwhileError as conflict:
        messages.error(request, str(conflict))
    else:
        said = _("The section says again what it said in version %(version)s.")
        messages.success(request, said % {"version": chosen.version})
    return redirect("manual:section_edit", slug)


def find(slug: str) -> Section:
    return get_object_or_404(Section.objects.select_related("updated_by"), slug=slug)


def person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _form_of(section: Section) -> SectionForm:
    return SectionForm(initial={"title": section.title, "text": section.text, "version": section.version})


def _prose(form: SectionForm) -> SafeString:
    """The text of the form, also of one that cannot be saved; nothing if it is too long to be looked at."""
    try:
        return web.render(markdown.parse(str(form["text"].value() or ""), anchor_prefix="preview"))
    except markdown.TooLongError:
        return SafeString("")


def _show(
    request: HttpRequest, section: Section, form: SectionForm, *, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    chapter = CHAPTERS.get(section.chapter)
    context = {
        "section": section,
        "form": form,
        "preview": _prose(form),
        "chapter": chapter,
        "generated": web.render(chapter.build(Context.at(timezone.now())).blocks) if chapter else "",
        "is_own": arranging.is_own(section),
        "feedback": feedback.of_section(section.slug),
        "state": rounds.state().value,
        "page": Paginator(sections.history(section), VERSIONS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "manual/section_edit_page.html", context | more, status=status)


def _show_both(request: HttpRequest, conflict: sections.ChangedMeanwhileError) -> HttpResponse:
    """The person's text stays in the form, now for the version that is there; the other text stands beside it."""
    theirs = conflict.section
    form = SectionForm(initial={"title": conflict.title, "text": conflict.text, "version": theirs.version})
    compared = difference.compare(_text(theirs.title, theirs.text), _text(conflict.title, conflict.text))
    context = {"section": theirs, "form": form, "conflict": str(conflict), "difference": compared}
    return render(request, "manual/section_conflict_page.html", context, status=HTTPStatus.CONFLICT)


def _text(title: str, text: str) -> _Text:
    section = {"anchor": "text", "number": "", "title": title, "blocks": markdown.parse(text)}
    return _Text(content={"sections": [section]}, figures={})
