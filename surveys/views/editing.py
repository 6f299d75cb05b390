"""Where managers write a survey: its words in every language, its scale, what scores mean, and its rules."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpiproject import queries as ground
from kpiproject.models import User
from surveys import lifecycle, readiness, scales, versions, writing
from surveys.forms_editing import LanguageForm, RulesForm, ScaleForm, SeenForm, ThresholdsForm, WordsForm
from surveys.languages import LANGUAGES
from surveys.models import Survey
from surveys.readiness import Part, Problem
from surveys.scales import BAD, GOOD, MIDDLE, Scale

may_write = permission_required("surveys.change_survey", raise_exception=True)
_TONES: Final = {GOOD: "good", MIDDLE: "warn", BAD: "bad", None: ""}
_PAGES: Final = {
    Part.WORDS: "surveys:edit",
    Part.SCALE: "surveys:edit_scale",
    Part.QUESTIONS: "surveys:edit_questions",
    Part.RULES: "surveys:edit_rules",
}
Save = Callable[[], None]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_write
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """All texts in one language, beside those of the main one."""
    survey = find(slug)
    language = _language(request, survey)
    current = writing.words(survey, language)
    initial = current | {"seen": writing.fingerprint(current)}
    form = WordsForm(
        request.POST if request.method == "POST" else None, survey=survey, language=language, initial=initial
    )
    if request.method == "POST" and keep(
        form, lambda: writing.save_words(survey, language, form.wanted(), seen=form.cleaned_data["seen"])
    ):
        return saved(request, survey, f"{reverse('surveys:edit', args=[slug])}?language={language}")
    offered = offered_languages(survey)
    context = {
        "part": Part.WORDS,
        "form": form,
        "language": language,
        "language_name": LANGUAGES[language],
        "main_name": LANGUAGES[survey.language],
        "offered": [(code, LANGUAGES[code]) for code in offered],
        "addable": [(code, name) for code, name in LANGUAGES.items() if code not in offered],
    }
    return show(request, survey, "edit_words_page", context, form=form)


@require_POST
@login_required
@may_write
def languages(request: HttpRequest, slug: str) -> HttpResponse:
    survey, form = find(slug), LanguageForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    language, action = form.cleaned_data["language"], form.cleaned_data["action"]
    acts = {"add": writing.add_language, "drop": writing.drop_language, "main": writing.make_main}
    try:
        acts[action](survey, language)
    except writing.NotPossibleError as refusal:
        messages.error(request, str(refusal))
    back = reverse("surveys:edit", args=[slug])
    return redirect(back if action == "drop" else f"{back}?language={language}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_write
def scale(request: HttpRequest, slug: str) -> HttpResponse:
    """Two forms: what can be chosen, and what it means."""
    survey = find(slug)
    is_meaning = "middle_from" in request.POST or "good_from" in request.POST
    form = ScaleForm(request.POST if request.method == "POST" and not is_meaning else None, survey=survey)
    meaning = ThresholdsForm(request.POST if is_meaning else None, survey=survey)
    done = reverse("surveys:edit_scale", args=[slug])
    if is_meaning:
        if keep(meaning, lambda: writing.save_thresholds(survey, meaning.wanted(), seen=meaning.cleaned_data["seen"])):
            return saved(request, survey, done)
    elif request.method == "POST" and keep(
        form, lambda: writing.save_scale(survey, form.wanted(), seen=form.cleaned_data["seen"])
    ):
        return saved(request, survey, done)
    context = {
        "part": Part.SCALE,
        "form": form,
        "meaning": meaning,
        "strip": strip(meaning.shown_scale()),
        "is_frozen": survey.opened_at is not None,
        "is_recommendation": survey.scale.is_recommendation,
    }
    return show(request, survey, "edit_scale_page", context, form=meaning if is_meaning else form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_write
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    survey = find(slug)
    form = RulesForm(posted(request), survey=survey)
    if request.method == "POST" and keep(
        form, lambda: writing.save_rules(survey, form.wanted(), seen=form.cleaned_data["seen"])
    ):
        messages.success(request, _("Saved. The rules hold from now on."))
        return redirect("surveys:edit_rules", form.cleaned_data["slug"])
    return show(request, survey, "edit_rules_page", {"part": Part.RULES, "form": form}, form=form)


def find(slug: str) -> Survey:
    return get_object_or_404(Survey.objects.select_related("current_version", "owner"), slug=slug)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if it is empty."""
    return request.POST if request.method == "POST" else None


def person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def keep(form: SeenForm, save: Save) -> bool:
    """Save what was typed, if it can be; else the form says why, and keeps it."""
    if not form.is_valid():
        return False
    try:
        save()
    except writing.ChangedMeanwhileError as conflict:
        form.keep_both(conflict)
    except (lifecycle.FrozenError, writing.NotPossibleError) as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def saved(request: HttpRequest, survey: Survey, back: str) -> HttpResponse:
    """A draft is saved freely; of a survey that was open, only what is not asked yet is said."""
    is_pending = bool(versions.pending(find(survey.slug)))
    messages.success(
        request,
        _("Saved. Nobody is asked it before you ask it anew: see what is different, on the right or below.")
        if is_pending
        else _("Saved."),
    )
    return redirect(back)


def show(
    request: HttpRequest, survey: Survey, template: str, context: dict[str, Any], *, form: Any = None
) -> HttpResponse:
    """A page of the editor, with what is still wrong and what is not asked yet beside it."""
    is_refused = form is not None and form.is_bound and not form.is_valid()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    if is_refused and getattr(form, "has_conflict", False):
        status = HTTPStatus.CONFLICT
    everything = {"survey": survey, "refused": form if is_refused else None, **state(survey), **context}
    return render(request, f"surveys/{template}.html", everything, status=status)


def state(survey: Survey) -> dict[str, Any]:
    """What every page about a survey's wording tells beside it."""
    now = versions.content_of(survey)
    found = readiness.problems(now, thanks_url=survey.thanks_url)
    return {
        "now": now,
        "problems": [(problem, _address(survey, problem)) for problem in found],
        "is_blocked": any(problem.is_blocking for problem in found),
        "pending": versions.pending(survey, now),
        "company": ground.organisation().name,
    }


def offered_languages(survey: Survey) -> list[str]:
    """The main one first."""
    others = survey.translations.exclude(language=survey.language).values_list("language", flat=True)
    return [survey.language, *others]


def strip(scale: Scale) -> list[tuple[int, str, str]]:
    """Every score with its tone and the name of its group."""
    found = []
    for score in scale.scores:
        standing = scale.standing(score)
        name = "" if standing is None else str(scales.GROUP_NAMES[scales.group_of(scale.kind, standing)])
        found.append((score, _TONES[standing], name))
    return found


def _language(request: HttpRequest, survey: Survey) -> str:
    wanted = request.GET.get("language") or survey.language
    if wanted not in offered_languages(survey):
        raise Http404
    return wanted


def _address(survey: Survey, problem: Problem) -> str:
    if problem.question is not None:
        return reverse("surveys:edit_question", args=[survey.slug, problem.question])
    query = f"?language={problem.language}" if problem.language else ""
    return reverse(_PAGES[problem.part], args=[survey.slug]) + query
