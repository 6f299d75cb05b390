"""The alert centre: alarms as they stand, rules that wait, and unhappy customers of whom nobody took care in time."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goals import alerts
from goals.alarm_forms import CentreForm, RuleForm
from goals.alarms import queries, words
from goals.alarms.queries import HISTORY, OPEN, SHELVES, Wanted
from goals.models import Alarm, AlertRule
from surveys import scales
from surveys.complaints import complaint

PAGE_SIZE = 25
MOST_OPEN = 100


KINDS = {kind.code: kind.name for kind in scales.KINDS.values() if not kind.is_about_employees}


class FilterForm(forms.Form):
    kind = forms.ChoiceField(
        choices=list(KINDS.items()),
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is not a kind of survey that customers answer.")},
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """An alarm in a list."""

    alarm: Alarm
    what: str
    rests_on: str
    since: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule in a list."""

    rule: AlertRule
    condition: str
    value: str
    when: str
    problem: str
    tone: str


@require_safe
@login_required
@permission_required("goals.view_alert", raise_exception=True)
def alert_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("goals.view_alarm"):
        return render(request, "goals/alert_list_page.html", {"shelf": OPEN, **_left_lying(request)})
    centre = CentreForm(request.GET)
    shelf, wanted = centre.shelf_name(), centre.wanted()
    counts = queries.counts()
    context: dict[str, Any] = {
        "may_see": True,
        "centre": centre,
        "shelf": shelf,
        "shelves": [(name, text, counts[name]) for name, text in SHELVES.items()],
        "has_any": any(counts.values()),
        "may_answer": request.user.has_perm("goals.change_alarm"),
        **(_now(request, wanted) if shelf == OPEN else _shelf(request, shelf, wanted)),
    }
    status = HTTPStatus.OK if centre.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "goals/alert_list_page.html", context, status=status)


def line(alarm: Alarm) -> Line:
    now = timezone.now()
    state = alarm.get_ended_because_display() if alarm.ended_at else _state(alarm)
    tone = "" if alarm.ended_at else words.TONES.get(alarm.rule.state if alarm.rule else "", "bad")
    return Line(
        alarm=alarm,
        what=words.what(alarm),
        rests_on=words.over(alarm) if alarm.ended_at else words.rests_on(alarm),
        since=words.lasted(alarm.opened_at, alarm.ended_at or now),
        state=str(state),
        tone=tone,
    )


def _state(alarm: Alarm) -> str:
    return str(alarm.rule.get_state_display() if alarm.rule else AlertRule.State.FIRING.label)


def _now(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    """What fires, and beneath it the customers who were left lying."""
    return {"lines": [line(alarm) for alarm in queries.open_alarms(wanted)[:MOST_OPEN]], **_left_lying(request)}


def _left_lying(request: HttpRequest) -> dict[str, Any]:
    form = FilterForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    page = Paginator(alerts.raised(kind), PAGE_SIZE).get_page(request.GET.get("page"))
    may_know = request.user.has_perm("surveys.view_contact")
    return {
        "form": form,
        "kinds": KINDS,
        "kind": kind,
        "page": page,
        "found": [
            (one, [complaint(link.answer, has_customer=may_know) for link in one.links.all()][:1]) for one in page
        ],
    }


def _shelf(request: HttpRequest, shelf: str, wanted: Wanted) -> dict[str, Any]:
    number = request.GET.get("page")
    if shelf == HISTORY:
        ended = Paginator(queries.ended_alarms(wanted), PAGE_SIZE).get_page(number)
        return {"page": ended, "lines": [line(alarm) for alarm in ended]}
    page = Paginator(queries.rules(shelf, wanted), PAGE_SIZE).get_page(number)
    return {"page": page, "rules": [_rule_line(rule) for rule in page], "answer": RuleForm()}


def _rule_line(rule: AlertRule) -> RuleLine:
    return RuleLine(
        rule=rule,
        condition=words.condition(rule),
        value=words.amount(rule, rule.value) if rule.value is not None else "",
        when=words.when(rule, rule.value_start),
        problem=words.problem(rule),
        tone=words.TONES.get(rule.state, ""),
    )
