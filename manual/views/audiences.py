"""Who reads what: managers make audiences, choose sections and deadlines, and write checks."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject.documents.tree import words_of
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import audiences, checks, queries, reading_list, starter_questions
from manual.models import Audience, AudienceDeadline, EditionSection
from manual.reader_forms import AudienceForm, CheckForm, DeadlineForm
from manual.views.logging_in import login_to_act

may_look = permission_required("manual.view_audience", raise_exception=True)
CheckForms = formset_factory(CheckForm, extra=0, min_num=checks.MOST_QUESTIONS, max_num=checks.MOST_QUESTIONS)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_look
def audience_list(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _list(request, AudienceForm(titles=_titles()))
    if not request.user.has_perm("manual.add_audience"):
        raise PermissionDenied
    form = AudienceForm(request.POST, titles=_titles())
    if not form.is_valid() or not _save(request, form):
        return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The audience is kept. Its time for reading begins today."))
    return _see_other("manual:audience_list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_look
def audience(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Audience, pk=pk)
    if request.method != "POST":
        return _show(request, found)
    if not request.user.has_perm("manual.change_audience"):
        raise PermissionDenied
    # A form writes into what it is about, and the page shows what is stored.
    form = AudienceForm(request.POST, instance=Audience.objects.get(pk=pk), titles=_titles())
    if not form.is_valid() or not _save(request, form):
        return _show(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The audience is changed."))
    return _see_other("manual:audience", pk)


@require_POST
@login_to_act
@permission_required("manual.change_audience", raise_exception=True)
def audience_deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when the edition in force is to be confirmed."""
    found = get_object_or_404(Audience, pk=pk)
    form = DeadlineForm(request.POST, today=_today())
    if not form.is_valid():
        return _show(request, found, deadline_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    edition = queries.editions().filter(number=form.cleaned_data["number"]).first()
    if edition is None:
        raise Http404
    audiences.set_deadline(found, edition, form.cleaned_data["on"])
    messages.success(request, _("The deadline is changed."))
    return _see_other("manual:audience", pk)


@require_POST
@login_to_act
@permission_required("manual.delete_audience", raise_exception=True)
def audience_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Audience, pk=pk)
    name = found.name
    audiences.remove(found)
    messages.success(request, _("“%(name)s” is gone. What was confirmed is kept.") % {"name": name})
    return _see_other("manual:audience_list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("manual.view_checkquestion", raise_exception=True)
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions about one section of the edition in force."""
    section = next((one for one in reading_list.sections_in_force() if one.slug == slug), None)
    if section is None:
        raise Http404
    places = _places(slug)
    if request.method != "POST":
        return _check_page(request, section, _forms(slug, places))
    if not request.user.has_perm("manual.change_checkquestion"):
        raise PermissionDenied
    forms = CheckForms(request.POST, form_kwargs={"places": places})
    if not forms.is_valid():
        return _check_page(request, section, forms, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    checks.write(slug, [written for form in forms if (written := form.written)])
    messages.success(request, _("The check is kept. Whoever confirms the section from now on answers it."))
    return _see_other("manual:check", slug)


def _save(request: HttpRequest, form: AudienceForm) -> bool:
    """False with a word at the form if the name is taken."""
    given: dict[str, Any] = dict(form.cleaned_data)
    if given["has_all"]:
        given["slugs"] = []
    try:
        audiences.save(form.instance, by=cast("User", request.user), today=_today(), **given)
    except audiences.NameTakenError as error:
        form.add_error("name", str(error))
        return False
    return True


def _list(request: HttpRequest, form: AudienceForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    sections = reading_list.sections_in_force()
    members = audiences.members()
    known = {section.slug for section in sections}
    lines = [
        (one, len(members.get(one.pk, ())), len([slug for slug in one.slugs if slug in known]))
        for one in audiences.listed()
    ]
    has_check = checks.of_sections(list(known))
    context = {
        "form": form,
        "lines": lines,
        "sections": [(section, len(has_check.get(section.slug, ()))) for section in sections],
    }
    return render(request, "manual/audience_list_page.html", context, status=status)


def _show(
    request: HttpRequest,
    found: Audience,
    *,
    form: AudienceForm | None = None,
    deadline_form: DeadlineForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    edition = queries.in_force()
    kept = AudienceDeadline.objects.filter(audience=found, edition=edition).first() if edition else None
    initial = {"number": edition.number if edition else None, "on": kept.on if kept else None}
    titles = _titles()
    context = {
        "audience": found,
        "form": form or AudienceForm(instance=found, titles=titles),
        "deadline_form": deadline_form or DeadlineForm(initial=initial, today=_today()),
        "edition": edition,
        "removed": [(slug, reading_list.last_title(slug)) for slug in reading_list.removed(found, titles)],
    }
    return render(request, "manual/audience_page.html", context, status=status)


def _check_page(
    request: HttpRequest, section: EditionSection, forms: "BaseFormSet[CheckForm]", *, status: int = HTTPStatus.OK
) -> HttpResponse:
    is_offered = not forms.is_bound and not checks.of_sections([section.slug]) and bool(forms.initial)
    context = {"section": section, "forms": forms, "is_offered": is_offered}
    return render(request, "manual/check_page.html", context, status=status)


def _forms(slug: str, places: list[tuple[str, str]]) -> "BaseFormSet[CheckForm]":
    kept = checks.of_sections([slug]).get(slug) or starter_questions.offered(slug)
    initial = [
        {
            "text": question.text,
            "choices": "\n".join(question.choices),
            "right": question.right,
            "place": question.place,
        }
        for question in kept
    ]
    return CheckForms(initial=initial, form_kwargs={"places": places})


def _places(slug: str) -> list[tuple[str, str]]:
    """The headings of a section in the edition in force."""
    edition = queries.in_force()
    sections = edition.content["sections"] if edition else []
    blocks: list[Any] = next((section["blocks"] for section in sections if section["anchor"] == slug), [])
    return [(block["anchor"], words_of(block["inlines"])) for block in blocks if block["is"] == "heading"]


def _titles() -> dict[str, str]:
    """The sections that may be chosen: those of the edition in force and of the draft."""
    published = {section.slug: section.title for section in reading_list.sections_in_force()}
    return published or {section.slug: section.title for section in queries.shown_sections()}


def _today() -> Any:
    return local_day(timezone.now(), organisation().time_zone)


def _see_other(name: str, *arguments: Any) -> HttpResponse:
    response = redirect(name, *arguments)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
