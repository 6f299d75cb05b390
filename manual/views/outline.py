"""The manual as it would be published now, and which sections it has in what order."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from manual import arranging, care, drafts, pages, queries, rendering, rounds
from manual.forms import MoveForm, NewSectionForm, ShowForm
from manual.views.editing import find, may_write, person
from manual.views.logging_in import login_to_act
from manual.views.missing import says_when_missing


@require_safe
@login_required
@may_write
def draft(request: HttpRequest) -> HttpResponse:
    return _show(request, NewSectionForm())


@require_POST
@login_to_act
@permission_required("manual.add_section", raise_exception=True)
def section_add(request: HttpRequest) -> HttpResponse:
    form = NewSectionForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    section = arranging.add(form.cleaned_data["title"], by=person(request))
    messages.success(request, _("The section stands at the end of the manual. Now write what it says."))
    return redirect("manual:section_edit", section.slug)


@require_POST
@login_to_act
@may_write
@says_when_missing
def section_move(request: HttpRequest, slug: str) -> HttpResponse:
    section = find(slug)
    form = MoveForm(request.POST)
    if form.is_valid():
        arranging.move(section, up=form.cleaned_data["direction"] == "up", by=person(request))
    else:
        messages.error(request, _("A section can be moved up or down."))
    return _to_outline()


@require_POST
@login_to_act
@may_write
@says_when_missing
def section_show(request: HttpRequest, slug: str) -> HttpResponse:
    section = find(slug)
    form = ShowForm(request.POST)
    if form.is_valid():
        arranging.show(section, shown=form.cleaned_data["shown"] == "yes", by=person(request))
    else:
        messages.error(request, _("A section is part of the manual or left out."))
    return _to_outline()


@require_POST
@login_to_act
@permission_required("manual.delete_section", raise_exception=True)
@says_when_missing
def section_remove(request: HttpRequest, slug: str) -> HttpResponse:
    section = find(slug)
    try:
        arranging.remove(section, by=person(request))
    except arranging.NotYoursError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(title)s” has been deleted.") % {"title": section.title})
    return _to_outline()


def _to_outline() -> HttpResponse:
    response = redirect("manual:draft")
    response["Location"] += "#outline"
    return response


def _show(request: HttpRequest, form: NewSectionForm, *, status: int = 200) -> HttpResponse:
    document = drafts.draft().document
    parts, zone = rendering.parts_of(pages.opened(document)), organisation().time_zone
    standings = care.standings(local_day(timezone.now(), zone), zone)
    context = {
        "language": document["language"],
        "parts": parts,
        "contents": rendering.contents_of(parts),
        "latest": queries.latest(),
        "state": rounds.state().value,
        "standings": standings,
        "due": [each for each in standings if each.tone and each.section.is_shown],
        "form": form,
    }
    return render(request, "manual/draft_page.html", context, status=status)
