"""Alert rules and escalation chains in the administration. Alarms are answered on the pages of the alert centre."""

from datetime import datetime
from typing import Any, ClassVar, Final, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals.alarm_rule_forms import WATCHED, AlertRuleForm, outside_choices
from goals.alarms import actions, chains, keeping, words
from goals.models import Alarm, AlarmLeft, AlertRule, EscalationChain, EscalationStep
from goals.tasks import watch_rules
from kpiproject import admin_asking
from kpiproject.admin_asking import Line, Question, is_confirmed
from kpiproject.admin_base import HelpTexts, RecordedAdmin
from kpiproject.calendars import default_worktime
from kpiproject.models import User
from kpiproject.queue import nudge


@admin.register(AlertRule)
class AlertRuleAdmin(RecordedAdmin):
    form = AlertRuleForm
    list_display = ["name", "condition", "state", "last_value", "severity", "owner", "is_active"]
    list_filter = [
        "is_active",
        "state",
        "kind",
        "severity",
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("chain", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["owner", "goal"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "advice", "owner__name", "owner__email"]
    actions = ["switch_on", "switch_off", "snooze", "wake", "check_again"]
    help_texts: ClassVar = {
        "kind": gettext_lazy("What is watched; the fields below that belong to another kind stay empty."),
        "is_active": gettext_lazy("Switched off, nothing is watched, and an alarm that is open is over."),
        "goal": gettext_lazy("Only for the status of a goal: which one."),
        "danger": gettext_lazy("Only for the status of a goal: from which status on it is an alarm."),
        "source": gettext_lazy("Only for imports: which system they come from, or any."),
        "of": gettext_lazy("Of so many periods in a row; 2 of 3 keeps a single bad week from waking anybody."),
        "clears": gettext_lazy("So many good periods in a row until it is over."),
        "webhooks": gettext_lazy("Other systems that are told as well, such as a chat."),
        "has_quiet_weekend": gettext_lazy("Mails wait until Monday; the alarm itself is seen at once."),
    }
    readonly_fields = ["standing"]

    def get_fieldsets(self, request: HttpRequest, obj: AlertRule | None = None) -> Any:
        return [
            (None, {"fields": ["name", "kind", "severity", "is_active", *(["standing"] if obj else [])]}),
            (
                _("What is watched"),
                {"fields": ["kpi", "only_for", "grain", "limit", "side", "goal", "danger", "source", "hours"]},
            ),
            (
                _("When it is an alarm, and when it is over"),
                {"fields": ["breaches", "of", "again", "clears"]},
            ),
            (_("Who is told"), {"fields": ["owner", "chain", "webhooks", "advice", "guidance"]}),
            (_("Who is told outside of the house"), {"fields": ["stakeholders", "lets_outsiders_acknowledge"]}),
            (
                _("When nobody is told"),
                {"fields": ["quiet_hours", "has_quiet_weekend", "time_zone", "renotify_hours"]},
            ),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return super().get_form(request, obj, change=change, **kwargs | {"fields": AlertRuleForm.Meta.fields})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: AlertRule, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """What the watch has written meanwhile is left alone, unless something else is watched from now on."""
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]  # nobody else gets here
            obj.save()
            self._tell_of_the_past(request, obj)
            nudge(watch_rules)
            return
        before = AlertRule.objects.get(pk=obj.pk)
        obj.save(update_fields=_COLUMNS)
        if any(getattr(before, name) != getattr(obj, name) for name in WATCHED):
            keeping.restart(AlertRule.objects.get(pk=obj.pk), Alarm.End.CHANGED, timezone.now())
            self._tell_of_the_past(request, obj)
        elif before.is_active != obj.is_active:
            keeping.restart(AlertRule.objects.get(pk=obj.pk), Alarm.End.OFF, timezone.now())
        nudge(watch_rules)

    def _tell_of_the_past(self, request: HttpRequest, rule: AlertRule) -> None:
        if text := words.tried(rule, timezone.now()):
            self.message_user(request, text, messages.INFO)

    def delete_model(self, request: HttpRequest, obj: AlertRule) -> None:
        keeping.restart(obj, Alarm.End.GONE, timezone.now())
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[AlertRule]") -> None:
        for rule in queryset:
            keeping.restart(rule, Alarm.End.GONE, timezone.now())
        super().delete_queryset(request, queryset)

    @admin.display(description=gettext_lazy("alarm when"))
    def condition(self, rule: AlertRule) -> str:
        return words.condition(rule)

    @admin.display(description=gettext_lazy("last value"))
    def last_value(self, rule: AlertRule) -> str:
        return words.amount(rule, rule.value) if rule.value is not None else "-"

    @admin.display(description=gettext_lazy("state"))
    def standing(self, rule: AlertRule) -> str:
        return " ".join(part for part in (rule.get_state_display(), words.problem(rule)) if part)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: "QuerySet[AlertRule]") -> None:
        self._switch(request, queryset.filter(is_active=False), is_active=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: "QuerySet[AlertRule]") -> None:
        self._switch(request, queryset.filter(is_active=True), is_active=False)

    def _switch(self, request: HttpRequest, rules: "QuerySet[AlertRule]", *, is_active: bool) -> None:
        found = list(rules)
        for rule in found:
            AlertRule.objects.filter(pk=rule.pk).update(is_active=is_active)
            keeping.restart(rule, Alarm.End.OFF, timezone.now())
        admin_asking.note(request, found, _("Switched on.") if is_active else _("Switched off."))
        count = len(found)
        text = (
            ngettext("%d rule is switched on.", "%d rules are switched on.", count)
            if is_active
            else ngettext("%d rule is switched off.", "%d rules are switched off.", count)
        )
        self.message_user(request, text % count, messages.SUCCESS)
        nudge(watch_rules)

    @admin.action(description=gettext_lazy("Snooze"), permissions=["change"])
    def snooze(self, request: HttpRequest, queryset: "QuerySet[AlertRule]") -> HttpResponse | None:
        form = SnoozeForm(request.POST if is_confirmed(request) else None)
        rules = list(queryset)
        if not is_confirmed(request) or not form.is_valid():
            about = _("Nobody is told anything of these rules for a while. What is measured goes on, and is seen.")
            told = [Line(text=str(rule)) for rule in rules]
            question = Question(title=_("Snooze these rules?"), about=about, button=_("Snooze"), lines=told, form=form)
            return admin_asking.ask(self, request, question)
        now = timezone.now()
        self._quieten(request, rules, until=now + actions.SPANS[form.cleaned_data["span"]][1], now=now)
        return None

    @admin.action(description=gettext_lazy("End the snooze"), permissions=["change"])
    def wake(self, request: HttpRequest, queryset: "QuerySet[AlertRule]") -> None:
        now = timezone.now()
        self._quieten(request, list(queryset.filter(snoozed_until__gt=now)), until=None, now=now)
        nudge(watch_rules)

    def _quieten(
        self, request: HttpRequest, rules: "list[AlertRule]", *, until: datetime | None, now: datetime
    ) -> None:
        for rule in rules:
            actions.snooze(rule.pk, cast("User", request.user), until=until, now=now)
        if until:
            at = date_format(timezone.localtime(until), "DATETIME_FORMAT")
            text = ngettext("%d rule is snoozed.", "%d rules are snoozed.", len(rules))
            admin_asking.note(request, rules, _("Snoozed until %(at)s.") % {"at": at})
        else:
            text = ngettext("%d rule is awake again.", "%d rules are awake again.", len(rules))
            admin_asking.note(request, rules, _("The snooze was ended."))
        self.message_user(request, text % len(rules), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Check again, also what failed"), permissions=["change"])
    def check_again(self, request: HttpRequest, queryset: "QuerySet[AlertRule]") -> None:
        count = sum(bool(actions.reset(rule.pk, timezone.now())) for rule in queryset)
        text = ngettext("%d rule is checked within a minute.", "%d rules are checked within a minute.", count)
        self.message_user(request, text % count, messages.SUCCESS)
        nudge(watch_rules)


_COLUMNS = [
    *(name for name in AlertRuleForm.Meta.fields if name not in ("webhooks", "stakeholders")),
    *("kpi", "dimension", "member", "clock", "source", "fire_level", "clear_level", "quiet_windows"),
]


class SnoozeForm(forms.Form):
    span = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        choices=[(code, name) for code, (name, _span) in actions.SPANS.items()],
        initial="1d",
        help_text=gettext_lazy("What is still bad then is told at once."),
    )


_CHOSEN_BY: Final = {"people": EscalationStep.Role.PEOPLE, "stakeholders": EscalationStep.Role.OUTSIDE}
"""Of a field with names, who must be told so that they are."""


class StepForm(forms.ModelForm):
    class Meta:
        model = EscalationStep
        fields: ClassVar = ["position", "role", "people", "stakeholders", "wait_minutes", "by_hours"]
        widgets: ClassVar = {"people": forms.CheckboxSelectMultiple, "stakeholders": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["position"].initial = None  # else a row that was filled in as it came would count as empty
        chosen = Q(escalation_steps=self.instance) if self.instance.pk else Q(pk=None)
        people = User.objects.filter(Q(is_active=True) | chosen).distinct().order_by("name", "email")
        self.fields["people"].queryset = people  # type: ignore[attr-defined]  # it chooses among rows
        outside_choices(self.fields["stakeholders"], chosen)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("role") == EscalationStep.Role.PEOPLE and not given.get("people"):
            self.add_error("people", _("Choose whom this step tells."))
        if given.get("role") == EscalationStep.Role.OUTSIDE and not given.get("stakeholders"):
            self.add_error("stakeholders", _("Choose whom this step tells."))
        self._refuse_who_would_not_be_told(given)
        return given

    def _refuse_who_would_not_be_told(self, given: dict[str, Any]) -> None:
        """Whoever ticks a name believes that it is told."""
        for name, role in _CHOSEN_BY.items():
            if given.get("role") and given["role"] != role and given.get(name):
                words = {"role": EscalationStep.Role(given["role"]).label, "right": role.label}
                text = _("This step tells %(role)s, and nobody chosen here: empty it, or let the step tell %(right)s.")
                self.add_error(name, text % words)


class StepFormSet(forms.BaseInlineFormSet):
    """What holds for all steps of a chain together."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if not kept:
            raise ValidationError(_("A chain needs one step at least."))
        if len(kept) > chains.MOST_STEPS:
            raise ValidationError(_("A chain has %(most)s steps at most.") % {"most": chains.MOST_STEPS})
        ordered = sorted(kept, key=lambda one: one["position"])
        if len({one["position"] for one in kept}) < len(kept):
            raise ValidationError(_("Two steps have the same place in the order."))
        if any(not one["wait_minutes"] for one in ordered[1:]):
            raise ValidationError(_("Every step but the first one must wait for a minute at least."))
        if self.instance.repeats and not ordered[0]["wait_minutes"]:
            raise ValidationError(_("Say after how many minutes the first step is told again."))


class StepInline(HelpTexts, admin.StackedInline):
    model = EscalationStep
    form = StepForm
    formset = StepFormSet
    extra = 1
    fields: ClassVar = ["position", "role", "people", "stakeholders", "wait_minutes", "by_hours"]
    help_texts: ClassVar = {
        "position": gettext_lazy("1 is told first."),
        "role": gettext_lazy("Who that is when the alarm goes off: the owner, managers, or the people chosen here."),
        "people": gettext_lazy("Only if this step tells certain people."),
    }


@admin.register(EscalationChain)
class EscalationChainAdmin(RecordedAdmin):
    list_display = ["name", "steps_in_words"]
    search_fields = ["name"]
    fields: ClassVar = ["name", "repeats", "calendar"]
    help_texts: ClassVar = {"name": gettext_lazy("As rules choose it, for example: shift leader, then managers.")}
    inlines: ClassVar = [StepInline]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[EscalationChain]":
        found: QuerySet[EscalationChain] = super().get_queryset(request)
        return found.prefetch_related("steps__people", "steps__stakeholders")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_related(request, form, formsets, change)
        counts_hours = form.instance.steps.filter(by_hours=True).exists()
        if counts_hours and form.instance.calendar is None and default_worktime() is None:
            text = _("There is no business calendar yet: until there is one, waiting is counted round the clock.")
            messages.warning(request, text)

    @admin.display(description=gettext_lazy("who is told"))
    def steps_in_words(self, chain: EscalationChain) -> str:
        steps = " → ".join(_step(step) for step in chain.steps.all()) or "-"
        if not chain.repeats:
            return steps
        again = ngettext("once more", "%(count)d times more", chain.repeats) % {"count": chain.repeats}
        return _("%(steps)s, then %(again)s") % {"steps": steps, "again": again}


def _step(step: EscalationStep) -> str:
    named = {EscalationStep.Role.PEOPLE: step.people, EscalationStep.Role.OUTSIDE: step.stakeholders}
    chosen = named.get(EscalationStep.Role(step.role))
    people = ", ".join(str(person) for person in chosen.all()) if chosen else ""
    return people or str(step.get_role_display())


@admin.register(AlarmLeft)
class AlarmLeftAdmin(admin.ModelAdmin):
    """Whoever is deleted here gets alarms again."""

    list_display = ["stakeholder", "address", "at"]
    list_select_related = ["stakeholder"]
    search_fields = ["stakeholder__name", "stakeholder__email"]
    fields: ClassVar = ["stakeholder", "at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AlarmLeft | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("e-mail address"))
    def address(self, left: AlarmLeft) -> str:
        return left.stakeholder.email
