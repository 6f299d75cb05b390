"""The addresses of figures and of the data behind them."""

from django.urls import URLPattern, path

from metrics.views import due, imports, kpi_analysis, kpi_list, kpi_rows, kpis, quality, sending

app_name = "metrics"
urlpatterns: list[URLPattern] = [
    path("kpis/", kpi_list.kpi_list, name="kpi_list"),
    path("kpis/<slug:code>/", kpis.kpi, name="kpi"),
    path("kpis/<slug:code>/why/", kpis.kpi_why, name="kpi_why"),
    path("kpis/<slug:code>/analysis/", kpi_analysis.kpi_analysis, name="kpi_analysis"),
    path("kpis/<slug:code>/rows/", kpi_rows.kpi_rows, name="kpi_rows"),
    path("kpis/<slug:code>/rows.<slug:kind>", kpi_rows.kpi_rows_file, name="kpi_rows_file"),
    path("kpis/<slug:code>/figures.csv", kpis.kpi_csv, name="kpi_csv"),
    path("data/", imports.data, name="data"),
    path("data/due/", due.due, name="due"),
    path("data/quality/", quality.data_quality, name="quality"),
    path("data/reconciliation/", quality.reconciliation, name="reconciliation"),
    path("data/reconciliation/rows/", quality.reconciliation_rows, name="reconciliation_rows"),
    path("data/imports/new/", imports.import_new, name="import_new"),
    path("data/imports/sample-<slug:kind>.csv", imports.import_sample, name="import_sample"),
    path("data/imports/<int:pk>/", imports.import_run, name="import"),
    path("data/imports/<int:pk>/check/", imports.import_check, name="import_check"),
    path("data/imports/<int:pk>/start/", imports.import_start, name="import_start"),
    path("data/imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("data/imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("data/imports/<int:pk>/dismiss/", imports.import_dismiss, name="import_dismiss"),
    path("data/imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("data/imports/<int:pk>/rejected.csv", imports.import_rejected, name="import_rejected"),
    # Whom surveys ask by themselves: surveys do not know tickets and customers.
    path("surveys/<slug:slug>/sending/", sending.sending, name="sending"),
    path("surveys/<slug:slug>/sending/new/ticket/", sending.rule_new, {"trigger": "ticket"}, name="rule_new_ticket"),
    path(
        "surveys/<slug:slug>/sending/new/schedule/",
        sending.rule_new,
        {"trigger": "schedule"},
        name="rule_new_schedule",
    ),
    path("surveys/<slug:slug>/sending/<int:pk>/", sending.rule, name="rule"),
    path("surveys/<slug:slug>/sending/<int:pk>/edit/", sending.rule_edit, name="rule_edit"),
    path("surveys/<slug:slug>/sending/<int:pk>/switch/", sending.rule_switch, name="rule_switch"),
    path("surveys/<slug:slug>/sending/<int:pk>/delete/", sending.rule_delete, name="rule_delete"),
]
