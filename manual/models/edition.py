from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token


def pdf_path(edition: models.Model, name: str) -> str:
    """A name that cannot be guessed; readers never see it."""
    return f"manual/{new_token()}.pdf"


class Edition(models.Model):
    """The manual as it was published: numbered, hashed, never changed.

    `content` is a document of kpiproject.documents.tree, `figures` every figure and rule in it by name, with its words,
    for comparing editions. `digest` is the SHA-256 of both.
    """

    number = models.PositiveIntegerField(_("edition"), unique=True)
    note = models.TextField(_("what has changed"), blank=True)
    content = models.JSONField()
    figures = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    as_of = models.DateTimeField(_("figures as of"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("published by"), null=True, related_name="+"
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True, help_text=_("Empty: at once."))
    pdf = models.FileField(upload_to=pdf_path, blank=True)
    pdf_error = models.CharField(max_length=400, blank=True)
    pdf_attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)

    FILLED_IN_LATER: Final = frozenset({"pdf", "pdf_error", "pdf_attempts", "lease_until", "lease_token"})

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return _("Edition %(number)s") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A published edition may be given its PDF, and nothing else."""
        if self.pk and not self.FILLED_IN_LATER.issuperset(kwargs.get("update_fields") or ["everything"]):
            msg = f"Edition {self.number} has been published and cannot be changed."
            raise ValueError(msg)
        super().save(*args, **kwargs)


class EditionSection(models.Model):
    """What became of one section in an edition, and whether people must read it anew.

    `digest` is of what people decided and wrote in it: title, text, note and rules. Measured values and its place
    are left out, so that the same digest in two editions means the same duties.
    """

    class Change(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("unchanged")

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="sections")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    change = models.CharField(max_length=7, choices=Change)
    is_material = models.BooleanField(help_text=_("Who has confirmed the section before confirms it anew."))

    class Meta:
        verbose_name = _("section of an edition")
        verbose_name_plural = _("sections of editions")
        ordering: ClassVar = ["edition", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "slug"], name="edition_section_once"),
            models.CheckConstraint(
                condition=models.Q(is_material=False) | ~models.Q(change="same"), name="edition_section_material"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As with the edition, what was published stays."""
        if self.pk:
            msg = f"Section {self.slug} has been published and cannot be changed."
            raise ValueError(msg)
        super().save(*args, **kwargs)
