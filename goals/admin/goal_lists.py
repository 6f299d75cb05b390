"""The list of goals in the administration: what it is narrowed to, and what is done to several goals at once."""

from collections.abc import Callable
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals import activating, changes, check_in_requests, close_out, handover, lines
from goals.baseline_words import no_baseline, short_baseline
from goals.changes import NotPossibleError
from goals.models import Goal
from goals.needs import NAMES, Need, condition
from goals.tasks import evaluate_goal
from kpiproject import admin_asking
from kpiproject.admin_asking import Line, Question, for_each, is_confirmed
from kpiproject.admin_base import RecordedAdmin
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail

MOST_AT_ONCE: Final = 50
"""Each of them is computed from its figures while somebody waits."""
_Answer = HttpResponse | None


class NeedFilter(admin.SimpleListFilter):
    """The same needs as on the first page, so that its links land on exactly what it has counted."""

    title = gettext_lazy("what it needs")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(need.value, name) for need, name in NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> "QuerySet[Goal]":
        if (value := self.value()) is None or value not in set(NAMES):
            return queryset
        today = local_day(timezone.now(), organisation().time_zone)
        return queryset.filter(condition(Need(value), today))


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=gettext_lazy("New owner"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Checks in on these goals from now on, and is asked about them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("name", "email")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]  # a choice of models


