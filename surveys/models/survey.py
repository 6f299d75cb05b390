from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from kpiproject.models import User
from surveys import scales
from surveys.languages import LANGUAGES
from surveys.scales import Scale


class Texts(models.Model):
    """The words of a survey in one language. What is left empty is said in the survey's own language, or in ours."""

    question = models.CharField(
        _("question"), max_length=300, help_text=_("“[Company]” is replaced by the organisation's name.")
    )
    low_label = models.CharField(_("label of the lowest score"), max_length=60, blank=True)
    high_label = models.CharField(_("label of the highest score"), max_length=60, blank=True)
    comment_label = models.CharField(_("label of the comment"), max_length=150, blank=True)
    thanks = models.CharField(_("words of thanks"), max_length=300, blank=True)
    thanks_link = models.CharField(_("words of the link beneath the thanks"), max_length=80, blank=True)
    privacy_note = models.TextField(_("privacy note"), max_length=1000, blank=True)
    mail_subject = models.CharField(_("subject of the mail"), max_length=150, blank=True)
    mail_intro = models.TextField(_("words above the question in the mail"), max_length=1000, blank=True)
    reminder_subject = models.CharField(_("subject of the reminder"), max_length=150, blank=True)
    reminder_intro = models.TextField(_("words above the question in the reminder"), max_length=1000, blank=True)

    class Meta:
        abstract = True


class Survey(Texts):
    """One question with its scale, further questions, and how it is asked."""

    class Kind(models.TextChoices):
        CSAT = "csat", _("Customer satisfaction (CSAT)")
        NPS = "nps", _("Net Promoter Score (NPS)")
        CES = "ces", _("Customer effort (CES)")
        ESAT = "esat", _("Employee satisfaction")
        ENPS = "enps", _("Employee Net Promoter Score (eNPS)")

    class Purpose(models.TextChoices):
        SERVICE = "service", _("after a contact with service")
        RELATIONSHIP = "relationship", _("the relationship as a whole")
        ONBOARDING = "onboarding", _("how the beginning went")
        EXIT = "exit", _("why somebody leaves")
        PRODUCT = "product", _("the product")
        RECOVERY = "recovery", _("whether a complaint was settled")
        EMPLOYEES = "employees", _("our own people")

    class Look(models.TextChoices):
        NUMBERS = "numbers", _("numbers")
        SMILEYS = "smileys", _("smileys")
        STARS = "stars", _("stars")
        THUMBS = "thumbs", _("thumbs")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    # Only these answers count in the KPI of their kind; the others have figures of their own.
    HEADLINE_PURPOSES: ClassVar = (Purpose.SERVICE, Purpose.RELATIONSHIP, Purpose.EMPLOYEES)

    slug = models.SlugField(_("short name"), unique=True, max_length=50, help_text=_("Part of the public address."))
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    purpose = models.CharField(
        _("about"),
        max_length=20,
        choices=Purpose.choices,
        default=Purpose.SERVICE,
        help_text=_("Answers about service and relationship count in the KPI of the kind; others only here."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    language = models.CharField(
        _("language"),
        max_length=10,
        default="en",
        choices=list(LANGUAGES.items()),
        help_text=_("Of the wording above; the mail and the page around it use the same."),
    )
    look = models.CharField(_("scores look like"), max_length=10, choices=Look.choices, default=Look.NUMBERS)
    scale_min = models.SmallIntegerField(_("lowest score"), default=1, editable=False)
    scale_max = models.SmallIntegerField(_("highest score"), default=5, editable=False)
    lower_is_better = models.BooleanField(
        _("low scores are good"), default=False, help_text=_("As for “How much effort did it take?”.")
    )
    middle_from = models.SmallIntegerField(_("the middle begins at"), null=True, blank=True)
    good_from = models.SmallIntegerField(
        _("good begins at"), null=True, blank=True, help_text=_("Empty: as the field has agreed on for this scale.")
    )
    thanks_url = models.URLField(_("address of the link beneath the thanks"), blank=True)
    expires_after_days = models.PositiveSmallIntegerField(
        _("an invitation expires after (days)"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    lock_after_days = models.PositiveSmallIntegerField(
        _("an answer can be changed for (days)"),
        default=7,
        validators=[MaxValueValidator(365)],
    )
    reminder_days = models.JSONField(
        _("reminders after (days)"),
        default=list,
        blank=True,
        help_text=_("None, one or two numbers of days after the invitation, such as [3, 7]."),
    )
    respects_quiet_time = models.BooleanField(
        _("leaves people alone who were asked lately"),
        default=True,
        help_text=_("Off only where somebody expects the question, as after a complaint was settled."),
    )
    reply_to = models.EmailField(
        _("replies go to"),
        blank=True,
        help_text=_("Where an answer to the mail itself goes. Empty: to the address the mail comes from."),
    )
    has_public_link = models.BooleanField(_("has a public link"), default=False)
    link_secret = models.CharField(max_length=22, default=new_token, editable=False)
    owner = models.ForeignKey(User, models.SET_NULL, verbose_name=_("owner"), null=True, blank=True, related_name="+")
    current_version = models.ForeignKey(
        "surveys.Version", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="survey_scale_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> Scale:
        return Scale(
            kind=self.kind,
            low=self.scale_min,
            high=self.scale_max,
            lower_is_better=self.lower_is_better,
            middle_from=self.middle_from,
            good_from=self.good_from,
        )

    @property
    def is_anonymous(self) -> bool:
        """Answers of employees are never linked to who gave them."""
        return scales.KINDS[self.kind].is_about_employees


class Translation(Texts):
    """The words of a survey in one more language."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10, choices=list(LANGUAGES.items()))
    question = models.CharField(_("question"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "language"], name="translation_once")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.language}"


class Question(models.Model):
    """A further question. It is taken back rather than deleted once people have been asked it."""

    class Kind(models.TextChoices):
        CHOICE = "choice", _("one of several")
        MULTIPLE = "multiple", _("any of several")
        SCALE = "scale", _("a scale")
        SHORT = "short", _("a line of text")
        LONG = "long", _("a longer text")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_retired = models.BooleanField(_("no longer asked"), default=False)
    scale_min = models.SmallIntegerField(_("lowest score"), default=1)
    scale_max = models.SmallIntegerField(_("highest score"), default=5)
    standings = models.JSONField(
        _("only asked of"), default=list, blank=True, help_text=_("Score groups: 1 good, 0 middle, -1 bad; [] all.")
    )
    after = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("only after"))
    after_options = models.JSONField(_("if one of these was chosen"), default=list, blank=True)
    options = models.JSONField(_("keys of the options"), default=list, blank=True)
    prompts = models.JSONField(
        _("words by language"),
        default=dict,
        help_text=_('{"en": {"prompt": "…", "low_label": "", "high_label": "", "options": {"key": "…"}}}'),
    )

    class Meta:
        verbose_name = _("further question")
        verbose_name_plural = _("further questions")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.survey_id} q{self.pk}"


class Version(models.Model):
    """What a survey asked from one moment on; never changed, so that every answer can be read with its question."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(help_text=_("As surveys.content writes it."))
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("version of a survey")
        verbose_name_plural = _("versions of surveys")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"
