from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """A customer was erased on request. Nothing here says who it was.

    Where surveys must not write to them ever again, `digest` recognises the address: a keyed hash of it, whose key
    (`salt`) all rows share. It is kept here and not derived from the secret key, because backups travel without that.
    """

    at = models.DateTimeField(_("erased at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("erased by"), related_name="+"
    )
    counts = models.JSONField(_("what was erased"), default=dict)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    salt = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("erased person")
        verbose_name_plural = _("erased people")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