class GoalList(RecordedAdmin):
    """What a manager does to several goals at once. Each is done on its own, so that one that is refused holds up no
    other; what was refused is told with its reason."""

    actions = ["make_active", "hand_over", "ask_for_check_in", "measure_again", "close", "delete_selected"]

    @admin.action(description=gettext_lazy("Make active, where no check blocks"), permissions=["change"])
    def make_active(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> _Answer:
        goals = self._few(request, queryset)
        if not goals:
            return None
        if not is_confirmed(request):
            about = _(
                "From now on they are judged. Their baseline, start and due date stay as they are now, and a target "
                "moves with a reason only. An active goal can be cancelled or closed, and never becomes a draft again."
            )
            return _ask(self, request, goals, _to_activate, (_("Make these goals active?"), about, _("Make active")))
        by = _person(request)
        done = for_each(request, goals, lambda goal: activating.activate(goal.pk, by=by), NotPossibleError)
        for goal in done:
            nudge(evaluate_goal, goal.pk)
        text = ngettext("%d goal is active now.", "%d goals are active now.", len(done))
        self._told(request, done, text, _("Made active."))
        return None

    @admin.action(description=gettext_lazy("Hand over to another owner"), permissions=["change"])
    def hand_over(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> _Answer:
        goals = self._few(request, queryset)
        if not goals:
            return None
        form = OwnerForm(request.POST if is_confirmed(request) else None)
        if not is_confirmed(request) or not form.is_valid():
            words = (_("Hand these goals over?"), _("Nothing else about them changes."), _("Hand over"))
            return _ask(self, request, goals, handover.obstacle, words, form)
        owner = form.cleaned_data["owner"]
        before = {goal.pk: str(goal.owner) for goal in goals}
        done = for_each(request, goals, lambda goal: handover.hand_over(goal.pk, owner), NotPossibleError)
        for goal in done:
            words_of_it = _("Owner: %(before)s → %(after)s.") % {"before": before[goal.pk], "after": owner}
            admin_asking.note(request, [goal], words_of_it)
        text = ngettext("%(count)d goal is %(owner)s’s now.", "%(count)d goals are %(owner)s’s now.", len(done))
        if done:
            messages.success(request, text % {"count": len(done), "owner": owner})
        return None

    @admin.action(description=gettext_lazy("Ask the owner for a check-in"), permissions=["change"])
    def ask_for_check_in(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> None:
        now, by = timezone.now(), cast("User", request.user)
        goals = self._few(request, queryset)
        done = for_each(request, goals, lambda goal: check_in_requests.ask(goal, by=by, now=now), NotPossibleError)
        if done:
            nudge(sweep_mail)
        text = ngettext(
            "The owner of %d goal is asked by mail.", "The owners of %d goals are asked by mail.", len(done)
        )
        self._told(request, done, text, _("The owner was asked for a check-in."))

    @admin.action(description=gettext_lazy("Measure the baseline again"), permissions=["change"])
    def measure_again(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> None:
        done = for_each(request, self._few(request, queryset), changes.measure_again, NotPossibleError)
        for goal in done:
            tell_baseline(request, goal, prefix=f"{goal}: ")
            nudge(evaluate_goal, goal.pk)
        admin_asking.note(request, done, _("The baseline was measured again."))

    @admin.action(description=gettext_lazy("Close with the judged result"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> _Answer:
        goals = self._few(request, queryset)
        if not goals:
            return None
        if not is_confirmed(request):
            about = _("A goal that is closed stays closed: its result is kept as it was judged, for everybody to read.")
            return _ask(self, request, goals, _to_close, (_("Close these goals?"), about, _("Close")))
        by = _person(request)
        done = for_each(request, goals, lambda goal: _close(request, goal, by), NotPossibleError)
        admin_asking.note(request, done, _("Closed with the judged result."))
        return None

    @admin.action(description=gettext_lazy("Delete drafts"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> _Answer:
        """Instead of Django's own, which would name a permission that is not missing."""
        goals = self._few(request, queryset)
        if not goals:
            return None
        if not is_confirmed(request):
            about = _("They are gone for good. What was once active is closed or cancelled instead, and stays.")
            return _ask(self, request, goals, changes.not_deletable, (_("Delete these drafts?"), about, _("Delete")))
        done = for_each(request, goals, lambda goal: self._delete(request, goal), NotPossibleError)
        if done:
            messages.success(request, ngettext("%d draft is deleted.", "%d drafts are deleted.", len(done)) % len(done))
        return None

    @transaction.atomic
    def _delete(self, request: HttpRequest, goal: Goal) -> None:
        self.log_deletions(request, Goal.objects.filter(pk=goal.pk))
        changes.delete_draft(goal)

    def _few(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> list[Goal]:
        found = list(queryset.select_related("objective", "owner", "reviewer")[: MOST_AT_ONCE + 1])
        if len(found) > MOST_AT_ONCE:
            messages.error(request, _("Choose %(most)d goals at most.") % {"most": MOST_AT_ONCE})
            return []
        return found

    def _told(self, request: HttpRequest, done: list[Goal], text: str, note: str) -> None:
        if done:
            messages.success(request, text % len(done))
            admin_asking.note(request, done, note)


def tell_baseline(request: HttpRequest, goal: Goal, *, prefix: str = "") -> None:
    if goal.baseline is None:
        messages.warning(request, prefix + no_baseline(goal))
        return
    words = {"baseline": lines.amount(goal, goal.baseline), "note": lines.baseline_note(goal)}
    messages.info(request, prefix + _("Baseline: %(baseline)s (%(note)s).") % words)
    if short := short_baseline(goal):
        messages.warning(request, prefix + short)


def _ask(
    model_admin: GoalList,
    request: HttpRequest,
    goals: list[Goal],
    obstacle: Callable[[Goal], str],
    words: tuple[str, str, str],
    form: forms.Form | None = None,
) -> HttpResponse:
    title, about, button = words
    found = [(goal, obstacle(goal)) for goal in goals]
    told = [Line(text=str(goal), note=reason, is_refused=bool(reason)) for goal, reason in found]
    question = Question(title=title, about=about, button=button, lines=told, form=form)
    return admin_asking.ask(model_admin, request, question)


def _to_activate(goal: Goal) -> str:
    if goal.state != Goal.State.DRAFT:
        return _("It is no draft (it is “%(state)s”).") % {"state": goal.get_state_display()}
    return " ".join(activating.obstacles(goal))


def _to_close(goal: Goal) -> str:
    today = local_day(timezone.now(), organisation().time_zone)
    if goal.state != Goal.State.ACTIVE:
        return _("It is not active (it is “%(state)s”).") % {"state": goal.get_state_display()}
    return "" if close_out.is_final(goal, today) else close_out.why_early(goal, today)


def _close(request: HttpRequest, goal: Goal, by: User | None) -> None:
    made = close_out.close_as_judged(goal.pk, by=by)
    words = {"goal": goal, "result": made.get_outcome_display()}
    messages.success(request, _("%(goal)s: closed as %(result)s.") % words)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
