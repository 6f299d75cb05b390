"""Open and close surveys. What answers are counted by is frozen once a survey was open; its words may be asked anew."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.models import User
from surveys import readiness, versions
from surveys.models import Survey, Version
from surveys.readiness import Problem


class FrozenError(Exception):
    """Something that must not change any more, because answers are counted by it."""


class NotReadyError(Exception):
    """The survey cannot be asked as it is written; `problems` says why. If none of them blocks, it may be accepted."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems

    @property
    def may_be_accepted(self) -> bool:
        return not any(problem.is_blocking for problem in self.problems)


def problems(survey: Survey) -> list[Problem]:
    """What is wrong with the survey as it is written now."""
    return readiness.problems(versions.content_of(survey), thanks_url=survey.thanks_url)


def open_survey(survey: Survey, *, accepts_gaps: bool = False, by: User | None = None) -> Version:
    """Let people be asked and answer; from the first time on kind, scale, thresholds and purpose are frozen.

    Raises NotReadyError: always if a problem blocks; if only translations are missing, unless that is accepted.
    """
    with transaction.atomic():
        _refuse_unless_ready(survey, accepts_gaps=accepts_gaps)
        survey.status = Survey.Status.OPEN
        survey.opened_at = survey.opened_at or timezone.now()
        if found := survey.scale.steps:
            survey.middle_from, survey.good_from = found
        survey.save(update_fields=["status", "opened_at", "middle_from", "good_from"])
        return versions.ensure(survey, by=by)


def ask_anew(survey: Survey, *, accepts_gaps: bool = False, by: User | None = None) -> Version:
    """Ask from now on what the survey says now. Who was asked before keeps the version they were asked.

    Raises NotReadyError as opening does.
    """
    with transaction.atomic():
        _refuse_unless_ready(survey, accepts_gaps=accepts_gaps)
        return versions.ensure(survey, by=by)


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


def refuse_if_frozen(survey: Survey) -> None:
    if survey.opened_at is not None:
        raise FrozenError(
            _(
                "The survey was open already. Answers are counted by its kind, scale, thresholds and purpose, "
                "so these stay as they are. To ask otherwise, make a new survey."
            )
        )


def _refuse_unless_ready(survey: Survey, *, accepts_gaps: bool) -> None:
    found = problems(survey)
    if any(problem.is_blocking for problem in found) or (found and not accepts_gaps):
        raise NotReadyError(found)
