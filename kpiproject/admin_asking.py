"""Asking once more before something is done to many, in the administration: with what it would do to each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse

from kpiproject.models import User

CONFIRMED: Final = "confirmed"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One of those chosen. `note` says what would happen to it, or why nothing does."""

    text: str
    note: str = ""
    is_refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """`button` says what is done; `about` what that means and whether it can be undone."""

    title: str
    about: str
    button: str
    lines: Sequence[Line] = ()
    form: forms.Form | None = None

    @property
    def can_go_on(self) -> bool:
        return not all(line.is_refused for line in self.lines) if self.lines else True


def is_confirmed(request: HttpRequest) -> bool:
    return CONFIRMED in request.POST


def ask(model_admin: admin.ModelAdmin, request: HttpRequest, question: Question) -> TemplateResponse:
    """The page that asks. It sends the same again, with what was filled in."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": question.title,
        "question": question,
        "opts": model_admin.opts,
        "action": request.POST.getlist("action")[_index(request)],
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "is_across": request.POST.get("select_across", "0"),
        "confirmed": CONFIRMED,
    }
    is_refused = question.form is not None and bool(question.form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return TemplateResponse(request, "admin/ask.html", context, status=status)


def _index(request: HttpRequest) -> int:
    """Django's list has its choice of actions above and may have it beneath as well."""
    given = request.POST.get("index", "0")
    count = len(request.POST.getlist("action"))
    return min(int(given), count - 1) if given.isdigit() else 0


def note(request: HttpRequest, rows: Iterable[Model], words: str) -> None:
    """For the history of each."""
    person = cast("User", request.user)
    LogEntry.objects.log_actions(person.pk, list(rows), CHANGE, words)


def for_each(
    request: HttpRequest, rows: Iterable[Any], do: Callable[[Any], object], refusal: type[Exception]
) -> list[Any]:
    """Do something to every one of them. Where it is refused, it is told why; the others are done and returned."""
    done = []
    for row in rows:
        try:
            do(row)
        except refusal as error:
            messages.warning(request, f"{row}: {error}")
        else:
            done.append(row)
    return done
