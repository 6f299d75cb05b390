from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """A picture for the manual, decoded and written anew by us; it is never changed. Editions name it by its digest.

    It stays when the text that showed it is gone: a published edition may show it still.
    """

    class Kind(models.TextChoices):
        PNG = "png", "PNG"
        JPEG = "jpg", "JPEG"

    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the content."))
    kind = models.CharField(max_length=4, choices=Kind.choices)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content = models.BinaryField()
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """By which texts show it: image:NAME."""
        return self.digest[:16]
