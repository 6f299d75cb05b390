"""The addresses of figures and of the data behind them."""

from django.urls import URLPattern, path

from metrics.views import kpis

app_name = "metrics"
urlpatterns: list[URLPattern] = [
    path("kpis/", kpis.kpi_list, name="kpi_list"),
    path("kpis/<slug:code>/", kpis.kpi, name="kpi"),
    path("kpis/<slug:code>/rows/", kpis.kpi_rows, name="kpi_rows"),
    path("kpis/<slug:code>/figures.csv", kpis.kpi_csv, name="kpi_csv"),
]
