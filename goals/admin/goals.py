"""Goals and business objectives in the administration."""

from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from goals import (
    baseline_words,
    cards,
    guardrail_words,
    lines,
    milestone_changes,
    milestone_words,
    offers,
    target_words,
    written,
)
from goals.admin.goal_lists import GoalList, NeedFilter, tell_baseline
from goals.forms import PRESET, GoalForm
from goals.judgement import ENDS
from goals.models import Goal, Objective, StatusChange, TargetChange
from goals.smart import Sheet
from goals.tasks import evaluate_goal
from kpiproject.admin_base import SwitchedAdmin
from kpiproject.models import User
from kpiproject.queue import nudge
from metrics import presentation
from metrics.queries import find

State = Goal.State
AMOUNTS: Final = ("target", "target_high", "guardrail_limit")
_RHYTHM: Final = ["check_in_cadence", "review_cadence", "smart_note"]
_OTHER_BUTTONS: Final = ("_continue", "_addanother", "_saveasnew", "_popup")


@admin.register(Objective)
class ObjectiveAdmin(SwitchedAdmin):
    list_display = ["name", "running", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "description"]
    help_texts: ClassVar = {
        "name": gettext_lazy("In the words of the business, for example: customers stay and come back."),
        "description": gettext_lazy("Why the business wants it, and how it would notice. The manual prints it."),
        "is_active": gettext_lazy("Switch it off when no new goal should serve it; the goals it has keep it."),
    }

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Objective]":
        counted = Count("goals", filter=Q(goals__state=State.ACTIVE))
        found: QuerySet[Objective] = super().get_queryset(request).annotate(running_goals=counted)
        return found

    @admin.display(description=gettext_lazy("active goals"), ordering="running_goals")
    def running(self, objective: Objective) -> int:
        return int(getattr(objective, "running_goals", 0))


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
        return " → ".join(target_words.both(change.goal, change))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[TargetChange]":
        return super().get_queryset(request).select_related("goal", "by")


class StatusChangeInline(ChangeInline):
    model = StatusChange
    fields = ["on", "way", "measured"]
    readonly_fields = ["on", "way", "measured"]

    @admin.display(description=gettext_lazy("status"))
    def way(self, change: StatusChange) -> str:
        before = f"{change.get_before_display()} → " if change.before else ""
        return f"{before}{lines.status_name(change.after, change.reason)}"

    @admin.display(description=gettext_lazy("measured"))
    def measured(self, change: StatusChange) -> str:
        return lines.amount(change.goal, change.value)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StatusChange]":
        return super().get_queryset(request).select_related("goal")


