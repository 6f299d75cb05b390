"""Who must read what, what they have confirmed, what they asked, and what they were reminded of."""

from typing import Any, ClassVar, Final, NoReturn

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, Team
from manual.models.edition import Edition

MOST_DAYS: Final = 365
MOST_CHOICES: Final = 5


class Audience(models.Model):
    """Who reads and confirms which sections. A team is whoever of its agents has an account.

    Sections are named by their short names and not by rows: one that is deleted stays known here.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    groups = models.ManyToManyField(Group, verbose_name=_("roles"), blank=True, related_name="+")
    teams = models.ManyToManyField(Team, verbose_name=_("teams"), blank=True, related_name="+")
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("single people"), blank=True, related_name="+"
    )
    has_all = models.BooleanField(_("reads every section"), default=True)
    slugs = models.JSONField(_("chosen sections"), default=list, blank=True)
    days = models.PositiveSmallIntegerField(
        _("days for reading"), default=14, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class AudienceReader(models.Model):
    """Since which day somebody belongs to an audience: nobody's time for reading begins before that."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateField()

    class Meta:
        verbose_name = _("reader of an audience")
        verbose_name_plural = _("readers of audiences")
        constraints: ClassVar = [models.UniqueConstraint(fields=["audience", "person"], name="audience_reader_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.audience}"


class AudienceDeadline(models.Model):
    """The day until which an audience confirms one edition, where it is not its usual number of days."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="deadlines")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    on = models.DateField(_("to be confirmed until"))

    class Meta:
        verbose_name = _("deadline of an audience")
        verbose_name_plural = _("deadlines of audiences")
        constraints: ClassVar = [models.UniqueConstraint(fields=["audience", "edition"], name="audience_deadline_once")]

    def __str__(self) -> str:
        return f"{self.audience}, {self.edition}: {self.on}"


class Acknowledgement(models.Model):
    """Somebody has read and understood one section of one edition. Evidence: it is never changed or deleted.

    It outlives a deactivated account. Where a person is erased, it stays without saying whose it was. `passed` are
    the questions of the check as they were then, each with the answer that was given; a later check changes nothing.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, related_name="acknowledgements"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("edition"), related_name="acknowledgements")
    edition_digest = models.CharField(max_length=64)
    slug = models.SlugField(max_length=60)
    title = models.CharField(_("section"), max_length=120)
    section_digest = models.CharField(max_length=64)
    has_passed = models.BooleanField(_("passed the check"), default=False)
    passed = models.JSONField(_("answers of the check"), default=list, blank=True)
    at = models.DateTimeField(_("confirmed"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "edition", "slug"], name="acknowledgement_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.edition}: {self.person}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            msg = f"Confirmation {self.pk} is evidence and cannot be changed."
            raise ValueError(msg)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        msg = f"Confirmation {self.pk} is evidence and cannot be deleted."
        raise ValueError(msg)


class ReadingQuestion(models.Model):
    """What somebody asked before confirming a section, and the answer of whoever looks after it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("asked by"), null=True, related_name="+"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("edition"), related_name="+")
    slug = models.SlugField(max_length=60)
    title = models.CharField(_("section"), max_length=120)
    text = models.TextField(_("question"), max_length=2000)
    at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("answered by"), null=True, related_name="+"
    )
    # Of the form that asked it, so that one that is sent twice asks once.
    form_key = models.CharField(max_length=22, unique=True, default=new_token, editable=False)

    class Meta:
        verbose_name = _("question about a section")
        verbose_name_plural = _("questions about sections")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "slug"], name="reading_question_open", condition=Q(answered_at__isnull=True))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="reading_question_answered"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class CheckQuestion(models.Model):
    """One of at most three questions that show whether a section was understood. Only right answers are kept, with the
    confirmation.

    `choices` are what one may choose, `right` is the place of the right one, counted from 1. `place` is the heading
    to read again.
    """

    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=300)
    choices = models.JSONField(_("choices"), default=list)
    right = models.PositiveSmallIntegerField(_("the right one"))
    place = models.CharField(_("where it is explained"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("question of a check")
        verbose_name_plural = _("questions of checks")
        ordering: ClassVar = ["slug", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "position"], name="check_question_place")]

    def __str__(self) -> str:
        return self.text


class ReadingReminder(models.Model):
    """Somebody was told at one moment that a person has not confirmed what waits since one edition. Never twice."""

    class Kind(models.TextChoices):
        THIRD_DAY = "third_day", _("three days after it began")
        SOON = "soon", _("three days before the deadline")
        DUE = "due", _("on the deadline")
        OVERDUE = "overdue", _("after the deadline, to managers")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder of reading")
        verbose_name_plural = _("reminders of reading")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "edition", "kind", "recipient"], name="reading_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.edition}, {self.kind} → {self.recipient}"
