"""Whom a survey asks by itself: the rules, what they would do, and their switch."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpiproject.queries import organisation
from metrics import asking, sending_lines
from metrics.sending_forms import RuleForm, ScheduleRuleForm, SwitchForm, TicketRuleForm
from surveys import planned, queries, rules, screening
from surveys.invitations import NotOpenError
from surveys.models import SendingRule, Survey
from surveys.rules import IncompleteRuleError
from surveys.screening import Preview
from surveys.windows import NeverOpenError

MOST_SHOWN = 50
MOST_PREVIEWED = 5000
DAYS_BACK = 14
_FORMS: dict[str, type[RuleForm]] = {
    SendingRule.Trigger.TICKET: TicketRuleForm,
    SendingRule.Trigger.SCHEDULE: ScheduleRuleForm,
}
may_see = permission_required("surveys.view_sendingrule", raise_exception=True)
may_change = permission_required("surveys.change_sendingrule", raise_exception=True)


@require_safe
@login_required
@may_see
def sending(request: HttpRequest, slug: str) -> HttpResponse:
    survey, now = get_object_or_404(Survey, slug=slug), timezone.now()
    context = {
        "survey": survey,
        "lines": sending_lines.lines(survey, now),
        "skipped": sending_lines.skipped_lately(survey, now),
        "quiet": queries.quiet_time(),
        "reminder_days": get_text_list(sorted(survey.reminder_days), _("and")),
        "mailings": survey.mailings.defer("rows", "bad_rows").exclude(confirmed_at=None)[:5],
        "zone": organisation().time_zone,
    }
    return render(request, "metrics/sending_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("surveys.add_sendingrule", raise_exception=True)
def rule_new(request: HttpRequest, slug: str, trigger: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    return _edit(request, survey, SendingRule(trigger=trigger))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_change
def rule_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    rule = _rule(slug, pk)
    return _edit(request, rule.survey, rule)


@require_safe
@login_required
@may_see
def rule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What it would do, before anything is sent."""
    found, now = _rule(slug, pk), timezone.now()
    is_about_tickets = found.trigger == SendingRule.Trigger.TICKET
    people = (
        asking.would_ask_about(found, now, days=DAYS_BACK, limit=MOST_PREVIEWED)
        if is_about_tickets
        else asking.would_ask_next(found, now, limit=MOST_PREVIEWED)
    )
    preview = Preview.of(screening.preview(found.survey, people, now=now), most_shown=MOST_SHOWN)
    next_round = None if is_about_tickets else rules.upcoming(found, now)
    context = {
        "survey": found.survey,
        "rule": found,
        "line": sending_lines.line(found, now),
        "preview": preview,
        "lines": preview.asked_first,
        "shows_time": True,
        "shows_ticket": is_about_tickets,
        "hidden_count": preview.asked + preview.skipped - len(preview.first),
        "is_cut": preview.asked + preview.skipped >= MOST_PREVIEWED,
        "most": MOST_PREVIEWED,
        "days_back": DAYS_BACK,
        "next_at": next_round[1] if next_round else None,
        "waiting": planned.of(found).count(),
        "group": next_round[0] % found.waves + 1 if next_round else 1,
        "zone": organisation().time_zone,
    }
    return render(request, "metrics/rule_page.html", context)


@require_POST
@login_required
@may_change
def rule_switch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, form = _rule(slug, pk), SwitchForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Nobody knows how to do that."), content_type="text/plain; charset=utf-8")
    if form.cleaned_data["to"] == "off":
        messages.success(request, _told_off(rules.switch_off(found)))
    else:
        _switch_on(request, found)
    return redirect("metrics:sending", slug)


@require_POST
@login_required
@permission_required("surveys.delete_sendingrule", raise_exception=True)
def rule_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What it has asked stays; what it has planned is called off."""
    found = _rule(slug, pk)
    rules.switch_off(found)
    found.delete()
    messages.success(request, _("The rule “%(name)s” is gone.") % {"name": found.name})
    return redirect("metrics:sending", slug)


def _rule(slug: str, pk: int) -> SendingRule:
    return get_object_or_404(SendingRule.objects.select_related("survey"), survey__slug=slug, pk=pk)


def _edit(request: HttpRequest, survey: Survey, rule: SendingRule) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = _FORMS[rule.trigger](data, instance=rule, survey=survey)
    if data is not None and form.is_valid():
        return _saved(request, form.save())
    context: dict[str, Any] = {"survey": survey, "rule": rule, "form": form, "is_new": rule.pk is None}
    return render(request, "metrics/rule_form_page.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, rule: SendingRule) -> HttpResponse:
    """A rule that is on follows its new dates at once; nothing is asked that the old ones have passed."""
    if rule.is_active:
        rules.plan(rule, timezone.now())
        rule.save(update_fields=["next_due", "next_round"])
        messages.success(request, _("Saved. The rule is on, and asks like this from now on."))
    else:
        messages.success(request, _("Saved. Nobody is asked before you switch it on."))
    return redirect("metrics:rule", rule.survey.slug, rule.pk)


def _switch_on(request: HttpRequest, rule: SendingRule) -> None:
    try:
        rules.switch_on(rule)
    except (NotOpenError, IncompleteRuleError, NeverOpenError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The rule “%(name)s” is on.") % {"name": rule.name})


def _told_off(called_off: int) -> str:
    told = _("The rule is off.")
    if called_off:
        mails = ngettext(
            "%(count)s planned mail was called off.", "%(count)s planned mails were called off.", called_off
        )
        told += " " + mails % {"count": called_off}
    return told
