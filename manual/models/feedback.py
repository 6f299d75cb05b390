from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from manual.models.edition import Edition


class Feedback(models.Model):
    """Whether somebody found a section clear. Readers of share links leave nothing that says who they are."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, related_name="+"
    )
    is_outside = models.BooleanField(_("by a reader without an account"), default=False)
    # Under which link they read; it names an audience, never the reader.
    share = models.ForeignKey(
        "manual.Share", models.SET_NULL, verbose_name=_("share link"), null=True, blank=True, related_name="feedback"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("edition"), related_name="+")
    slug = models.SlugField(max_length=60)
    title = models.CharField(_("section"), max_length=120)
    is_clear = models.BooleanField(_("clear"))
    why = models.TextField(_("what is not clear"), max_length=1000, blank=True)
    at = models.DateTimeField(_("said"), default=timezone.now)
    told_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reply = models.TextField(_("word back"), max_length=1000, blank=True)
    # Of the form that sent it, so that one that is sent twice counts once.
    form_key = models.CharField(max_length=22, unique=True, default=new_token, editable=False)

    class Meta:
        verbose_name = _("feedback on a section")
        verbose_name_plural = _("feedback on sections")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["slug", "-at"], name="feedback_of_section"),
            models.Index(fields=["at"], name="feedback_untold", condition=Q(told_at__isnull=True, is_clear=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "edition", "slug"], name="feedback_once"),
            models.CheckConstraint(condition=Q(is_clear=False) | Q(why=""), name="feedback_why_not_clear"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.why or self.is_clear}"
