"""Where managers write: one section with its preview, what is generated beneath it, and what it said before."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.documents import markdown, web
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import arranging, care, difference, drafts, feedback, rounds, sections, writing, written
from manual.chapters import CHAPTERS, Context
from manual.faults import Fault
from manual.fields import Fields
from manual.forms import PictureForm, SectionForm, VersionForm
from manual.models import Section
from manual.views.logging_in import login_to_act, login_to_write
from manual.views.long_texts import takes_long_text
from manual.views.missing import NoSectionError, says_when_missing

VERSIONS_PER_PAGE: Final = 10
may_write = permission_required("manual.change_section", raise_exception=True)


@dataclass(frozen=True)
class _Text:
    """A text by itself, to be compared with another."""

    content: dict[str, Any]
    figures: dict[str, Any]


def writes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return login_to_write(may_write(view))


@require_http_methods(["GET", "HEAD", "POST"])
@takes_long_text(writes)
@says_when_missing
def section_edit(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        opened = find(slug)
        return show(request, opened, _form_of(opened))
    form = SectionForm(request.POST)
    if (section := found_if_any(slug)) is None:
        return gone(request, form)
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
        return show(request, section, form, status=HTTPStatus.CONFLICT, is_held_up=True)
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

    It tells the others that the person is writing, unless this comes after they have saved what they wrote.
    """
    form = SectionForm(request.POST)
    if (section := found_if_any(slug)) is None:
        return gone(request, form)
    me = person(request)
    if me and form["version"].value() == str(section.version):
        writing.sign(section, me)
    found = _checked(section, form)
    if getattr(request, "htmx", False):
        context = {"section": section, "errors": form.errors.get("text"), **preview_of(form["text"].value(), found)}
        context["other"] = writing.by_another(section, me)
        return render(request, "manual/_preview.html", context)
    is_valid = form.is_valid()
    return show(request, section, form, status=HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@login_to_act
@may_write
@says_when_missing
def section_take_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever was writing keeps their text: saving it shows both."""
    section = find(slug)
    if me := person(request):
        writing.take_over(section, me)
    messages.success(request, _("You are writing “%(title)s” now.") % {"title": section.title})
    return redirect("manual:section_edit", slug)


@require_POST
@login_to_act
@may_write
@says_when_missing
def section_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Say again what the section said before: a new version, so that nothing is lost."""
    section = find(slug)
    form = VersionForm(request.POST)
    chosen = section.versions.filter(version=form.cleaned_data["version"]).first() if form.is_valid() else None
    if chosen is None:
        messages.error(request, _("There is no such version."))
        return redirect("manual:section_edit", slug)
    sections.restore(section, chosen, by=person(request))
    said = _("The section says again what it said in version %(version)s.")
    messages.success(request, said % {"version": chosen.version})
    return redirect("manual:section_edit", slug)


def find(slug: str) -> Section:
    """For a view that says_when_missing."""
    found = found_if_any(slug)
    if found is None:
        raise NoSectionError
    return found


def found_if_any(slug: str) -> Section | None:
    """None for a section that somebody has deleted while another person wrote it."""
    return _sections().filter(slug=slug).first()


def _sections() -> QuerySet[Section]:
    return Section.objects.select_related("updated_by", "owner")


def person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _form_of(section: Section) -> SectionForm:
    return SectionForm(initial={"title": section.title, "text": section.text, "version": section.version})


def _checked(section: Section, form: SectionForm) -> list[Fault]:
    """What is wrong with a text that could be saved; errors become errors of the form, the rest is returned."""
    if not form.is_valid():
        return []
    found = written.check(section, form.cleaned_data["text"], fields_now())
    for fault in found:
        if fault.is_error:
            form.add_error("text", fault.sentence)
    return [fault for fault in found if not fault.is_error]


def fields_now() -> Fields:
    """What can stand in a text at this moment."""
    return Fields(Context.at(timezone.now()))


def preview_of(text: Any, warnings: list[Fault]) -> dict[str, Any]:
    """What is in a form, also of one that cannot be saved; nothing if it is too long to be looked at."""
    try:
        preview = web.render(drafts.written(str(text or ""), fields_now(), anchor_prefix="preview"))
    except markdown.TooLongError:
        preview = SafeString("")
    return {"preview": preview, "warnings": warnings}


def show(
    request: HttpRequest, section: Section, form: SectionForm, *, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    """The page with everything about a section, and this form on it."""
    chapter = CHAPTERS.get(section.chapter)
    fields = fields_now()
    text = str(form["text"].value() or "")
    found = written.check(section, text, fields) if len(text) <= sections.MOST_CHARACTERS else []
    context = {
        "section": section,
        "form": form,
        "picture_form": PictureForm(),
        "errors": form.errors.get("text"),
        **preview_of(text, [fault for fault in found if not (fault.is_error and form.is_bound)]),
        "chapter": chapter,
        "generated": web.render(chapter.build(fields.context).blocks) if chapter else "",
        "fields": offered(fields),
        "open": "{{",
        "close": "}}",
        "other": writing.by_another(section, person(request)),
        "silence": int(writing.SILENCE.total_seconds() // 60),
        "is_own": arranging.is_own(section),
        "feedback": feedback.of_section(section.slug),
        "state": rounds.state().value,
        "standing": _due(section),
        "page": Paginator(sections.history(section), VERSIONS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "manual/section_edit_page.html", context | more, status=status)


def _due(section: Section) -> care.Standing | None:
    """For the banner: only where a review is due soon or by now."""
    zone = organisation().time_zone
    found = care.standing(section, today=local_day(timezone.now(), zone), zone=zone)
    return found if found.tone else None


def gone(request: HttpRequest, form: SectionForm) -> HttpResponse:
    """What was written is given back. With htmx it still stands beside the preview, which then says so."""
    if getattr(request, "htmx", False):
        return render(request, "manual/_section_gone.html")
    response = render(request, "manual/section_gone_page.html", {"form": form}, status=HTTPStatus.GONE)
    # Somebody else has deleted it, which is no error of the site that Django would write into the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - the mark of Django's log_response
    return response


def offered(fields: Fields) -> list[dict[str, str]]:
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
