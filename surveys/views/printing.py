"""What is printed of a survey: QR codes to download, and sheets of them to hang up or hand out."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from kpiproject import queries as ground
from surveys import codes, languages, links, versions
from surveys.content import Content
from surveys.models import Entrance, Survey
from surveys.ways_in_forms import SheetForm

PUBLIC: Final = "public"
_MILLIMETRES_PER_MODULE: Final = 0.45
_MOST_DIGITS: Final = 18


@dataclass(frozen=True)
class Printed:
    """An address that is printed; `which` names it among the ways in of its survey."""

    survey: Survey
    which: str
    name: str
    address: str
    is_active: bool

    @property
    def short_address(self) -> str:
        """As somebody would type it."""
        return self.address.split("://", 1)[1]

    @property
    def file_name(self) -> str:
        return f"{self.survey.slug}-{slugify(self.name) or self.which}"


@require_safe
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def code_svg(request: HttpRequest, slug: str, which: str) -> HttpResponse:
    printed = _find(slug, which)
    return _file(codes.svg(printed.address, title=printed.short_address), printed.file_name, "svg", "image/svg+xml")


@require_safe
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def code_png(request: HttpRequest, slug: str, which: str) -> HttpResponse:
    printed = _find(slug, which)
    return _file(codes.png(printed.address), printed.file_name, "png", "image/png")


@require_safe
@login_required
@permission_required("surveys.view_entrance", raise_exception=True)
def sheet(request: HttpRequest, slug: str, which: str) -> HttpResponse:
    """One code or several on an A4 page, in one of the survey's languages."""
    printed = _find(slug, which)
    content = _content(printed.survey)
    offered = list(content.wordings)
    usual: dict[str, Any] = {"per_page": 1, "language": content.language}
    form = SheetForm({**usual, **request.GET.dict()}, offered=offered)
    chosen = form.cleaned_data if form.is_valid() else usual
    organisation, language = ground.organisation(), chosen["language"]
    context = {
        "printed": printed,
        "survey": printed.survey,
        "form": SheetForm(initial=chosen, offered=offered),
        "has_languages": len(offered) > 1,
        "organisation": organisation,
        "per_page": chosen["per_page"],
        "places": range(chosen["per_page"]),
        "question": content.wording(language).named(organisation.name).question,
        "language": language,
        "direction": languages.direction(language),
        **_instructions(language),
    }
    return render(request, "surveys/sheet_page.html", context)


def least_millimetres(address: str) -> int:
    """How wide a code has to be printed so that an ordinary telephone reads it, quiet zone included."""
    return max(20, ceil(codes.modules(address) * _MILLIMETRES_PER_MODULE))


def _find(slug: str, which: str) -> Printed:
    survey = get_object_or_404(Survey, slug=slug)
    if which == PUBLIC:
        address = links.public_url(survey.slug)
        return Printed(survey, PUBLIC, PUBLIC, address, is_active=survey.has_public_link)
    if not (which.isascii() and which.isdigit() and len(which) <= _MOST_DIGITS):
        raise Http404
    entrance = get_object_or_404(Entrance, survey=survey, kind=Entrance.Kind.CODE, pk=int(which))
    address = links.entrance_url(entrance.kind, entrance.token)
    return Printed(survey, which, entrance.name, address, is_active=entrance.is_active)


def _content(survey: Survey) -> Content:
    """What is asked now; of a draft, what is written so far."""
    current = survey.current_version
    return versions.read(current) if current else versions.content_of(survey)


def _file(content: bytes, name: str, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}.{ending}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _instructions(language: str) -> dict[str, str]:
    """Said to respondents, in their language; the page around the sheet is in the reader's."""
    with translation.override(language):
        return {
            "invitation": translation.gettext("Scan the code with the camera of your phone."),
            "otherwise": translation.gettext("Or open this address:"),
            "takes": translation.gettext("Nobody asks who you are."),
        }
