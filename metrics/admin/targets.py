"""Service targets in the administration."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.admin_base import SwitchedAdmin
from metrics import presentation, targets
from metrics.admin import moved, presets
from metrics.models import EarlierTarget, ServiceTarget
from metrics.target_forms import ALL, DIMENSIONS, ServiceTargetForm, unknown
from metrics.target_words import applies_to, promise, since


class EarlierTargetInline(admin.TabularInline):
    """What was promised before is only read."""

    template = "admin/goals/changes.html"
    model = EarlierTarget
    extra = 0
    can_delete = False
    fields = ["version", "valid_from", "valid_until", "who", "within"]
    readonly_fields = ["version", "valid_from", "valid_until", "who", "within"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("for"))
    def who(self, earlier: EarlierTarget) -> str:
        return applies_to(earlier)

    @admin.display(description=gettext_lazy("within"))
    def within(self, earlier: EarlierTarget) -> str:
        return promise(earlier) if earlier.is_active else _("switched off")


@admin.register(ServiceTarget)
class ServiceTargetAdmin(SwitchedAdmin):
    """A change makes a new version; the worker computes the figures it touches again at once."""

    form = ServiceTargetForm
    change_list_template = "admin/metrics/targets.html"
    list_display = ["name", "metric", "position", "who", "within", "warn_minutes", "in_force", "is_active"]
    list_filter = ["metric", "is_active", "clock"]
    search_fields = ["name", *DIMENSIONS, "company", "customer"]
    help_texts: ClassVar = {
        "name": gettext_lazy("As the manual and tickets call it, for example: e-mail, four hours."),
        "metric": gettext_lazy("What is promised: the first answer, the next one, or the solution."),
        "count": gettext_lazy("Whether the time is counted in hours and minutes, or in whole days."),
        "clock": gettext_lazy("Whether it runs while you are closed."),
        "pausing": gettext_lazy("In which statuses nobody waits for you."),
        "is_active": gettext_lazy("Switched off, it counts for no ticket from now on."),
        "counts_for": gettext_lazy("What was promised before stays in its history, beneath."),
    }

    def get_inlines(self, request: HttpRequest, obj: ServiceTarget | None = None) -> Any:
        return [EarlierTargetInline] if obj and obj.earlier.exists() else []

    def get_fieldsets(self, request: HttpRequest, obj: ServiceTarget | None = None) -> Any:
        return [
            (None, {"fields": ["name", "metric", "position", "is_active"]}),
            (_("For which tickets"), {"fields": list(DIMENSIONS)}),
            (
                _("For which customers"),
                {
                    "fields": ["company", "customer", "least_mrr", "from_day", "until_day"],
                    "description": _("All of it has to be true. Leave empty what does not matter."),
                },
            ),
            (_("Within which time"), {"fields": ["seconds", "count", "clock", "warn_minutes"]}),
            (_("What stops the clock"), {"fields": ["pausing", "pause_statuses"]}),
            (_("From when on"), {"fields": ["counts_for"]}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return super().get_form(request, obj, change=change, **kwargs | {"fields": ServiceTargetForm.Meta.fields})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(presets.PresetView.as_view(admin_site=self.admin_site))
        return [path("presets/", view, name="metrics_servicetarget_presets"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: ServiceTarget, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        targets.change(obj, at=None if form.cleaned_data["counts_for"] == ALL else timezone.now())
        for dimension, value in unknown(obj):
            words = {"dimension": presentation.dimension(dimension), "value": value}
            warning = _("No ticket has the %(dimension)s “%(value)s” so far; this target counts for none of them yet.")
            messages.warning(request, warning % words)
        moved.tell(request)

    def set_active(self, request: HttpRequest, row: ServiceTarget, *, is_active: bool) -> str:
        row.is_active = is_active
        targets.change(row, at=timezone.now())
        return ""

    def switch(self, request: HttpRequest, queryset: "QuerySet[ServiceTarget]", *, is_active: bool) -> None:
        super().switch(request, queryset, is_active=is_active)
        moved.tell(request)

    @admin.display(description=gettext_lazy("for"))
    def who(self, target: ServiceTarget) -> str:
        return applies_to(target)

    @admin.display(description=gettext_lazy("within"), ordering="seconds")
    def within(self, target: ServiceTarget) -> str:
        return promise(target)

    @admin.display(description=gettext_lazy("in force"))
    def in_force(self, target: ServiceTarget) -> str:
        return since(target)

    def delete_model(self, request: HttpRequest, obj: ServiceTarget) -> None:
        self._delete(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[ServiceTarget]") -> None:
        self._delete(request, list(queryset))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        if ServiceTarget.objects.filter(pk=obj_id).exists():
            return redirect("admin:metrics_servicetarget_changelist")  # it was said why it is still there
        return super().response_delete(request, obj_display, obj_id)

    def _delete(self, request: HttpRequest, found: list[ServiceTarget]) -> None:
        for target in found:
            if not targets.delete(target, at=timezone.now()):
                sentence = _("“%(name)s” has judged tickets that are closed, so it is kept for those and switched off.")
                messages.warning(request, sentence % {"name": target.name})
        moved.tell(request)
