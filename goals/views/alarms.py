"""One alarm: its page, the answers to it, and the same by a signed link out of a mail (GET shows, POST acts)."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goals.alarm_forms import AnswerForm, RuleForm
from goals.alarms import actions, chains, guidance, keeping, links, outside_words, queries, telling, words
from goals.alarms.actions import NotPossibleError
from goals.alarms.links import LINKS, Addressed
from goals.alarms.readers import Reader, is_outsider, zone_of
from goals.models import Alarm, AlertRule, EscalationStep, Stakeholder
from goals.tasks import tell_of_alarms
from goals.views.alerts import line
from kpiproject.answer_links import DeadLinkError
from kpiproject.models import User
from kpiproject.outsiders import outsiders_page
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from surveys.views import brand, guesses

_ALARMS = Alarm.objects.select_related("rule__owner", "rule__chain", "goal", "acknowledged_by", "acknowledged_outside")


@require_safe
@login_required
@permission_required("goals.view_alarm", raise_exception=True)
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_ALARMS, pk=pk)
    return _show(request, found, AnswerForm())


@require_POST
@login_required
@permission_required("goals.change_alarm", raise_exception=True)
def alarm_answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_ALARMS, pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        messages.success(request, _answer(found, cast("User", request.user), form, timezone.now()))
    except NotPossibleError as refusal:
        messages.error(request, str(refusal))
    nudge(tell_of_alarms)
    return _see_other("goals:alarm", found.pk)


@require_POST
@login_required
@permission_required("goals.change_alertrule", raise_exception=True)
def rule_answer(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(AlertRule, pk=pk)
    form, now = RuleForm(request.POST), timezone.now()
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    elif form.cleaned_data["action"] == "reset":
        actions.reset(rule.pk, now)
        messages.success(request, _("“%(rule)s” is checked again within a minute.") % {"rule": rule})
    else:
        is_snooze = form.cleaned_data["action"] == "snooze"
        actions.snooze(rule.pk, cast("User", request.user), until=form.until(now) if is_snooze else None, now=now)
        text = _("Nobody is told of “%(rule)s” for now.") if is_snooze else _("People are told of “%(rule)s” again.")
        messages.success(request, text % {"rule": rule})
    nudge(tell_of_alarms)
    return _see_other("goals:alert_list")


@outsiders_page()
@require_http_methods(["GET", "HEAD", "POST"])
def alarm_mail(request: HttpRequest, signed: str) -> HttpResponse:
    """The address is the credential, of one person and for one alarm, so nobody has to log in."""
    try:
        found = links.find(signed)
    except DeadLinkError:
        return _dead(request) if LINKS.is_ours(signed) else guesses.refuse(request)
    return (
        _answer_addressed(request, found) if request.method == "POST" else _show_addressed(request, found, AnswerForm())
    )


def _answer_addressed(request: HttpRequest, found: Addressed) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show_addressed(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not found.may(form.cleaned_data["action"]):
        return _show_addressed(request, found, AnswerForm(), status=HTTPStatus.FORBIDDEN)
    try:
        _answer(found.alarm, found.reader, form, timezone.now())
    except NotPossibleError:
        # The page says that it is over.
        found.alarm.refresh_from_db()
        return _show_addressed(request, found, AnswerForm(), status=HTTPStatus.CONFLICT)
    response = redirect(request.path)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _answer(found: Alarm, by: Reader, form: AnswerForm, now: datetime) -> str:
    """Do it, and say what was done. Raises NotPossibleError. Outsiders do nothing here but acknowledge."""
    action = form.cleaned_data["action"]
    if action == "acknowledge":
        actions.acknowledge(found.pk, by, until=form.until(now), now=now, text=form.cleaned_data["text"])
        return _("You work on it. Nobody else is told until then, unless it gets better.")
    if found.rule_id is None or is_outsider(by):
        raise NotPossibleError(_("The rule of this alarm was deleted, so there is nothing left to snooze."))
    actions.snooze(found.rule_id, by, until=form.until(now) if action == "snooze" else None, now=now)
    return _("Nobody is told of it for now.") if action == "snooze" else _("People are told of it again.")


def _show(request: HttpRequest, found: Alarm, form: AnswerForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    rule, now = found.rule, timezone.now()
    is_waiting = rule is not None and found.is_open and found.told_at is None
    waits_until = telling.free_at(rule, now) if rule and is_waiting else None
    pauses_until = keeping.pauses_until(rule) if rule and is_waiting else None
    context = {
        "alarm": found,
        "line": line(found),
        "figure": words.figure(found),
        "value": words.amount(found, found.value),
        "worst": words.amount(found, found.worst),
        "limit": words.limit(found, found.limit),
        "path": words.path(found),
        "events": queries.events(found),
        "notices": queries.notices(found),
        "next_step": _next_step(found),
        "waits_until": waits_until if waits_until and waits_until > now else None,
        "pauses_until": pauses_until if pauses_until and pauses_until > now else None,
        "chapter": guidance.of(rule, guidance.chapters()) if rule and found.is_open else None,
        "form": form,
        "may_answer": request.user.has_perm("goals.change_alarm") and found.is_open,
    }
    return render(request, "goals/alarm_page.html", context, status=status)


def _next_step(found: Alarm) -> str:
    """Who is told next if nobody acknowledges; empty after the last step, and as long as somebody works on it."""
    left = chains.steps(found.chain)[found.level + 1 :]
    if not left or found.next_step_at is None or found.acknowledged_until is not None:
        return ""
    words_ = {"people": _people(left[0], found.rule), "at": words.instant(found.next_step_at)}
    text = _("If nobody acknowledges it, the next to be told at %(at)s: %(people)s.") % words_
    if chains.rounds(found.chain) == 1:
        return text
    rounds = {"round": chains.round_of(found.chain, found.level + 1), "rounds": chains.rounds(found.chain)}
    return f"{text} {_('That is round %(round)s of %(rounds)s.') % rounds}"


def _people(step: Mapping[str, Any], rule: AlertRule | None) -> str:
    """Whom a step tells, by name where it names somebody."""
    role = EscalationStep.Role(step["role"])
    if role == EscalationStep.Role.OWNER and rule is not None and rule.owner.is_active:
        return str(rule.owner)
    named: dict[str, Any] = {EscalationStep.Role.OUTSIDE: Stakeholder, EscalationStep.Role.PEOPLE: User}
    people = named[role].objects.filter(pk__in=step["people"]) if role in named else ()
    return ", ".join(str(person) for person in people) or str(role.label)


def _show_addressed(
    request: HttpRequest, found: Addressed, form: AnswerForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    house = organisation()
    reader = found.reader
    language = (settings.LANGUAGE_CODE if is_outsider(reader) else reader.language) or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(reader, house)):
        context = {
            "alarm": found.alarm,
            "person": reader,
            "line": line(found.alarm),
            "form": form,
            "is_outside": is_outsider(reader),
            "may_acknowledge": found.may_acknowledge,
            "organisation": house,
            "style_url": brand.style_url(house),
            **(_outside(found.alarm) if is_outsider(reader) else _inside(found.alarm)),
        }
        response = render(request, "goals/alarm_mail_page.html", context, status=status)
    response["Content-Language"] = language
    return response


def _inside(alarm: Alarm) -> dict[str, Any]:
    over = words.over(alarm) if alarm.ended_at else words.rests_on(alarm)
    return {"what": words.what(alarm), "rests_on": over, "path": words.path(alarm)}


def _outside(alarm: Alarm) -> dict[str, Any]:
    """In aggregated words, and without a way into the house."""
    over = outside_words.over(alarm) if alarm.ended_at else outside_words.rests_on(alarm)
    return {"what": outside_words.what(alarm), "rests_on": over, "path": ""}


def _dead(request: HttpRequest) -> HttpResponse:
    house = organisation()
    context = {"alarm": None, "organisation": house, "style_url": brand.style_url(house)}
    return render(request, "goals/alarm_mail_page.html", context, status=HTTPStatus.NOT_FOUND)


def _see_other(name: str, *args: object) -> HttpResponse:
    response = redirect(name, *args)
    response.status_code = HTTPStatus.SEE_OTHER
    return response