@admin.register(Goal)
class GoalAdmin(GoalList):
    """A draft may still be anything. An active goal keeps what it is judged by; its target moves with a reason only."""

    form = GoalForm
    change_form_template = "admin/goals/change_form.html"
    list_display = ["statement", "status_words", "progress_words", "target_words", "due", "figure", "owner", "state"]
    list_filter = [
        NeedFilter,
        "state",
        "status",
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("objective", admin.RelatedOnlyFieldListFilter),
        ("reviewer", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["objective", "owner", "reviewer"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["statement", "objective__name", "owner__name", "owner__email"]
    date_hierarchy = "due"
    help_texts: ClassVar = {
        "objective": gettext_lazy("What of the business it serves; a goal that serves nothing is dropped first."),
        "owner": gettext_lazy("One person, who checks in and is asked how it goes."),
        "start": gettext_lazy("The baseline ends the day before; from this day on it is judged."),
    }
    readonly_fields = [
        "figure", "grain_words", "days", "status_words", "reason_words", "value_words", "baseline_words",
        "target_words", "guardrail_words", "milestone_words",
    ]  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Goal | None = None) -> Any:
        is_draft = obj is None or obj.state == State.DRAFT
        people = (None, {"fields": ["statement", "objective", "owner", "reviewer", "state"]})
        if obj is not None and obj.state not in (State.DRAFT, State.ACTIVE):
            found = [people, (_("What is measured"), {"fields": _figure(obj)})]
            found.append((_("Target"), {"fields": ["target_words", "days", "guardrail_words"]}))
        else:
            measured = ["kpi", "only_for", "grain"] if is_draft else _figure(obj)
            wanted = ["target", "target_high", "start", "due"] if is_draft else _moved(obj)
            found = [people, (_("What is measured"), {"fields": measured}), (_("Target"), {"fields": wanted})]
            found += [(_("Balance"), {"fields": _balance(obj)}), (_("Rhythm"), {"fields": _RHYTHM})]
        if obj is not None:
            found.insert(1, (_("Judgement"), {"fields": ["status_words", "reason_words", "value_words"]}))
        if obj is not None and obj.has_kpi:
            found.append((_("Baseline, measured by Plumbline"), {"fields": ["baseline_words"]}))
        if obj is not None and not obj.has_kpi and not self._writes_milestones(request, obj):
            found.append((_("Milestones"), {"fields": ["milestone_words"]}))
        return found

    def _writes_milestones(self, request: HttpRequest, obj: Goal) -> bool:
        return obj.state in (State.DRAFT, State.ACTIVE) and self.has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Goal | None = None) -> Any:
        if obj is None or obj.state == State.DRAFT:
            return []
        return [inline for inline in (TargetChangeInline, StatusChangeInline) if _has_rows(inline.model, obj)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def told(self, form: Any, name: str, value: Any) -> str:
        """Amounts in the unit of their KPI, before and after."""
        kpi = find(form.instance.guardrail if name == "guardrail_limit" else form.instance.kpi)
        if name in AMOUNTS and isinstance(value, float) and kpi is not None:
            return written.write(value, kpi)
        return super().told(form, name, value)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        goal = form.instance
        if "smart_note" in form.fields and goal.status not in ENDS:
            is_written = form.is_bound or goal.pk is not None
            context |= {"sheet": form.sheet() if is_written else None, "checks_url": _checks_url(goal)}
        if form.rows and (kwargs.get("add") or self.has_change_permission(request, goal)):
            context["milestones"] = [(row, form[row.name], form[row.due]) for row in form.rows]
            context["milestones_why"] = form["why"] if "why" in form.fields else None
        if "kpi" in form.fields:
            context |= {"offers": offers.offers(), "preset_name": PRESET, "chosen": form["kpi"].value()}
            context["filled"] = form.filled
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice stands at most the way to add another one."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in ("objective", "owner", "reviewer"):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Goal | None = None) -> bool:
        """What was once active is closed or cancelled, and stays to be read."""
        is_draft = obj is None or obj.state == State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Goal, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        why, seen = form.cleaned_data.get("why", ""), form.initial.get("state", "")
        milestone_changes.save(obj, form.written, by=_person(request), now=timezone.now(), why=why, seen=seen)
        if form.measured is not None:
            tell_baseline(request, obj)
        if obj.state == State.ACTIVE:
            nudge(evaluate_goal, obj.pk)
        elif form.is_open and obj.state == State.DRAFT:
            _tell_checks(request, obj, form.sheet())

    def response_add(self, request: HttpRequest, obj: Goal, post_url_continue: str | None = None) -> HttpResponse:
        return _to_its_page(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Goal) -> HttpResponse:
        return _to_its_page(request, obj) or super().response_change(request, obj)

    # --- The checks while somebody writes

    def get_urls(self) -> Any:
        own = path("checks/", self.admin_site.admin_view(self.checks), name="goals_goal_checks")
        return [own, *super().get_urls()]

    @method_decorator(require_POST)
    def checks(self, request: HttpRequest) -> HttpResponse:
        """The checks of what the form holds; nothing is saved."""
        goal = self.get_object(request, request.GET["goal"]) if "goal" in request.GET else None
        if goal is None and "goal" in request.GET:
            raise Http404
        is_allowed = self.has_change_permission(request, goal) if goal else self.has_add_permission(request)
        if not is_allowed:
            raise PermissionDenied
        form: Any = self.get_form(request, goal, change=goal is not None)(request.POST, instance=goal)
        form.is_trial = True
        form.is_valid()
        return render(request, "admin/goals/_checks.html", {"sheet": form.sheet()})

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
        return cards.progress(lines.line(goal)) or None

    @admin.display(description=gettext_lazy("target"))
    def target_words(self, goal: Goal) -> str:
        return lines.target(goal)

    @admin.display(description=gettext_lazy("last measured"))
    def value_words(self, goal: Goal) -> SafeString:
        if not goal.has_kpi:
            return _with_note(milestone_words.value(goal), "")
        return _with_note(lines.amount(goal, goal.value), lines.value_note(goal))

    @admin.display(description=gettext_lazy("baseline"))
    def baseline_words(self, goal: Goal) -> SafeString | str:
        if goal.baseline is None:
            return baseline_words.no_baseline(goal)
        return _with_note(lines.amount(goal, goal.baseline), lines.baseline_note(goal))

    @admin.display(description=gettext_lazy("milestones"), empty_value="–")
    def milestone_words(self, goal: Goal) -> SafeString:
        return format_html_join("", "{}<br>", ((milestone_words.told(one),) for one in goal.milestones.all()))

    @admin.display(description=gettext_lazy("guardrail"), empty_value="–")
    def guardrail_words(self, goal: Goal) -> str | None:
        found = guardrail_words.guardrail(goal)
        return found.text if found else None


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _figure(goal: Goal | None) -> list[str]:
    """By weeks or months only a figure is judged."""
    return ["figure", "grain_words"] if goal is not None and goal.has_kpi else ["figure"]


def _moved(goal: Goal | None) -> list[str]:
    """An active goal's target moves with a reason; a range stays one."""
    is_range = goal is not None and goal.target_high is not None
    if goal is not None and not goal.has_kpi:
        return ["days"]  # the reason stands with the milestones
    return ["target", "target_high", "why", "days"] if is_range else ["target", "why", "days"]


def _balance(goal: Goal | None) -> list[str]:
    """The guardrail of an active goal stays what it is."""
    is_kept = goal is not None and goal.state == State.ACTIVE and bool(goal.guardrail)
    return [*(["guardrail_words"] if is_kept else ["guardrail", "guardrail_limit"]), "has_incentive"]


def _checks_url(goal: Goal) -> str:
    address = reverse("admin:goals_goal_checks")
    return f"{address}?goal={goal.pk}" if goal.pk else address


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


def _tell_checks(request: HttpRequest, goal: Goal, sheet: Sheet) -> None:
    """What still stands in the way of a draft, for whoever sees the list next and not the goal."""
    if not sheet.blocks:
        return
    text = ngettext(
        "%(count)s check still keeps this draft from being made active.",
        "%(count)s checks still keep this draft from being made active.",
        len(sheet.blocks),
    )
    address = reverse("admin:goals_goal_change", args=[goal.pk]) + "#smart-checks"
    words = {"count": len(sheet.blocks)}
    messages.warning(request, format_html('{} <a href="{}">{}</a>', text % words, address, _("Read which")))
