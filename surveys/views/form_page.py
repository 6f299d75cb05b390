"""The page that asks, for every way in: its form, what is done with it, and the thanks with what is still open."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kpiproject.lib.tokens import is_token, new_token
from kpiproject.queue import nudge
from kpiproject.throttle import is_exceeded
from surveys import answers, availability, languages, scales, tasks, versions
from surveys.answer_form import AnswerForm, chosen_score, open_questions
from surveys.answers import AnswerRefusedError, Given, Said
from surveys.availability import Availability
from surveys.models import Answer, Reply, Survey, Version
from surveys.views import form_view, pages
from surveys.views.sheet import Sheet, Stored

PAUSE_SECONDS = 600
# More than a person who cannot decide, and too few to fill the history of an answer.
MOST_CHANGES = 30
_AWAKE_SECONDS = 2


def respond(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """GET and HEAD ask, POST records: 303 to the thanks, 422 with the form as it was sent, 410, 429."""
    stored = _stored(request, sheet)
    state = _state(request, sheet, stored)
    if not state.takes_answers:
        return pages.gone(request, state, language=language_of(request, sheet), is_secret=_is_secret(sheet, state))
    if request.method == "POST":
        return _record(request, sheet, stored)
    return _ask(request, sheet, stored)


def thank(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The thanks, with the further questions that apply and were not asked yet."""
    stored = _stored(request, sheet)
    if stored is None and sheet.invitation is not None and not _is_answered_in_secret(sheet):
        return HttpResponseRedirect(sheet.action)
    language = language_of(request, sheet, stored.answer if stored else None)
    state = _state(request, sheet, stored)
    form = None
    if stored and state.takes_answers and "done" not in request.GET:
        form = AnswerForm(
            content=sheet.content,
            language=language,
            score=stored.answer.score,
            replies=stored.replies,
        )
    return form_view.thanks(request, sheet, form, stored=stored, language=language, state=state)


def preview(request: HttpRequest, survey: Survey, *, variant: str = "preview") -> HttpResponse:
    """The page as a customer would see it, also of a draft; nothing can be sent from it."""
    version = Version(survey=survey, content=versions.content_of(survey).as_json())
    sheet = Sheet(
        survey=survey, version=version, action=request.path, thanks=request.path, variant=variant, is_preview=True
    )
    return _ask(request, sheet, None)


def language_of(request: HttpRequest, sheet: Sheet, answer: Answer | None = None) -> str:
    """What was chosen on the page, else what was answered or asked in, else what the browser prefers."""
    wanted = [request.POST.get("lang", ""), request.GET.get("lang", "")]
    return sheet.content.choose_language(*wanted, *_languages_known(request, sheet, answer or sheet.answer))


def _languages_known(request: HttpRequest, sheet: Sheet, answer: Answer | None) -> list[str]:
    known = [answer.language if answer else "", sheet.language]
    if sheet.invitation is not None:
        return [*known, sheet.invitation.language]
    return [*known, *languages.preferred(request.headers.get("Accept-Language", ""))]


def _ask(request: HttpRequest, sheet: Sheet, stored: Stored | None) -> HttpResponse:
    language = language_of(request, sheet)
    shown = None if sheet.repeats_nothing else stored
    score = chosen_score(request.GET.get("r"), content=sheet.content)
    if score is None and shown is not None:
        score = shown.answer.score
    initial = {"score": score, "comment": shown.answer.comment if shown else ""}
    form = AnswerForm(
        content=sheet.content,
        language=language,
        score=shown.answer.score if shown else None,
        replies=shown.replies if shown else None,
        initial=initial,
    )
    return form_view.question(request, sheet, form, stored=shown, language=language, replaces=_replaces(sheet, stored))


