from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ManualConfig(AppConfig):
    name = "manual"
    verbose_name = _("Manual")

    def ready(self) -> None:
        from goals.alarms import guidance  # noqa: PLC0415 - models can be imported only now
        from manual import indexing  # noqa: PLC0415 - as above
        from manual.guidance import chapters  # noqa: PLC0415 - as above

        post_migrate.connect(indexing.keep_after_migrations, sender=self)
        guidance.offer(chapters)
