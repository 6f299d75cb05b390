from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.validators import validate_time_zone
from surveys.addresses import company_key, person_key


class Contact(models.Model):
    """Somebody who can be asked; known by e-mail address, which is kept as it was given because mail goes there.

    Two addresses may be one person (capitals, tags as in ada+shop@example.org): `person_key` is the same for both.
    """

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=200, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    person_key = models.CharField(max_length=254, editable=False, db_index=True, default="")
    company_key = models.CharField(max_length=200, editable=False, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="contact_email_unique")]
        indexes: ClassVar = [models.Index(fields=["company_key"], name="contact_company_key")]

    def __str__(self) -> str:
        return self.email

    def save(self, **kwargs: Any) -> None:
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self) -> None:
        """Whoever writes contacts in bulk calls this first."""
        self.person_key, self.company_key = person_key(self.email), company_key(self.company)


class Suppression(models.Model):
    """An address that must not be written to by surveys."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("undeliverable")
        COMPLAINED = "complained", _("complained")
        MANUAL = "manual", _("by hand")

    email = models.EmailField(_("e-mail address"), max_length=254)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("do-not-contact entry")
        verbose_name_plural = _("do-not-contact list")
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="suppression_email_unique")]

    def __str__(self) -> str:
        return self.email
