from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    name = "metrics"
    verbose_name = _("Metrics")

    def ready(self) -> None:
        from metrics import definitions  # noqa: PLC0415 - models are only there from here on

        for begins in (request_started, task_prerun):
            begins.connect(definitions.begin_turn, dispatch_uid="metrics.definitions.begin")
        for ends in (request_finished, task_postrun):
            ends.connect(definitions.end_turn, dispatch_uid="metrics.definitions.end")