def _record(request: HttpRequest, sheet: Sheet, stored: Stored | None) -> HttpResponse:
    language = language_of(request, sheet)
    is_first = "score" in request.POST or stored is None
    form = AnswerForm(
        request.POST,
        content=sheet.content,
        language=language,
        score=None if is_first or stored is None else stored.answer.score,
        replies=stored.replies if stored else None,
    )
    if not form.is_valid() and not form.lacks_only_replies:
        return _again(request, sheet, form, stored=stored, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    # Only robots fill in the hidden field. They are thanked as well, so that they learn nothing.
    if sheet.is_public and form.cleaned_data["website"]:
        return _see_other(sheet.thanks)
    if _comes_too_often(request, sheet, stored):
        return _ask_to_wait(request, sheet, form, stored=stored)
    return _keep_and_lead_on(request, sheet, form, stored)


def _comes_too_often(request: HttpRequest, sheet: Sheet, stored: Stored | None) -> bool:
    """The first answer to an invitation is never put off. Changes of employees are counted together, so that nothing
    says at which hour somebody was there."""
    if sheet.is_public or (stored is not None and sheet.keeps_secret):
        return is_exceeded(request, sheet.counted_as, most=sheet.most, seconds=PAUSE_SECONDS)
    if stored is None or sheet.invitation is None:
        return False
    return is_exceeded(request, f"answer:{sheet.invitation.pk}", most=MOST_CHANGES, seconds=PAUSE_SECONDS)


def _keep_and_lead_on(request: HttpRequest, sheet: Sheet, form: AnswerForm, stored: Stored | None) -> HttpResponse:
    """What is good of the form is kept, also when a further question is still open."""
    try:
        answer = _keep(sheet, form.given())
    except AnswerRefusedError as refusal:
        is_secret = _is_secret(sheet, refusal.state)
        return pages.gone(request, refusal.state, language=form.language, is_secret=is_secret)
    _follow_up(answer)
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _again(request, sheet, form, stored=stored, status=status, is_saved=True)
    return _lead_on(request, sheet, form, stored, answer)


def _follow_up(answer: Answer) -> None:
    """Wake the sweep for an unhappy customer; when many come, it is awake already, and finds the others."""
    is_unhappy = answer.standing == scales.BAD and not answer.survey.is_anonymous
    if is_unhappy and cache.add("surveys.follow_up.awake", 1, _AWAKE_SECONDS):
        nudge(tasks.follow_up)


def _keep(sheet: Sheet, given: Given) -> Answer:
    if sheet.invitation is not None:
        return answers.record(sheet.invitation, given)
    key = sheet.form_key or given.form_key or new_token()
    # Who does not see the earlier comment does not mean to delete it.
    comment = given.comment or None if sheet.form_key else given.comment
    named = Given(score=given.score, comment=comment, replies=given.replies, language=given.language, form_key=key)
    return answers.record_public(sheet.survey, named, sheet.way_in)


def _lead_on(
    request: HttpRequest, sheet: Sheet, form: AnswerForm, stored: Stored | None, answer: Answer
) -> HttpResponse:
    """To the thanks, which ask what is still open.

    Where only the key of the form tells which answer it is, that is asked at once: in an address the key would let
    everybody who sees it change the answer, and beside the token of an employee it would say who gave it.
    """
    known = (stored.replies if stored else {}) | form.replies
    left = open_questions(sheet.content, answer.score, known)
    goes_on = any(not form.is_asked(question) for question in left)
    is_known_by_key = sheet.form_key == "" and (sheet.is_public or sheet.survey.is_anonymous)
    if goes_on and is_known_by_key:
        return _ask_on(request, sheet, answer, language=form.language)
    query = {"done": "1"} if left and not goes_on and not is_known_by_key else {}
    known_answer = None if is_known_by_key else answer
    if form.language != sheet.content.choose_language(*_languages_known(request, sheet, known_answer)):
        query["lang"] = form.language
    return _see_other(sheet.thanks + ("&" if sheet.query else "?") + urlencode(query) if query else sheet.thanks)


def _ask_on(request: HttpRequest, sheet: Sheet, answer: Answer, *, language: str) -> HttpResponse:
    stored = Stored(answer=answer, replies=_replies(answer))
    form = AnswerForm(
        content=sheet.content,
        language=language,
        score=answer.score,
        replies=stored.replies,
        initial={"form_key": answer.form_key},
    )
    state = Availability.CHANGEABLE
    return form_view.thanks(request, sheet, form, stored=stored, language=language, state=state)


def _ask_to_wait(request: HttpRequest, sheet: Sheet, form: AnswerForm, *, stored: Stored | None) -> HttpResponse:
    with translation.override(form.language):
        sentence = _("Very many answers have come from your network. Please wait ten minutes and send yours again.")
    form.add_error(None, sentence)
    response = _again(request, sheet, form, stored=stored, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


def _again(
    request: HttpRequest, sheet: Sheet, form: AnswerForm, *, stored: Stored | None, status: int, is_saved: bool = False
) -> HttpResponse:
    """The same page with everything that was typed, and what is wrong with it."""
    shown = None if sheet.repeats_nothing else stored
    if form.stored_score is not None:
        state = Availability.CHANGEABLE
        return form_view.thanks(request, sheet, form, stored=stored, language=form.language, state=state, status=status)
    return form_view.question(
        request, sheet, form, stored=shown, language=form.language, status=status, is_saved=is_saved
    )


def _replaces(sheet: Sheet, stored: Stored | None) -> bool:
    """Whether the page says that there is an answer, which it does not show."""
    return stored is not None and bool(sheet.form_key)


def _stored(request: HttpRequest, sheet: Sheet) -> Stored | None:
    """Asks the database only where the page needs to know."""
    answer = sheet.answer
    if answer is None and (sheet.invitation is None or sheet.survey.is_anonymous):
        answer = _answer_by_key(request, sheet)
    if answer is None:
        return None
    return Stored(answer=answer, replies=_replies(answer) if sheet.content.questions else {})


def _answer_by_key(request: HttpRequest, sheet: Sheet) -> Answer | None:
    key = _key_sent(request, sheet)
    # A whole form from a link that anybody may use says all there is to say.
    is_whole = sheet.is_public and "score" in request.POST and not sheet.content.questions
    if not is_token(key) or is_whole:
        return None
    return Answer.objects.filter(survey=sheet.survey, form_key=key).exclude(form_key="").first()


def _key_sent(request: HttpRequest, sheet: Sheet) -> str:
    """Never from the address: it may have been shared, or made up for somebody else."""
    return sheet.form_key or request.POST.get("form_key", "")


def _replies(answer: Answer) -> dict[int, Said]:
    rows = Reply.objects.filter(answer=answer)
    return {row.question_id: Said(number=row.number, text=row.text, choices=tuple(row.choices)) for row in rows}


def _state(request: HttpRequest, sheet: Sheet, stored: Stored | None) -> Availability:
    now = timezone.now()
    answer = stored.answer if stored else None
    if sheet.invitation is None:
        return availability.of_public_link(sheet.survey, answer, now)
    if not _is_answered_in_secret(sheet):
        return availability.of_invitation(sheet.invitation, answer, now)
    if sheet.survey.status != Survey.Status.OPEN:
        return Availability.CLOSED
    return availability.of_unlinked(answer, now) if answer else Availability.LOCKED


def _is_answered_in_secret(sheet: Sheet) -> bool:
    return sheet.invitation is not None and sheet.survey.is_anonymous and sheet.invitation.is_answered


def _is_secret(sheet: Sheet, state: Availability) -> bool:
    return state == Availability.LOCKED and sheet.survey.is_anonymous


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
