"""What somebody is asked to read: the list, one section after another, and “read and understood”."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpiproject.models import User
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from manual import acknowledgements, checks, queries, questions, read_again, reading_list, rendering
from manual.acknowledgements import NewerEditionError, NothingToConfirmError, NotUnderstoodError
from manual.models import CheckQuestion, Edition
from manual.reader_forms import AskForm, ConfirmForm
from manual.reading_list import Reading
from manual.views.logging_in import login_to_act
from manual.views.reading import may_read

MOST_QUESTIONS = 20
may_confirm = permission_required("manual.add_acknowledgement", raise_exception=True)


@require_safe
@login_required
@may_read
def reading(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    found = reading_list.of(person)
    context = {
        "reading": found,
        "edition": queries.in_force(),
        "together": _together(found),
        "questions": list(questions.every_question().filter(person=person).order_by("-at", "-id")[:MOST_QUESTIONS]),
    }
    return render(request, "manual/reading_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_read
@may_confirm
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """Read one section and confirm it; what is different first, where it was confirmed before."""
    asked = checks.of_sections([slug]).get(slug, [])
    if request.method != "POST":
        return _show(request, slug, asked)
    form = ConfirmForm(request.POST, questions=asked)
    if not form.is_valid():
        return _show(request, slug, asked, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _confirm_one(request, slug, asked, form)


@require_POST
@login_to_act
@may_read
@may_confirm
def confirm(request: HttpRequest) -> HttpResponse:
    """Those that were ticked at once; a section with a check is confirmed on its own page."""
    form = ConfirmForm(request.POST)
    if not form.is_valid() or not request.POST.getlist("section"):
        messages.error(request, _("Tick the sections that you have read, then confirm."))
        return _see_other(reverse("manual:reading"))
    person = _person(request)
    slugs = [slug for slug in _together(reading_list.of(person)) if slug in request.POST.getlist("section")]
    try:
        count = acknowledgements.confirm(person, slugs, number=form.cleaned_data["number"], now=timezone.now())
    except (NewerEditionError, NothingToConfirmError) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _kept(count))
    return _see_other(reverse("manual:reading"))


@require_POST
@login_to_act
@may_read
@permission_required("manual.add_readingquestion", raise_exception=True)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        asked = checks.of_sections([slug]).get(slug, [])
        return _show(request, slug, asked, ask_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        question = questions.ask(_person(request), slug, now=timezone.now(), **form.cleaned_data)
    except questions.NoSuchSectionError as error:
        raise Http404 from error
    nudge(sweep_mail)
    messages.success(request, _("Your question is on its way. You are not reminded before it is answered."))
    return _see_other(reverse("manual:question", args=[question.pk]) + "#content")


def _confirm_one(request: HttpRequest, slug: str, asked: Sequence[CheckQuestion], form: ConfirmForm) -> HttpResponse:
    person, number = _person(request), form.cleaned_data["number"]
    try:
        acknowledgements.confirm(person, [slug], number=number, answers=form.answers, now=timezone.now())
    except NotUnderstoodError as error:
        messages.warning(request, str(error))
        return _show(request, slug, asked, form=form, wrong=error.wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NewerEditionError as error:
        messages.warning(request, str(error))
        return _see_other(_address(slug))
    except NothingToConfirmError as error:
        return _gone(request, slug, str(error))
    return _onward(request, person)


def _together(found: Reading) -> list[str]:
    """Those that may be confirmed at once: their check, where there is one, is beneath the section."""
    slugs = [item.slug for item in found.waiting]
    has_check = checks.of_sections(slugs)
    return [slug for slug in slugs if slug not in has_check]


def _show(
    request: HttpRequest,
    slug: str,
    asked: Sequence[CheckQuestion],
    *,
    form: ConfirmForm | None = None,
    ask_form: AskForm | None = None,
    wrong: Sequence[CheckQuestion] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    edition = queries.in_force()
    rendered = rendering.of_edition(edition) if edition else None
    place = rendered.place(slug) if rendered else None
    if edition is None or rendered is None or place is None:
        return _gone(request, slug, acknowledgements.why_not(slug))
    person = _person(request)
    found = reading_list.of(person)
    item, part = found.item(slug), rendering.section_of(edition, place)
    initial = {"number": edition.number}
    context = {
        "edition": edition,
        "manual": rendered,
        "part": part,
        "html": rendering.alone(part, whole=reverse("manual:manual")),
        "item": item,
        "done": next((one for one in found.confirmed if one.slug == slug), None),
        "difference": read_again.since(item.confirmed, edition, slug) if item and item.confirmed else None,
        "has_check": bool(asked),
        "form": form or ConfirmForm(initial=initial, questions=asked),
        "ask_form": ask_form or AskForm(initial=initial),
        "wrong": [(question, _where(question, edition)) for question in wrong],
        "questions": questions.about(person, slug),
    }
    return render(request, "manual/reading_section_page.html", context, status=status)


def _where(question: CheckQuestion, edition: Edition) -> str:
    """The anchor to read again: the heading, if it is still there."""
    section = next(one for one in edition.content["sections"] if one["anchor"] == question.slug)
    anchors = {block["anchor"] for block in section["blocks"] if block["is"] == "heading"}
    return question.place if question.place in anchors else "text"


def _gone(request: HttpRequest, slug: str, why: str) -> HttpResponse:
    """404 for what never was; 410 with words for what is no longer asked of this person."""
    known = reading_list.last_title(slug)
    if known is None:
        raise Http404
    person = _person(request)
    context: dict[str, Any] = {"title": known[0], "why": why, "questions": questions.about(person, slug)}
    response = render(request, "manual/reading_gone_page.html", context, status=HTTPStatus.GONE)
    # A section that was removed is no error of the site, which Django would write into the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - the mark of Django's log_response
    return response


def _onward(request: HttpRequest, person: User) -> HttpResponse:
    """To the next section that waits, or back to the list when all is done."""
    left = [item for item in reading_list.of(person).waiting if item.state != reading_list.State.ASKED]
    if not left:
        messages.success(request, _("Kept. You have read everything that you are asked to read."))
        return _see_other(reverse("manual:reading"))
    said = ngettext("Kept. %(count)s section is left.", "Kept. %(count)s sections are left.", len(left))
    messages.success(request, said % {"count": len(left)})
    return _see_other(_address(left[0].slug))


def _kept(count: int) -> str:
    if not count:
        return _("Nothing was left to confirm.")
    return ngettext("%(count)s section is confirmed.", "%(count)s sections are confirmed.", count) % {"count": count}


def _address(slug: str) -> str:
    return reverse("manual:reading_section", args=[slug])


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _see_other(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
