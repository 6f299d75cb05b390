"""Open and close surveys. What a score means is fixed by the kind, and the kind is fixed once a survey was open."""

from django.utils import timezone
from django.utils.translation import gettext as _

from surveys import scales
from surveys.models import Survey


class FrozenError(Exception):
    """Something that must not change any more, because answers are counted by it."""


def apply_kind(survey: Survey) -> None:
    """Give a survey the scale of its kind, and the kind's own labels where none were written. Saves nothing."""
    kind = scales.KINDS[survey.kind]
    if survey.opened_at is not None and (survey.scale_min, survey.scale_max) != (kind.low, kind.high):
        raise FrozenError(_("The survey was open already, so its kind and scale stay as they are."))
    survey.scale_min, survey.scale_max = kind.low, kind.high
    survey.low_label = survey.low_label or str(kind.low_label)
    survey.high_label = survey.high_label or str(kind.high_label)


def open_survey(survey: Survey) -> None:
    """Let people be asked and answer; the first time is kept, because from then on kind and scale are frozen."""
    survey.status = Survey.Status.OPEN
    survey.opened_at = survey.opened_at or timezone.now()
    survey.save(update_fields=["status", "opened_at"])


def close_survey(survey: Survey) -> None:
    """Take no answers any more; what was answered stays."""
    survey.status = Survey.Status.CLOSED
    survey.save(update_fields=["status"])


def publish(survey: Survey) -> None:
    """Let anybody who knows the public address answer, while the survey is open."""
    survey.has_public_link = True
    survey.save(update_fields=["has_public_link"])


def withdraw(survey: Survey) -> None:
    """Take the public address away; answers given by it stay."""
    survey.has_public_link = False
    survey.save(update_fields=["has_public_link"])
