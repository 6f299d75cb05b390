"""Figures of others, in the administration."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from metrics import benchmarks, definitions
from metrics.benchmark_forms import BenchmarkForm
from metrics.models import Benchmark


@admin.register(Benchmark)
class BenchmarkAdmin(admin.ModelAdmin):
    form = BenchmarkForm
    list_display = ["name", "range", "segment", "source", "as_of", "review_on"]
    search_fields = ["kpi", "source", "segment"]
    date_hierarchy = "as_of"

    @admin.display(description=gettext_lazy("KPI"), ordering="kpi")
    def name(self, benchmark: Benchmark) -> str:
        kpi = definitions.kpis().get(benchmark.kpi)
        return str(kpi.name) if kpi else benchmark.kpi

    @admin.display(description=gettext_lazy("value"), ordering="low")
    def range(self, benchmark: Benchmark) -> str:
        kpi = definitions.kpis().get(benchmark.kpi)
        return benchmarks.written(benchmark.low, benchmark.high, kpi) if kpi else f"{benchmark.low}"
