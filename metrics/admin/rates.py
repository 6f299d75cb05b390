"""What other currencies are worth, in the administration."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from kpiproject.admin_base import RecordedAdmin
from kpiproject.queue import nudge
from metrics import rates
from metrics.models import ExchangeRate
from metrics.rate_forms import ExchangeRateForm
from metrics.tasks import sweep_dirty


@admin.register(ExchangeRate)
class ExchangeRateAdmin(RecordedAdmin):
    """With every change all that is in that currency is computed again."""

    form = ExchangeRateForm
    list_display = ["currency", "valid_from", "rate"]
    list_filter = ["currency"]
    search_fields = ["currency"]
    help_texts: ClassVar = {
        "valid_from": gettext_lazy("It counts from this day on, until there is a newer one."),
    }
    date_hierarchy = "valid_from"

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        currencies = {obj.currency, form.initial.get("currency") or obj.currency}
        self._reckon(currencies)

    def delete_model(self, request: HttpRequest, obj: ExchangeRate) -> None:
        super().delete_model(request, obj)
        self._reckon({obj.currency})

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[ExchangeRate]") -> None:
        currencies = set(queryset.values_list("currency", flat=True))
        super().delete_queryset(request, queryset)
        self._reckon(currencies)

    def _reckon(self, currencies: set[str]) -> None:
        rates.changed(currencies)
        nudge(sweep_dirty)
