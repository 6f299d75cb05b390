"""Figures of others, in the administration."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kpiproject.admin_base import RecordedAdmin
from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from metrics import benchmarks, definitions
from metrics.benchmark_forms import BenchmarkForm
from metrics.models import Benchmark


class AgeFilter(admin.SimpleListFilter):
    title = gettext_lazy("whether it is to be believed")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("current", gettext_lazy("still current")), ("old", gettext_lazy("out of date"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Benchmark]") -> "QuerySet[Benchmark]":
        stale = benchmarks.stale(local_day(timezone.now(), organisation().time_zone))
        wanted = {"current": ~stale, "old": stale}.get(self.value() or "", Q())
        return queryset.filter(wanted)


@admin.register(Benchmark)
class BenchmarkAdmin(RecordedAdmin):
    form = BenchmarkForm
    list_display = ["name", "range", "segment", "source", "as_of", "review_on"]
    list_filter = [AgeFilter]
    search_fields = ["kpi", "source", "segment"]
    help_texts: ClassVar = {
        "kpi": gettext_lazy("Which figure of yours it stands beside."),
        "link": gettext_lazy("So that others can read it there."),
        "as_of": gettext_lazy("When it was measured, not when it was written down here."),
        "note": gettext_lazy("What one must know to compare, for example who was asked."),
    }
    date_hierarchy = "as_of"

    @admin.display(description=gettext_lazy("KPI"), ordering="kpi")
    def name(self, benchmark: Benchmark) -> str:
        kpi = definitions.kpis().get(benchmark.kpi)
        return str(kpi.name) if kpi else benchmark.kpi

    @admin.display(description=gettext_lazy("value"), ordering="low")
    def range(self, benchmark: Benchmark) -> str:
        kpi = definitions.kpis().get(benchmark.kpi)
        return benchmarks.written(benchmark.low, benchmark.high, kpi) if kpi else f"{benchmark.low}"
