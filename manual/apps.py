from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManualConfig(AppConfig):
    name = "manual"
    verbose_name = _("Manual")

    def ready(self) -> None:
        from goals.alarms import guidance  # noqa: PLC0415 - models can be imported only now
        from manual.guidance import chapters  # noqa: PLC0415 - as above

        guidance.offer(chapters)
