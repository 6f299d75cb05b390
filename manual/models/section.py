from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail


class Section(models.Model):
    """A chapter: prose that a manager writes, and what is generated beneath it (manual.chapters, by `chapter`).

    `version` counts the saves, so that nobody overwrites what somebody else has written in the meantime.
    """

    slug = models.SlugField(_("short name"), max_length=60, unique=True, help_text=_("Part of the address."))
    chapter = models.CharField(max_length=40, blank=True, help_text=_("What is generated; empty for prose only."))
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    note = models.TextField(_("note"), blank=True, help_text=_("Markdown, beneath what is generated."))
    is_shown = models.BooleanField(_("part of the manual"), default=True)
    is_inside = models.BooleanField(
        _("for the house only"),
        default=False,
        help_text=_("People outside read it only where it is chosen for their link by name."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        related_name="manual_sections",
        help_text=_("Is asked when the section is due for a review, and gets the questions about it."),
    )
    review_months = models.PositiveSmallIntegerField(
        _("review every … months"), null=True, blank=True, default=6, help_text=_("Empty: never.")
    )
    reviewed_at = models.DateTimeField(_("last reviewed"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("last reviewed by"),
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("changed by"), null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class SectionVersion(models.Model):
    """What a section said after one save."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("version of a section")
        verbose_name_plural = _("versions of sections")
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "version"], name="section_version_identity")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class SectionReview(models.Model):
    """Somebody has read a section and said that it is still right."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="reviews")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("reviewed"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("reviewed by"), null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("review of a section")
        verbose_name_plural = _("reviews of sections")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"


class SectionReminder(models.Model):
    """Whom a week's mail has told which of their sections are due; `week` is its Monday."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    week = models.DateField()
    count = models.PositiveSmallIntegerField()
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder of sections")
        verbose_name_plural = _("reminders of sections")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "week"], name="section_reminder_once_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.week}"
