"""The versions of a survey: what changed when, and asking anew."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from surveys import changes, lifecycle, queries, restoring, versions
from surveys.changes import Change
from surveys.forms_editing import AskAnewForm, RestoreForm
from surveys.languages import LANGUAGES
from surveys.models import Survey, Version
from surveys.views.editing import find, may_write, person, show

PAGE_SIZE: Final = 10


@dataclass(frozen=True)
class Line:
    """A version in the list."""

    version: Version
    is_current: bool
    answers: int
    is_hidden: bool
    changes: list[Change]
    question: str


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def version_list(request: HttpRequest, slug: str) -> HttpResponse:
    survey = find(slug)
    stored = survey.versions.select_related("created_by").order_by("-number")
    page = Paginator(stored, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": _lines(survey, list(page)),
        "next_number": (survey.current_version.number if survey.current_version else 0) + 1,
        "language_names": LANGUAGES,
    }
    return show(request, survey, "version_list_page", context)


@require_POST
@login_required
@may_write
def ask_anew(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirmed: what was read is asked from now on. If it was written on meanwhile, it is to be read again."""
    survey, form = find(slug), AskAnewForm(request.POST)
    if survey.opened_at is None:
        messages.error(request, _("This survey was never open; what you write is asked when you open it."))
    elif not form.is_valid() or form.cleaned_data["digest"] != versions.content_of(survey).digest:
        messages.error(
            request, _("Somebody has written on meanwhile. Please read what is different now, then confirm.")
        )
    else:
        try:
            version = lifecycle.ask_anew(survey, accepts_gaps=form.cleaned_data["gaps"], by=person(request))
        except lifecycle.NotReadyError as refusal:
            messages.error(request, _("Not yet: %(problems)s") % {"problems": refusal})
        else:
            said = _("From now on version %(number)s is asked. Answers given before keep theirs.")
            messages.success(request, said % {"number": version.number})
    return redirect("surveys:version_list", slug)


@require_POST
@login_required
@may_write
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the words of a version into the survey again; nobody is asked them before that is confirmed."""
    survey, form = find(slug), RestoreForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else 0
    version = get_object_or_404(survey.versions, number=number)
    restoring.restore(survey, version)
    messages.success(request, _("The survey says again what it said in version %(number)s.") % {"number": number})
    return redirect("surveys:version_list", slug)


def open_survey(request: HttpRequest, survey: Survey, *, accepts_gaps: bool) -> HttpResponse:
    """Open it, or say in the editor what stands in the way."""
    try:
        lifecycle.open_survey(survey, accepts_gaps=accepts_gaps, by=person(request))
    except lifecycle.NotReadyError as refusal:
        said = (
            _("Not opened yet, because texts are missing in a language. Complete them, or open it nevertheless.")
            if refusal.may_be_accepted
            else _("Not opened yet: first mend what is listed here.")
        )
        messages.error(request, said)
        return redirect("surveys:edit", survey.slug)
    messages.success(request, _("The survey is open. People can be asked and can answer."))
    return redirect("surveys:survey", survey.slug)


def _lines(survey: Survey, shown: list[Version]) -> list[Line]:
    counts = queries.answers_by_version(survey)
    before = survey.versions.filter(number__lt=shown[-1].number).order_by("-number").first() if shown else None
    contents = [versions.read(version) for version in [*shown, *([before] if before else [])]]
    lines = []
    for place, version in enumerate(shown):
        earlier = contents[place + 1] if place + 1 < len(contents) else None
        content = contents[place]
        lines.append(
            Line(
                version=version,
                is_current=version.pk == survey.current_version_id,
                answers=counts.get(version.pk, 0),
                is_hidden=survey.is_anonymous,
                changes=changes.between(earlier, content) if earlier else [],
                question=content.wordings[content.language].question,
            )
        )
    return lines
