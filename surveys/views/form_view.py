"""What the templates of the respondents' pages are given: everything is decided here, nothing there."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from kpiproject import queries as ground
from surveys import availability, looks
from surveys.answer_form import AnswerForm, name_of, open_questions
from surveys.availability import Availability
from surveys.content import Further, Prompt
from surveys.languages import LANGUAGES
from surveys.looks import Cell
from surveys.models import Answer
from surveys.views import pages
from surveys.views.sheet import Sheet, Stored


@dataclass(frozen=True, kw_only=True)
class Option:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A further question on the page. One that does not apply (yet) is there and switched off; the script switches it
    on when one of `standings` is chosen, and one of `options_of_parent` of the question `parent`."""

    id: int
    name: str
    kind: str
    is_required: bool
    prompt: Prompt
    options: list[Option]
    cells: list[Cell]
    text: str
    error: str
    is_on: bool
    standings: str
    parent: str
    options_of_parent: str

    @property
    def is_branch(self) -> bool:
        return bool(self.standings or self.parent)


@dataclass(frozen=True, kw_only=True)
class Link:
    """To the same page in another language."""

    language: str
    name: str
    url: str
    is_current: bool


def question(
    request: HttpRequest,
    sheet: Sheet,
    form: AnswerForm,
    *,
    stored: Stored | None,
    language: str,
    status: int = HTTPStatus.OK,
    is_saved: bool = False,
    replaces: bool = False,
) -> HttpResponse:
    """The page with the score, the further questions and the comment."""
    content = sheet.content
    with translation.override(language):
        common = _common(request, sheet, form, language)
        context = common | {
            "cells": looks.cells(content, common["wording"], form.known_score),
            "further": asked(form, content.questions, has_score=True),
            "given": stored.answer if stored else None,
            "change_until": availability.locked_at(sheet.survey, stored.answer) if stored else None,
            "is_saved": is_saved,
            "replaces": replaces,
            "errors": _errors(form),
            "saves_early": not sheet.is_preview and not sheet.keeps_secret,
            "trap_url": reverse("surveys:trap", args=[sheet.invitation.token]) if sheet.invitation else "",
        }
        response = pages.show(request, "answer_page", context, language=language, status=status, scripted=True)
    if sheet.is_public and sheet.variant == "page":
        # Kept for the way back only, so that somebody who returns to the form changes the answer and adds no second.
        response["Cache-Control"] = "private, no-cache"
    return response


