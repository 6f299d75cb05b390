"""Service targets in the administration."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from kpiproject.queue import nudge
from metrics.models import ServiceTarget
from metrics.tasks import recompute_everything


@admin.register(ServiceTarget)
class ServiceTargetAdmin(admin.ModelAdmin):
    """Every change counts for all tickets, also past ones; the worker computes their figures again at once."""

    list_display = ["name", "metric", "position", "channel", "priority", "tier", "seconds", "clock", "is_active"]
    list_filter = ["metric", "is_active"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: ServiceTarget, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        nudge(recompute_everything)

    def delete_model(self, request: HttpRequest, obj: ServiceTarget) -> None:
        super().delete_model(request, obj)
        nudge(recompute_everything)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[ServiceTarget]") -> None:
        super().delete_queryset(request, queryset)
        nudge(recompute_everything)
