from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from manual.models.edition import Edition, pdf_path


class Share(models.Model):
    """An address under which somebody without an account reads an edition until a date.

    `sections` are the short names of those that may be read, none for all. `passphrase` is hashed. With
    `follows_editions`, the edition in force is shown instead of `edition`, and readers may ask to be told of new ones.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("edition"), related_name="shares")
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    # Of the form that made it, so that one that is sent twice makes one link.
    form_key = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    name = models.CharField(_("for whom"), max_length=150)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    sections = models.JSONField(_("sections"), default=list, blank=True)
    follows_editions = models.BooleanField(_("shows new editions"), default=False)
    passphrase = models.CharField(max_length=256, blank=True, editable=False)
    wrong_passphrases = models.PositiveIntegerField(default=0, editable=False)
    wrong_since = models.DateTimeField(null=True, blank=True, editable=False)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    views = models.PositiveIntegerField(_("opened"), default=0, editable=False)
    last_seen_at = models.DateTimeField(_("last opened"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.edition}"


class FormerToken(models.Model):
    """An address that a share link had before it got another one; whoever opens it is told that it is withdrawn."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="former_tokens")
    token = models.CharField(max_length=22, unique=True)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.share_id}, {self.replaced_at:%Y-%m-%d}"


class ExtractPrint(models.Model):
    """The PDF of what people outside read of an edition; all links with the same choice of sections have the same one.

    `key` stands for the edition, the sections, and the rules by which figures and names are left out.
    """

    key = models.CharField(max_length=64, unique=True)
    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="extract_prints")
    sections = models.JSONField(_("sections"), default=list, blank=True)
    pdf = models.FileField(upload_to=pdf_path, blank=True)
    pdf_error = models.CharField(max_length=400, blank=True)
    pdf_attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("PDF for readers outside")
        verbose_name_plural = _("PDFs for readers outside")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.edition}, {', '.join(self.sections) or '*'}"


class Follower(models.Model):
    """Somebody outside who wants to be told of new editions under a share link, once they have confirmed it.

    `told` is the newest edition of which they know.
    """

    share = models.ForeignKey(Share, models.CASCADE, related_name="followers")
    email = models.EmailField(_("e-mail address"), max_length=254)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    told = models.ForeignKey(Edition, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["share", "email"], name="follower_once")]

    def __str__(self) -> str:
        return self.email