def thanks(
    request: HttpRequest,
    sheet: Sheet,
    form: AnswerForm | None,
    *,
    stored: Stored | None,
    language: str,
    state: Availability,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The words of thanks; with a form, the questions that are still open."""
    left = _left(form, stored) if form and stored else []
    may_change = state == Availability.CHANGEABLE and sheet.answer is not None and not sheet.keeps_secret
    with translation.override(language):
        context = _common(request, sheet, form, language) | {
            "further": asked(form, left, has_score=False) if form else [],
            "errors": _errors(form) if form else [],
            "change_until": availability.locked_at(sheet.survey, sheet.answer) if may_change and sheet.answer else None,
            "may_change": may_change,
        }
        return pages.show(
            request, "thanks_page", context, language=language, status=status, scripted=bool(context["further"])
        )


def asked(form: AnswerForm, shown: Collection[Further], *, has_score: bool) -> list[Asked]:
    """These questions as they stand on the page, which may have the score too. What depends on something elsewhere is
    judged here; the rest the script can change."""
    score = form.stored_score
    if form.is_bound and score is None:
        score = form.known_score
    standing = None if score is None else form.content.scale.standing(score)
    chosen = {question.id: form.said(question).choices for question in form.content.questions}
    here = {question.id for question in shown}
    return [
        _asked(
            form,
            question,
            is_on=question.applies(standing, chosen),
            standings=question.standings if has_score else (),
            parent=question.after if question.after in here else None,
        )
        for question in shown
    ]


def _left(form: AnswerForm, stored: Stored) -> list[Further]:
    """The open questions, and those that may follow from what is answered to them."""
    score = stored.answer.score
    left = {question.id for question in open_questions(form.content, score, stored.replies)}
    standing = form.content.scale.standing(score)
    for question in form.content.questions:
        fits = not question.standings or standing in question.standings
        if fits and question.after in left and question.id not in stored.replies:
            left.add(question.id)
    return [question for question in form.content.questions if question.id in left]


def _asked(
    form: AnswerForm, question: Further, *, is_on: bool, standings: Collection[int], parent: int | None
) -> Asked:
    prompt = question.prompt(form.language, form.content.language)
    said = form.said(question)
    name = name_of(question)
    errors = form.errors.get(name) or [""]
    return Asked(
        id=question.id,
        name=name,
        kind=question.kind,
        is_required=question.is_required,
        prompt=prompt,
        options=[Option(key=key, label=label, is_chosen=key in said.choices) for key, label in prompt.options.items()],
        cells=looks.scale_cells(question, prompt, said.number) if question.kind == "scale" else [],
        text=said.text,
        error=str(errors[0]),
        is_on=is_on,
        standings=" ".join(str(one) for one in standings),
        parent=f"q{parent}" if parent else "",
        options_of_parent=" ".join(question.after_options) if parent else "",
    )


def _common(request: HttpRequest, sheet: Sheet, form: AnswerForm | None, language: str) -> dict[str, Any]:
    organisation = ground.organisation()
    wording = sheet.content.wording(language).named(organisation.name)
    token = sheet.invitation.token if sheet.invitation else ""
    has_key = form is not None and (sheet.is_public or sheet.keeps_secret) and not sheet.is_preview
    return {
        "organisation": organisation,
        "survey": sheet.survey,
        "form": form,
        "wording": wording,
        "look": sheet.content.look,
        "low": sheet.content.scale.low,
        "high": sheet.content.scale.high,
        "language": language,
        "links": _links(request, sheet, form, language),
        "action": _action(sheet, form),
        "token": token,
        "variant": sheet.variant,
        "is_preview": sheet.is_preview,
        "origins": " ".join(sheet.way_in.entrance.origins) if sheet.way_in.entrance else "",
        "is_public": sheet.is_public,
        "is_link_about": sheet.way_in.origin == Answer.Origin.LINK and bool(sheet.way_in.context),
        "keeps_secret": sheet.keeps_secret,
        "form_key": (sheet.form_key or form.key) if has_key and form is not None else "",
    }


def _action(sheet: Sheet, form: AnswerForm | None) -> str:
    """Of a form without an invitation another address than that of its page: a post makes browsers forget a page they
    have kept under the same one, and whoever goes back would find a new form."""
    if form is None or not sheet.is_public or sheet.form_key or sheet.variant != "page":
        return sheet.action
    return f"{sheet.action}{'&' if sheet.query else '?'}send=1"


def _links(request: HttpRequest, sheet: Sheet, form: AnswerForm | None, language: str) -> list[Link]:
    """One per language, in the order all languages have; none where there is only one."""
    codes = [code for code in LANGUAGES if code in sheet.content.wordings]
    if len(codes) < 2 or form is None:
        return []
    kept = dict(sheet.query) | ({"r": request.GET["r"]} if "r" in request.GET else {})
    return [
        Link(
            language=code,
            name=LANGUAGES[code],
            url="?" + urlencode({"lang": code} | kept),
            is_current=code == language,
        )
        for code in codes
    ]


def _errors(form: AnswerForm) -> list[tuple[str, str]]:
    """Where each one belongs (the id of its field, or nothing) and what it says, from the top of the page down."""
    if not form.is_bound:
        return []
    names = ["__all__", "score", *(name_of(question) for question in form.content.questions), "comment"]
    return [("" if name == "__all__" else name, str(error)) for name in names for error in form.errors.get(name, [])]
