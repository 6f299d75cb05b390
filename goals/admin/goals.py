"""Goals and business objectives in the administration."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import changes, close_out, lines, offers
from goals.changes import NotPossibleError
from goals.forms import PRESET, GoalForm
from goals.models import Goal, Objective, StatusChange, TargetChange
from goals.tasks import evaluate_goal
from kpiproject.models import User
from kpiproject.queue import nudge
from metrics import presentation

State = Goal.State
_OTHER_BUTTONS: Final = ("_continue", "_addanother", "_saveasnew", "_popup")


@admin.register(Objective)
class ObjectiveAdmin(admin.ModelAdmin):
    list_display = ["name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "description"]


class ChangeInline(admin.TabularInline):
    """What happened is only read."""

    template = "admin/goals/changes.html"
    extra = 0
    can_delete = False
    ordering = ["-at", "-id"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("when"))
    def on(self, change: StatusChange | TargetChange) -> str:
        return date_format(timezone.localtime(change.at), "DATETIME_FORMAT")


class TargetChangeInline(ChangeInline):
    model = TargetChange
    fields = ["on", "way", "reason", "by"]
    readonly_fields = ["on", "way", "reason", "by"]

    @admin.display(description=gettext_lazy("target"))
    def way(self, change: TargetChange) -> str:
        return f"{lines.amount(change.goal, change.before)} → {lines.amount(change.goal, change.after)}"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[TargetChange]":
        return super().get_queryset(request).select_related("goal", "by")


class StatusChangeInline(ChangeInline):
    model = StatusChange
    fields = ["on", "way", "measured"]
    readonly_fields = ["on", "way", "measured"]

    @admin.display(description=gettext_lazy("status"))
    def way(self, change: StatusChange) -> str:
        before = f"{change.get_before_display()} → " if change.before else ""
        return f"{before}{change.get_after_display()}"

    @admin.display(description=gettext_lazy("measured"))
    def measured(self, change: StatusChange) -> str:
        return lines.amount(change.goal, change.value)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StatusChange]":
        return super().get_queryset(request).select_related("goal")


@admin.register(Goal)
class GoalAdmin(admin.ModelAdmin):
    """A draft may still be anything. An active goal keeps what it is judged by; its target moves with a reason only."""

    form = GoalForm
    change_form_template = "admin/goals/change_form.html"
    list_display = ["statement", "status_words", "progress_words", "target_words", "due", "figure", "owner", "state"]
    list_filter = [
        "state",
        "status",
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("objective", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["objective", "owner"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["statement", "objective__name"]
    actions = ["measure_again", "close"]
    readonly_fields = [
        "figure", "grain_words", "days", "status_words", "reason_words", "value_words", "baseline_words",
        "target_words",
    ]  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Goal | None = None) -> Any:
        is_draft = obj is None or obj.state == State.DRAFT
        measured = ["kpi", "only_for", "grain"] if is_draft else ["figure", "grain_words"]
        wanted = ["target", "start", "due"] if is_draft else ["target", "why", "days"]
        if obj is not None and obj.state not in (State.DRAFT, State.ACTIVE):
            wanted = ["target_words", "days"]
        found = [
            (None, {"fields": ["statement", "objective", "owner", "state"]}),
            (_("What is measured"), {"fields": measured}),
            (_("Target"), {"fields": wanted}),
        ]
        if obj is not None:
            found.insert(1, (_("Judgement"), {"fields": ["status_words", "reason_words", "value_words"]}))
            found.append((_("Baseline, measured by Plumbline"), {"fields": ["baseline_words"]}))
        return found

    def get_inlines(self, request: HttpRequest, obj: Goal | None = None) -> Any:
        if obj is None or obj.state == State.DRAFT:
            return []
        return [inline for inline in (TargetChangeInline, StatusChangeInline) if _has_rows(inline.model, obj)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if "kpi" in form.fields:
            context |= {"offers": offers.offers(), "preset_name": PRESET, "chosen": form["kpi"].value()}
            context["filled"] = form.filled
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice stands at most the way to add another one."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in ("objective", "owner"):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Goal | None = None) -> bool:
        """What was once active is closed or cancelled, and stays to be read."""
        is_draft = obj is None or obj.state == State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Goal, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        changes.save(obj, by=_person(request), why=form.cleaned_data.get("why", ""), seen=form.initial.get("state", ""))
        if form.measured is not None:
            _tell_baseline(request, obj)
        if obj.state == State.ACTIVE:
            nudge(evaluate_goal, obj.pk)

    def response_add(self, request: HttpRequest, obj: Goal, post_url_continue: str | None = None) -> HttpResponse:
        return _to_its_page(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Goal) -> HttpResponse:
        return _to_its_page(request, obj) or super().response_change(request, obj)

    # --- What is shown

    @admin.display(description=gettext_lazy("KPI"), ordering="kpi")
    def figure(self, goal: Goal) -> str:
        found = lines.line(goal)
        return ", ".join(part for part in (found.kpi_name, found.scope, found.clock) if part)

    @admin.display(description=gettext_lazy("judged by"))
    def grain_words(self, goal: Goal) -> str:
        return goal.get_grain_display()

    @admin.display(description=gettext_lazy("from start to due date"))
    def days(self, goal: Goal) -> str:
        return presentation.days(goal.start, goal.due)

    @admin.display(description=gettext_lazy("status"), ordering="status", empty_value="–")
    def status_words(self, goal: Goal) -> str:
        return lines.line(goal).status_name

    @admin.display(description=gettext_lazy("why"))
    def reason_words(self, goal: Goal) -> str:
        return lines.reason(goal)

    @admin.display(description=gettext_lazy("progress"), ordering="progress", empty_value="–")
    def progress_words(self, goal: Goal) -> str | None:
        return lines.line(goal).progress

    @admin.display(description=gettext_lazy("target"))
    def target_words(self, goal: Goal) -> str:
        return lines.amount(goal, goal.target)

    @admin.display(description=gettext_lazy("last measured"))
    def value_words(self, goal: Goal) -> SafeString:
        return _with_note(lines.amount(goal, goal.value), lines.value_note(goal))

    @admin.display(description=gettext_lazy("baseline"))
    def baseline_words(self, goal: Goal) -> SafeString | str:
        if goal.baseline is None:
            return lines.no_baseline(goal)
        return _with_note(lines.amount(goal, goal.baseline), lines.baseline_note(goal))

    # --- What is done to several at once

    @admin.action(description=gettext_lazy("Measure the baseline again"), permissions=["change"])
    def measure_again(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> None:
        for goal in queryset:
            try:
                changes.measure_again(goal)
            except NotPossibleError as error:
                messages.warning(request, f"{goal}: {error}")
            else:
                _tell_baseline(request, goal, prefix=f"{goal}: ")
                nudge(evaluate_goal, goal.pk)

    @admin.action(description=gettext_lazy("Close with the judged result"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: "QuerySet[Goal]") -> None:
        for goal in queryset:
            try:
                made = close_out.close_as_judged(goal.pk, by=_person(request))
            except NotPossibleError as error:
                messages.warning(request, f"{goal}: {error}")
            else:
                words = {"goal": goal, "result": made.get_outcome_display()}
                messages.success(request, _("%(goal)s: closed as %(result)s.") % words)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _to_its_page(request: HttpRequest, goal: Goal) -> HttpResponse | None:
    """Who has set an active goal and is done sees it; None for another button, and for whoever may not look."""
    is_done = not any(name in request.POST for name in _OTHER_BUTTONS)
    if goal.state != State.ACTIVE or not is_done or not request.user.has_perm("goals.view_goal"):
        return None
    messages.success(request, _("The goal “%(goal)s” is saved.") % {"goal": goal})
    return redirect("goals:goal", goal.pk)


def _has_rows(model: type[StatusChange] | type[TargetChange], goal: Goal) -> bool:
    return model.objects.filter(goal=goal).exists()


def _with_note(text: str, note: str) -> SafeString:
    return format_html("{} ({})", text, note) if note else format_html("{}", text)


def _tell_baseline(request: HttpRequest, goal: Goal, *, prefix: str = "") -> None:
    if goal.baseline is None:
        messages.warning(request, prefix + lines.no_baseline(goal))
        return
    words = {"baseline": lines.amount(goal, goal.baseline), "note": lines.baseline_note(goal)}
    messages.info(request, prefix + _("Baseline: %(baseline)s (%(note)s).") % words)
    if short := lines.short_baseline(goal):
        messages.warning(request, prefix + short)
