"""A new survey: out of a blueprint, which is shown before, or blank."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpiproject import queries as ground
from surveys import languages, starting
from surveys.blueprints import BLUEPRINTS, Ask, Blueprint
from surveys.content import Further, Prompt
from surveys.forms_new import BlankForm, NewForm, is_ours
from surveys.models import Question, Survey
from surveys.scales import GROUP_NAMES, group_of
from surveys.starting import Start
from surveys.views.editing import person, posted, strip

may_add = permission_required("surveys.add_survey", raise_exception=True)
BLANK = "blank"


@require_safe
@login_required
@may_add
def new(request: HttpRequest) -> HttpResponse:
    """What is ready to be sent."""
    language = _language()
    company = ground.organisation().name
    cards = [
        {
            "blueprint": one,
            "question": one.wording(language).named(company).question,
            "strip": strip(one.scale),
            "more": len(one.questions),
        }
        for one in BLUEPRINTS.values()
    ]
    return render(request, "surveys/new_page.html", {"cards": cards, "language": language, "direction": _dir(language)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_add
def new_from(request: HttpRequest, code: str) -> HttpResponse:
    blueprint = BLUEPRINTS.get(code)
    if blueprint is None and code != BLANK:
        raise Http404
    form_class = NewForm if blueprint else BlankForm
    name = str(blueprint.name) if blueprint else ""
    form = form_class(
        posted(request),
        initial={"name": name, "language": _language(), "kind": "csat"},
    )
    if request.method == "POST" and form.is_valid():
        survey = _create(request, blueprint, form)
        messages.success(request, _("The draft is made. Change what you like, then open it."))
        return redirect("surveys:edit", survey.slug)
    context = {"form": form, "blueprint": blueprint, **(_preview(blueprint) if blueprint else {})}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "surveys/new_from_page.html", context, status=status)


def _create(request: HttpRequest, blueprint: Blueprint | None, form: NewForm) -> Survey:
    given = form.cleaned_data
    code = blueprint.code if blueprint else str(given["kind"])
    start = Start(
        name=given["name"],
        slug=starting.free_slug(given["name"], otherwise=code, is_ours=is_ours),
        languages=form.languages(),
        owner=person(request),
    )
    return starting.from_blueprint(blueprint, start) if blueprint else starting.blank(code, start)


def _preview(blueprint: Blueprint) -> dict[str, Any]:
    language = _language()
    return {
        "wording": blueprint.wording(language).named(ground.organisation().name),
        "strip": strip(blueprint.scale),
        "language": language,
        "direction": _dir(language),
        "questions": [_asked(blueprint, ask, language) for ask in blueprint.questions],
        "purpose": dict(Survey.Purpose.choices)[blueprint.purpose],
    }


def _asked(blueprint: Blueprint, ask: Ask, language: str) -> dict[str, Any]:
    prompts = blueprint.prompts(ask, (language,))
    said: Prompt = prompts[language]
    conditions = [str(GROUP_NAMES[group_of(blueprint.kind, standing)]) for standing in ask.standings]
    earlier = {one.key: one for one in blueprint.questions}.get(ask.after)
    if earlier is not None:
        options = blueprint.prompts(earlier, (language,))[language].options
        conditions += [f"“{options[key]}”" for key in ask.after_options]
    plain = Further(id=0, kind=ask.kind, options=ask.keys, prompts=prompts).prompt(language, language)
    return {
        "prompt": said.prompt,
        "kind": dict(Question.Kind.choices)[ask.kind],
        "options": list(plain.options.values()),
        "only": ", ".join(conditions),
    }


def _language() -> str:
    """The reader's own, if blueprints are written in it."""
    return languages.choose(languages.LANGUAGES, get_language() or "", otherwise="en")


def _dir(language: str) -> str:
    return languages.direction(language)
