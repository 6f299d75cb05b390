from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manual.models.section import Section


class Writing(models.Model):
    """Who is writing a section, since when, and when they gave the last sign of it."""

    section = models.OneToOneField(Section, models.CASCADE, related_name="writing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("writing of a section")
        verbose_name_plural = _("writings of sections")
        ordering: ClassVar = ["since"]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.by_id}"
