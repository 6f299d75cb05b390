"""The addresses of figures and of the data behind them."""

from django.urls import URLPattern, path

from metrics.views import imports, kpis

app_name = "metrics"
urlpatterns: list[URLPattern] = [
    path("kpis/", kpis.kpi_list, name="kpi_list"),
    path("kpis/<slug:code>/", kpis.kpi, name="kpi"),
    path("kpis/<slug:code>/rows/", kpis.kpi_rows, name="kpi_rows"),
    path("kpis/<slug:code>/figures.csv", kpis.kpi_csv, name="kpi_csv"),
    path("data/", imports.data, name="data"),
    path("data/imports/new/", imports.import_new, name="import_new"),
    path("data/imports/sample-<slug:kind>.csv", imports.import_sample, name="import_sample"),
    path("data/imports/<int:pk>/", imports.import_run, name="import"),
    path("data/imports/<int:pk>/check/", imports.import_check, name="import_check"),
    path("data/imports/<int:pk>/start/", imports.import_start, name="import_start"),
    path("data/imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("data/imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("data/imports/<int:pk>/rejected.csv", imports.import_rejected, name="import_rejected"),
]
