"""Service targets in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.queue import nudge
from metrics import presentation
from metrics.models import ServiceTarget
from metrics.target_forms import ServiceTargetForm, unknown, written
from metrics.tasks import recompute_everything


@admin.register(ServiceTarget)
class ServiceTargetAdmin(admin.ModelAdmin):
    """Every change counts for all tickets, also past ones; the worker computes their figures again at once."""

    form = ServiceTargetForm
    list_display = ["name", "metric", "position", "channel", "priority", "tier", "within", "clock", "is_active"]
    list_filter = ["metric", "is_active"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: ServiceTarget, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        for dimension, value in unknown(obj):
            words = {"dimension": presentation.dimension(dimension), "value": value}
            warning = _("No ticket has the %(dimension)s “%(value)s” so far; this target counts for none of them yet.")
            messages.warning(request, warning % words)
        nudge(recompute_everything)

    @admin.display(description=gettext_lazy("within"), ordering="seconds")
    def within(self, target: ServiceTarget) -> str:
        return written(target.seconds)

    def delete_model(self, request: HttpRequest, obj: ServiceTarget) -> None:
        super().delete_model(request, obj)
        nudge(recompute_everything)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[ServiceTarget]") -> None:
        super().delete_queryset(request, queryset)
        nudge(recompute_everything)
