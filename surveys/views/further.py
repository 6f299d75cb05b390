"""Where managers write the further questions of a survey."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpiproject.lib.numbers import small_number
from surveys import changes, further, versions
from surveys.content import Content, Further
from surveys.forms_editing import MoveForm
from surveys.forms_further import MOST_OPTIONS, QuestionForm, rows_as_initial
from surveys.models import Question, Survey
from surveys.readiness import Part
from surveys.views.editing import find, keep, may_write, offered_languages, saved, show


@dataclass(frozen=True)
class Line:
    """A further question in the list."""

    question: Question
    prompt: str
    kind: str
    options: list[str]
    conditions: list[str]
    is_first: bool
    is_last: bool


@require_safe
@login_required
@may_write
def question_list(request: HttpRequest, slug: str) -> HttpResponse:
    survey = find(slug)
    context = {
        "part": Part.QUESTIONS,
        "lines": _lines(survey, versions.content_of(survey)),
        "retired": [
            (one, one.prompts.get(survey.language, {}).get("prompt", ""))
            for one in survey.questions.filter(is_retired=True)
        ],
        "kinds": Question.Kind.choices,
    }
    return show(request, survey, "edit_questions_page", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_write
def question_new(request: HttpRequest, slug: str) -> HttpResponse:
    survey = find(slug)
    wanted = request.GET.get("kind", "")
    kind = wanted if wanted in Question.Kind.values else Question.Kind.CHOICE
    options: dict[str, Any] = {
        "survey": survey,
        "kind": kind,
        "languages": offered_languages(survey),
        "question": None,
    }
    if request.method != "POST":
        initial = {"kind": kind, "scale_min": 1, "scale_max": 5, **rows_as_initial([], spare=3)}
        return _show(request, survey, QuestionForm(initial=initial, **options))
    form = QuestionForm(request.POST, **options)
    if again := _rearranged(request, form, options):
        return _show(request, survey, again)
    if keep(form, lambda: _add(survey, form)):
        return saved(request, survey, reverse("surveys:edit_questions", args=[slug]))
    return _show(request, survey, form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_write
def question_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    survey = find(slug)
    question = get_object_or_404(survey.questions, pk=pk)
    languages = offered_languages(survey)
    if request.method != "POST":
        return _show(request, survey, QuestionForm.of(question, survey=survey, languages=languages))
    options: dict[str, Any] = {"survey": survey, "kind": question.kind, "languages": languages, "question": question}
    form = QuestionForm(request.POST, **options)
    if again := _rearranged(request, form, options):
        return _show(request, survey, again)
    if keep(form, lambda: _save(question, form)):
        return saved(request, survey, reverse("surveys:edit_questions", args=[slug]))
    return _show(request, survey, form)


@require_POST
@login_required
@may_write
def question_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    survey, form = find(slug), MoveForm(request.POST)
    question = get_object_or_404(survey.questions, pk=pk, is_retired=False)
    if form.is_valid():
        further.move(question, by=-1 if form.cleaned_data["direction"] == "up" else 1)
    return redirect(f"{reverse('surveys:edit_questions', args=[slug])}#question-{pk}")


@require_POST
@login_required
@may_write
def question_take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    survey = find(slug)
    further.take_back(get_object_or_404(survey.questions, pk=pk))
    messages.success(request, _("The question was taken out. What was replied to it stays."))
    return redirect("surveys:edit_questions", slug)


@require_POST
@login_required
@may_write
def question_ask_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    survey = find(slug)
    further.ask_again(get_object_or_404(survey.questions, pk=pk))
    return redirect("surveys:edit_questions", slug)


def _add(survey: Survey, form: QuestionForm) -> None:
    further.add(survey, form.written())


def _save(question: Question, form: QuestionForm) -> None:
    further.save(question, form.written(), seen=form.cleaned_data["seen"])


def _rearranged(request: HttpRequest, form: QuestionForm, options: dict[str, Any]) -> QuestionForm | None:
    """The same form with a row more, fewer or elsewhere, if one of those buttons was pressed; nothing is saved."""
    act, _colon, number = request.POST.get("do", "").partition(":")
    rows = form.posted_rows()
    wanted = small_number(number)
    place = wanted if wanted is not None and 0 <= wanted < len(rows) else None
    if act == "more" and len(rows) < MOST_OPTIONS:
        rows.append({"key": ""})
    elif act == "drop" and place is not None:
        del rows[place]
    elif act == "up" and place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    elif act not in ("more", "drop", "up"):
        return None
    return QuestionForm(initial=form.posted() | rows_as_initial(rows, spare=0), **options)


def _lines(survey: Survey, content: Content) -> list[Line]:
    stored = {one.pk: one for one in survey.questions.all()}
    last = len(content.questions) - 1
    return [
        _line(stored[asked.id], asked, content, is_first=place == 0, is_last=place == last)
        for place, asked in enumerate(content.questions)
    ]


def _line(question: Question, asked: Further, content: Content, *, is_first: bool, is_last: bool) -> Line:
    said = asked.prompt(content.language, content.language)
    return Line(
        question=question,
        prompt=said.prompt,
        kind=question.get_kind_display(),
        options=list(said.options.values()),
        conditions=changes.condition(asked, content),
        is_first=is_first,
        is_last=is_last,
    )


def _show(request: HttpRequest, survey: Survey, form: QuestionForm) -> HttpResponse:
    question = form.question
    context = {
        "part": Part.QUESTIONS,
        "form": form,
        "question": question,
        "kind_name": dict(Question.Kind.choices)[form.asked],
        "can_follow": bool(form.fields["branch"].choices),  # type: ignore[attr-defined]  # a MultipleChoiceField
        "most_options": MOST_OPTIONS,
    }
    return show(request, survey, "edit_question_page", context, form=form)
