from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manual.approval_states import State, Step
from manual.models.edition import Edition

# In the order of manual.approval_states, with the words that people read.
STATES = [
    (State.DRAFT, _("draft")),
    (State.IN_REVIEW, _("in review")),
    (State.CHANGES_ASKED, _("changes asked")),
    (State.APPROVED, _("approved")),
    (State.PUBLISHED, _("published")),
    (State.SUPERSEDED, _("superseded")),
]
STEPS = [
    (Step.SUBMIT, _("asked for a review")),
    (Step.WITHDRAW, _("took it back")),
    (Step.ASK, _("asked for changes")),
    (Step.APPROVE, _("approved it")),
    (Step.EDIT, _("changed the text")),
    (Step.PUBLISH, _("published it")),
    (Step.SUPERSEDE, _("was replaced by a newer edition")),
]


class Approval(models.Model):
    """One way of the draft towards an edition; the highest number is the present one (manual.rounds).

    `fingerprint` is of the text as it was submitted, so that what is published is what somebody has read.
    """

    number = models.PositiveIntegerField(_("round"), unique=True)
    state = models.CharField(_("state"), max_length=13, choices=STATES, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("submitted by"), null=True, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("reviewer"), null=True, blank=True, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("approved by"), null=True, related_name="+"
    )
    is_sole = models.BooleanField(_("approved by its author, the only manager"), default=False)
    fingerprint = models.CharField(max_length=64, blank=True)
    edition = models.OneToOneField(Edition, models.PROTECT, null=True, related_name="approval")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_state_display()}"


class ApprovalEvent(models.Model):
    """One step of an approval, kept for ever."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="events")
    step = models.CharField(max_length=9, choices=STEPS)
    state = models.CharField(max_length=13, choices=STATES, help_text=_("After the step."))
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of an approval")
        verbose_name_plural = _("steps of approvals")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.approval_id}: {self.get_step_display()}"


class ApprovalComment(models.Model):
    """What is to be changed in one section; an empty slug is for the manual as a whole."""

    event = models.ForeignKey(ApprovalEvent, models.CASCADE, related_name="comments")
    slug = models.SlugField(max_length=60, blank=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()

    class Meta:
        verbose_name = _("comment of a reviewer")
        verbose_name_plural = _("comments of reviewers")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.title}: {self.text[:40]}"


class ContradictionAnswer(models.Model):
    """Why a sentence may stay although it seems to contradict a rule in force; it holds for these words and this rule.

    `key` is the digest of both, so that a new rule or another sentence asks anew.
    """

    key = models.CharField(max_length=64, unique=True)
    slug = models.SlugField(max_length=60)
    sentence = models.TextField()
    rule = models.TextField()
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("answer to a contradiction")
        verbose_name_plural = _("answers to contradictions")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.sentence[:60]
