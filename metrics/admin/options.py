"""How KPIs count that leave it to the organisation, in the administration."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from kpiproject.admin_base import RecordedAdmin
from kpiproject.queue import nudge
from metrics.models import KpiOptions
from metrics.tasks import recompute_everything


@admin.register(KpiOptions)
class KpiOptionsAdmin(RecordedAdmin):
    """There is one row, which is there as soon as somebody looks for it."""

    help_texts: ClassVar = {
        "activity": gettext_lazy("By what the retention and churn of customers are counted."),
        "recognition": gettext_lazy("On which of the two days churn counts it."),
        "winback_months": gettext_lazy("Who comes back later than that counts as a new customer."),
        "renewal_grace_days": gettext_lazy("A renewal that comes so late still counts as one."),
        "adoption_days": gettext_lazy("After signing up; who uses it later did not adopt it in time."),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[KpiOptions]:
        KpiOptions.objects.get_or_create(pk=1)
        return super().get_queryset(request)

    def save_model(self, request: HttpRequest, obj: KpiOptions, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        nudge(recompute_everything)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: KpiOptions | None = None) -> bool:
        return False
