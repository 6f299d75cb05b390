"""Where managers write: one section with its preview, what is generated beneath it, and what it said before."""

from collections.abc import Callable
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
from manual import arranging, difference, drafts, feedback, rounds, sections, writing, written
from manual.chapters import CHAPTERS, Context
from manual.faults import Fault
from manual.fields import Fields
from manual.forms import PictureForm, SectionForm, VersionForm
from manual.models import Section
from manual.views.long_texts import takes_long_text

VERSIONS_PER_PAGE: Final = 10
may_write = permission_required("manual.change_section", raise_exception=True)


@dataclass(frozen=True)
class _Text:
    """A text by itself, to be compared with another."""

    content: dict[str, Any]
    figures: dict[str, Any]


def writes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return login_required(may_write(view))


@require_http_methods(["GET", "HEAD", "POST"])
@takes_long_text(writes)
def section_edit(request: HttpRequest, slug: str) -> HttpResponse:
    section = find(slug)
    if request.method != "POST":
        return show(request, section, _form_of(section))
    form = SectionForm(request.POST)
    found = _checked(section, form)
    if not form.is_valid():
        return show(request, section, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _save(request, section, form, found)


def _save(request: HttpRequest, section: Section, form: SectionForm, warnings: list[Fault]) -> HttpResponse:
    """Unless somebody else is writing it, or has saved it meanwhile; the text then stays in the form."""
    me = person(request)
    if "take_over" in request.POST and me:
        writing.take_over(section, me)
    if writing.by_another(section, me):
        return show(request, section, form, status=HTTPStatus.CONFLICT)
    try:
        sections.save(section, **form.cleaned_data, by=me)
    except sections.ChangedMeanwhileError as conflict:
        return _show_both(request, conflict)
    writing.release(section, me)
    messages.success(request, _("Saved. Readers see it from the next edition on."))
    for fault in warnings:
        messages.warning(request, fault.sentence)
    return redirect("manual:section_edit", section.slug)


@require_POST
@takes_long_text(writes)
def section_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the text would look like; nothing is saved. With htmx only the preview, else the page with everything.

    It tells the others that the person is writing.
    """
    section = find(slug)
    form = SectionForm(request.POST)
    if me := person(request):
        writing.sign(section, me)
    found = _checked(section, form)
    if getattr(request, "htmx", False):
        context = {"section": section, "form": form, **_preview(section, form, found)}
        context["other"] = writing.by_another(section, me)
        return render(request, "manual/_preview.html", context)
    is_valid = form.is_valid()
    return show(request, section, form, status=HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@login_required
@may_write
def section_take_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever was writing keeps their text: saving it shows both."""
    section = find(slug)
    if me := person(request):
        writing.take_over(section, me)
    messages.success(request, _("You are writing “%(title)s” now.") % {"title": section.title})
    return redirect("manual:section_edit", slug)


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


def _checked(section: Section, form: SectionForm) -> list[Fault]:
    """What is wrong with a text that could be saved; errors become errors of the form, the rest is returned."""
    if not form.is_valid():
        return []
    found = written.check(section, form.cleaned_data["text"], _fields())
    for fault in found:
        if fault.is_error:
            form.add_error("text", fault.sentence)
    return [fault for fault in found if not fault.is_error]


def _fields() -> Fields:
    return Fields(Context.at(timezone.now()))


def _preview(section: Section, form: SectionForm, warnings: list[Fault]) -> dict[str, Any]:
    """The text of the form, also of one that cannot be saved; nothing if it is too long to be looked at."""
    try:
        text = str(form["text"].value() or "")
        preview = web.render(drafts.written(text, _fields(), anchor_prefix="preview"))
    except markdown.TooLongError:
        preview = SafeString("")
    return {"preview": preview, "warnings": warnings}


def show(
    request: HttpRequest, section: Section, form: SectionForm, *, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    """The page with everything about a section, and this form on it."""
    chapter = CHAPTERS.get(section.chapter)
    fields = _fields()
    text = str(form["text"].value() or "")
    found = written.check(section, text, fields) if len(text) <= sections.MOST_CHARACTERS else []
    context = {
        "section": section,
        "form": form,
        "picture_form": PictureForm(),
        **_preview(section, form, [fault for fault in found if not (fault.is_error and form.is_bound)]),
        "chapter": chapter,
        "generated": web.render(chapter.build(fields.context).blocks) if chapter else "",
        "fields": _offered(fields),
        "open": "{{",
        "close": "}}",
        "other": writing.by_another(section, person(request)),
        "silence": int(writing.SILENCE.total_seconds() // 60),
        "is_own": arranging.is_own(section),
        "feedback": feedback.of_section(section.slug),
        "state": rounds.state().value,
        "page": Paginator(sections.history(section), VERSIONS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "manual/section_edit_page.html", context | more, status=status)


def _offered(fields: Fields) -> list[dict[str, str]]:
    """For the list and for the completion."""
    return [{"name": field.name, "about": str(field.about)} for field in fields.known.values()]


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
