from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        if settings.MAIL_PROVIDER:
            import_string("surveys.provider.listen")()
        from surveys import search  # noqa: PLC0415 (models are not there before)

        post_migrate.connect(search.keep_after_migrations, sender=self)
