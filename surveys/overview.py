"""Surveys side by side: each in one line, and the one true score of several together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kpiproject.lib.periods import Period
from surveys import employees, results, scores
from surveys.counting import OVERALL, STAGE
from surveys.models import Survey
from surveys.readings import Reading
from surveys.results import Stages
from surveys.scores import Score
from surveys.sums import NOTHING, Sums


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A survey in one line, over all times. `last` is the day of the last answer that can be shown."""

    survey: Survey
    sums: Sums
    score: Score
    stages: Stages
    last: date | None

    @property
    def is_withheld(self) -> bool:
        """Of employees too few have answered to tell even how many."""
        return self.survey.is_anonymous and self.last is None


def summaries(surveys: Sequence[Survey], zone: str, *, today: date) -> list[Summary]:
    reading = Reading([survey.pk for survey in surveys], zone, dimensions=[OVERALL], has_questions=False)
    given, asked = reading.by_survey([OVERALL]), reading.by_survey([STAGE])
    days = employees.all_released(surveys, reading, today=today)
    released = employees.all_stages(surveys, reading)
    found = []
    for survey in surveys:
        sums, last = days[survey.pk] if survey.is_anonymous else given.get((survey.pk, ""), (NOTHING, None))
        counts = {name: sums.n for (survey_id, name), (sums, _last) in asked.items() if survey_id == survey.pk}
        found.append(
            Summary(
                survey=survey,
                sums=sums,
                score=scores.of_sums(survey.scale, sums),
                stages=released[survey.pk] if survey.is_anonymous else results.stages_of(counts),
                last=last,
            )
        )
    return found


class NotPoolableError(Exception):
    """These surveys have no common score; the message is the sentence to show."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Several surveys as if they had been one: the score of all their answers, never a mean of their scores."""

    survey: Survey
    score: Score
    sums: Sums
    parts: Sequence[tuple[Survey, Sums, Score]]


def pool(surveys: Sequence[Survey], zone: str, period: Period, *, today: date) -> Pool:
    """Raises NotPoolableError unless all ask the same kind on the same scale with the same thresholds.

    Shares on different scales are not pooled either: 4 of 5 and 5 of 7 are not the same opinion, so a mixture of them
    would change with the mixture.
    """
    check_poolable(surveys)
    reading = Reading([survey.pk for survey in surveys], zone, dimensions=[OVERALL], has_questions=False)
    scale = surveys[0].scale
    parts = []
    for survey in surveys:
        if survey.is_anonymous:
            sums = employees.released(survey.pk, reading, [], today=today).within(period).sums()
        else:
            days = {place.day: sums for place, sums in reading.by_day([OVERALL], survey_ids=[survey.pk]).items()}
            sums = results.total(days, period.start, period.end)
        parts.append((survey, sums, scores.of_sums(scale, sums)))
    together = sum((sums for _survey, sums, _score in parts), NOTHING)
    return Pool(survey=surveys[0], score=scores.of_sums(scale, together), sums=together, parts=parts)


def check_poolable(surveys: Sequence[Survey]) -> None:
    if len(surveys) < 2:
        raise NotPoolableError(_("Choose at least two surveys; one alone is not a pool."))
    first = surveys[0]
    for survey in surveys[1:]:
        names = {"one": first.name, "other": survey.name}
        if survey.kind != first.kind:
            raise NotPoolableError(_("“%(one)s” and “%(other)s” ask different kinds of questions.") % names)
        if (survey.scale.low, survey.scale.high) != (first.scale.low, first.scale.high):
            raise NotPoolableError(
                _("“%(one)s” and “%(other)s” have different scales, on which the same number means something else.")
                % names
            )
        if (survey.scale.lower_is_better, survey.scale.steps) != (first.scale.lower_is_better, first.scale.steps):
            raise NotPoolableError(
                _("“%(one)s” and “%(other)s” judge the same number differently: their thresholds are not the same.")
                % names
            )
